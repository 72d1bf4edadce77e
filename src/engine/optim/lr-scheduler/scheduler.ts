/**
 * What schedules of the learning rate have in common. A scheduler is stepped after the optimizer, once an epoch or once
 * a step, and writes the learning rates of the optimizer's groups. All that it remembers is one object, in the form in
 * which PyTorch saves it.
 */
import type { Optimizer } from '../optimizer';

/** What every scheduler remembers, by PyTorch's names. */
export type CommonState = {
  base_lrs: number[];
  /** Counts the steps, from 0 on. */
  last_epoch: number;
  verbose: boolean;
  _step_count: number;
  _get_lr_called_within_step: boolean;
  _last_lr: number[];
};

/** The state of a scheduler with settings of its own. */
export type SchedulerState<Own> = CommonState & Own;

/** What the schedulers that are stepped without a metric can do. */
export interface Scheduler {
  readonly optimizer: Optimizer;
  /** Goes to the next step, and writes its learning rates. */
  step(): void;
  /** The learning rate of each group, as the scheduler last wrote it. */
  getLastLr(): readonly number[];
}

/** The base of the schedulers that follow from the number of the step. The constructor of each ends with `start()`. */
export abstract class LRScheduler<Own extends object> implements Scheduler {
  protected state: SchedulerState<Own>;

  /** @param own settings by PyTorch's names */
  constructor(
    readonly optimizer: Optimizer,
    own: Own,
  ) {
    for (const { schedule, settings } of optimizer.paramGroups) {
      if (!schedule.has('initial_lr')) schedule.set('initial_lr', settings.lr);
    }
    this.state = {
      ...own,
      base_lrs: optimizer.paramGroups.map(({ schedule }) => schedule.get('initial_lr') ?? 0),
      last_epoch: -1,
      verbose: false,
      _step_count: 0,
      _get_lr_called_within_step: false,
      _last_lr: [],
    };
  }

  /** The learning rates of this step, which may follow from those of the one before. */
  protected abstract getLr(): number[];

  /** The learning rates of any step, from the number of the step alone; undefined where there is no such formula. */
  protected closedForm(): number[] | undefined {
    return undefined;
  }

  /** The learning rates that the groups have now. */
  protected get rates(): number[] {
    return this.optimizer.paramGroups.map(({ settings }) => settings.lr);
  }

  /** Begins at the first step (`_initial_step`). */
  start(): void {
    this.state._step_count = 0;
    this.step();
  }

  /** Takes back the step with which it began: for `SequentialLR`, which begins with one of its schedulers only. */
  unstart(): void {
    this.state.last_epoch--;
  }

  step(): void {
    this.state._step_count++;
    this.state.last_epoch++;
    this.write(this.getLr());
  }

  /** Goes to a step of any number (`step(epoch)`). */
  stepTo(epoch: number): void {
    this.state._step_count++;
    this.state.last_epoch = epoch;
    this.write(this.closedForm() ?? this.getLr());
  }

  /** Gives each group its learning rate. */
  protected write(rates: readonly number[]): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      group.settings.lr = rates[i] ?? group.settings.lr;
    });
    this.state._last_lr = this.rates;
  }

  getLastLr(): readonly number[] {
    return this.state._last_lr;
  }

  /** All that it remembers, settings too, by PyTorch's names. */
  stateDict(): SchedulerState<Own> {
    return structuredClone(this.state);
  }

  /** Goes on from a saved state. */
  loadStateDict(saved: SchedulerState<Own>): void {
    this.state = structuredClone(saved);
  }
}
