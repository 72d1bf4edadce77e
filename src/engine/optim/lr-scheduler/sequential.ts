/** Schedules one after the other. */
import { EngineError } from '../../errors';
import type { Optimizer } from '../optimizer';
import type { LRScheduler, Scheduler, SchedulerState } from './scheduler';

/** What {@link SequentialLR} remembers, by PyTorch's names. */
export type SequentialState = {
  _milestones: number[];
  last_epoch: number;
  _last_lr: number[];
  _schedulers: SchedulerState<object>[];
};

/** Follows the first scheduler up to the first milestone, the second one up to the second, and so on. */
export class SequentialLR implements Scheduler {
  #lastEpoch = 0;
  #lastLr: readonly number[];

  constructor(
    readonly optimizer: Optimizer,
    private readonly schedulers: readonly LRScheduler<object>[],
    private milestones: readonly number[],
  ) {
    const stranger = schedulers.findIndex(scheduler => scheduler.optimizer !== optimizer);
    if (stranger !== -1) {
      throw new EngineError(
        'Sequential Schedulers expects all schedulers to belong to the same optimizer, but got schedulers ' +
          `at index ${stranger} to be different than the optimizer passed in.`,
      );
    }
    const [first] = schedulers;
    if (first === undefined || milestones.length !== schedulers.length - 1) {
      throw new EngineError(
        'Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone ' +
          `points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ${milestones.length}`,
      );
    }
    for (const { settings, schedule } of optimizer.paramGroups) {
      settings.lr = schedule.get('initial_lr') ?? settings.lr;
    }
    for (const scheduler of schedulers) scheduler.unstart();
    first.start();
    this.#lastLr = first.getLastLr();
  }

  step(): void {
    this.#lastEpoch++;
    const passed = this.milestones.filter(milestone => milestone <= this.#lastEpoch).length;
    const scheduler = this.schedulers[passed];
    if (scheduler === undefined) throw new Error('there is a scheduler after every milestone');
    if (passed > 0 && this.milestones[passed - 1] === this.#lastEpoch) scheduler.stepTo(0);
    else scheduler.step();
    this.#lastLr = scheduler.getLastLr();
  }

  getLastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** All that it and its schedulers remember, by PyTorch's names. */
  stateDict(): SequentialState {
    return {
      _milestones: [...this.milestones],
      last_epoch: this.#lastEpoch,
      _last_lr: [...this.#lastLr],
      _schedulers: this.schedulers.map(scheduler => scheduler.stateDict()),
    };
  }

  /** Goes on from a saved state. */
  loadStateDict(saved: SequentialState): void {
    this.milestones = [...saved._milestones];
    this.#lastEpoch = saved.last_epoch;
    this.#lastLr = [...saved._last_lr];
    this.schedulers.forEach((scheduler, i) => {
      const state = saved._schedulers[i];
      if (state !== undefined) scheduler.loadStateDict(state);
    });
  }
}
