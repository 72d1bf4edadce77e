/**
 * How the learning rate of a run changes while it goes on: one of PyTorch's schedulers, stepped after every epoch or,
 * for one cycle, after every step. All that a checkpoint needs of it is a few numbers; the rest follows from the
 * settings of the run.
 */
import { optim } from '../engine';
import type { SchedulerName } from '../protocol/choices';
import type { RunConfig } from './config';
import type { AnyOptimizer } from './optimizers';

const { LRScheduler, OneCycleLR, ReduceLROnPlateau, ...schedulers } = optim.lrScheduler;

/** Where a schedule stands. */
export interface ScheduleState {
  /** How often it was stepped. */
  readonly turn: number;
  /** The learning rate of the next step. */
  readonly rate: number;
  /** The learning rate that the schedule is drawn up for. */
  readonly base: number;
  /** How many turns the whole of it has; 0 where that does not matter. */
  readonly total: number;
  /** Of a plateau: the best loss, and the epochs since. */
  readonly best: number;
  readonly waited: number;
}

type Settings = Pick<RunConfig, 'scheduler' | 'lr' | 'epochs' | 'gamma' | 'stepSize' | 'schedulerPatience'> &
  Partial<Pick<RunConfig, 'schedulerOptions'>>;

/** The learning rate of one run. */
export class Schedule {
  #scheduler: optim.lrScheduler.LRScheduler<object> | optim.lrScheduler.ReduceLROnPlateau | undefined;
  #base: number;
  #turn = 0;
  #used: number | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly optimizer: AnyOptimizer,
    private readonly stepsPerEpoch: number,
  ) {
    this.#base = settings.lr;
    this.#begin();
  }

  /** Whether it is to be told of every step, with {@link afterStep}. */
  get everyStep(): boolean {
    return this.settings.scheduler === 'onecycle';
  }

  /** The learning rate that the last step was taken with; before the first, that of the first. */
  get rate(): number {
    return this.everyStep ? (this.#used ?? this.optimizer.lr) : this.optimizer.lr;
  }

  /** The learning rate that the schedule is drawn up for: what a run keeps as its setting. */
  get base(): number {
    return this.#base;
  }

  get #total(): number {
    const { scheduler, epochs } = this.settings;
    if (scheduler === 'cosine') return this.#option('T_max') ?? epochs;
    return scheduler === 'onecycle' ? Math.max(2, epochs * this.stepsPerEpoch) : 0;
  }

  /** A setting that a schedule was given by PyTorch's name. */
  #option(name: string): number | undefined {
    const value = this.settings.schedulerOptions?.[name];
    return typeof value === 'number' ? value : undefined;
  }

  /** A step was taken. */
  afterStep(): void {
    this.#used = this.optimizer.lr;
    // After its last turn a cycle is over, and its rate stays.
    if (this.#scheduler instanceof LRScheduler && this.#turn < this.#total - 1) {
      this.#turn++;
      this.#scheduler.step();
    }
  }

  /** An epoch is over, with this loss of the validation set (or the training set). */
  afterEpoch(loss: number): void {
    if (this.everyStep || this.#scheduler === undefined) return;
    this.#turn++;
    if (this.#scheduler instanceof ReduceLROnPlateau) this.#scheduler.step(loss);
    else this.#scheduler.step();
  }

  /** Goes on with another learning rate: the rest of the schedule is drawn up for as much more or less. */
  setRate(rate: number): void {
    if (this.#scheduler === undefined) {
      this.#base = rate;
      this.optimizer.lr = rate;
      return;
    }
    const factor = rate / this.optimizer.lr;
    const base = Number.isFinite(factor) ? this.#base * factor : rate;
    const state = { ...this.state, rate, base };
    this.#base = base;
    this.#begin();
    this.restore(state);
  }

  /** Where it stands. */
  get state(): ScheduleState {
    const scheduler = this.#scheduler;
    const { best, num_bad_epochs: waited } =
      scheduler instanceof ReduceLROnPlateau ? scheduler.stateDict() : { best: 0, num_bad_epochs: 0 };
    return {
      turn: this.#turn,
      rate: this.optimizer.lr,
      base: this.#base,
      total: this.#total,
      best,
      waited,
    };
  }

  /**
   * Goes on from where one like it stood. Where the settings have another learning rate since, or more epochs, the rest
   * of the schedule is drawn up for these.
   */
  restore({ turn, rate, base, total, best, waited }: ScheduleState): void {
    const scheduler = this.#scheduler;
    if (scheduler === undefined) return;
    this.#turn = turn;
    this.optimizer.lr = rate * (this.#base / base);
    if (scheduler instanceof ReduceLROnPlateau) {
      scheduler.loadStateDict({ ...scheduler.stateDict(), last_epoch: turn, best, num_bad_epochs: waited });
      return;
    }
    const _last_lr = [this.optimizer.lr];
    scheduler.loadStateDict({ ...scheduler.stateDict(), last_epoch: turn, _step_count: turn + 1, _last_lr });
    // Restarts remember where in a cycle they stand, which follows from the turn.
    if (this.everyStep || total !== this.#total || this.settings.scheduler === 'restarts')
      scheduler.stepTo(turn);
  }

  /** Remembers this very place; returns a function that comes back to it. */
  mark(): () => void {
    const { state } = this;
    const used = this.#used;
    return () => {
      this.restore(state);
      this.#used = used;
    };
  }

  /** Begins the schedule with its base as the learning rate. */
  #begin(): void {
    const { optimizer } = this;
    const { scheduler, gamma, stepSize, schedulerPatience: patience } = this.settings;
    if (scheduler === 'none') {
      optimizer.lr = this.#base;
      return;
    }
    for (const group of optimizer.paramGroups) {
      group.settings.lr = this.#base;
      group.schedule.set('initial_lr', this.#base);
    }
    this.#turn = 0;
    this.#scheduler =
      scheduler === 'plateau'
        ? new ReduceLROnPlateau(optimizer, { factor: gamma ?? 0.1, patience: patience ?? 2 })
        : scheduler === 'onecycle'
          ? this.#oneCycle()
          : this.#everyEpoch(scheduler, gamma ?? 0.1, stepSize ?? 1);
  }

  #oneCycle() {
    const [{ settings } = { settings: { lr: 0 } }] = this.optimizer.paramGroups;
    return new OneCycleLR(this.optimizer, this.#base, {
      totalSteps: this.#total,
      cycleMomentum: 'betas' in settings || 'momentum' in settings,
      pctStart: this.#option('pct_start') ?? 0.3,
      divFactor: this.#option('div_factor') ?? 25,
      finalDivFactor: this.#option('final_div_factor') ?? 1e4,
    });
  }

  /** One of those that are stepped after every epoch. */
  #everyEpoch(
    name: Exclude<SchedulerName, 'none' | 'plateau' | 'onecycle'>,
    gamma: number,
    stepSize: number,
  ): optim.lrScheduler.LRScheduler<object> {
    const { optimizer } = this;
    const { epochs, schedulerOptions: { milestones } = {} } = this.settings;
    const etaMin = this.#option('eta_min') ?? 0;
    switch (name) {
      case 'step':
        return new schedulers.StepLR(optimizer, stepSize, { gamma });
      case 'multistep': {
        const usual = [Math.ceil(epochs / 2), Math.ceil((3 * epochs) / 4)];
        return new schedulers.MultiStepLR(optimizer, Array.isArray(milestones) ? milestones : usual, {
          gamma,
        });
      }
      case 'exponential':
        return new schedulers.ExponentialLR(optimizer, gamma);
      case 'cosine':
        return new schedulers.CosineAnnealingLR(optimizer, this.#total, { etaMin });
      case 'restarts':
        return new schedulers.CosineAnnealingWarmRestarts(
          optimizer,
          this.#option('T_0') ?? Math.ceil(epochs / 3),
          {
            tMult: this.#option('T_mult') ?? 1,
            etaMin,
          },
        );
      case 'linear':
        return new schedulers.LinearLR(optimizer, {
          startFactor: this.#option('start_factor') ?? 1 / 3,
          endFactor: this.#option('end_factor') ?? 1,
          totalIters: this.#option('total_iters') ?? 5,
        });
    }
  }
}
