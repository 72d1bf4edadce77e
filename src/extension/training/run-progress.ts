/** What is known of a run in progress, put together from what it tells. */
import type { EpochEvent, StartEvent, TrainingEvent } from '../../protocol/training-events';

/** A run in progress. */
export interface RunProgress {
  readonly start: StartEvent | undefined;
  /** Counted from 1; 0 before the first step. */
  readonly epoch: number;
  readonly step: number;
  readonly loss: number | undefined;
  /** The last epoch that is over. */
  readonly last: EpochEvent | undefined;
  /** How the run ended, as it told itself. */
  readonly outcome: Extract<TrainingEvent, { event: 'end' | 'stopped' | 'error' }> | undefined;
}

/** Before anything was told. */
export const noProgress: RunProgress = {
  start: undefined,
  epoch: 0,
  step: 0,
  loss: undefined,
  last: undefined,
  outcome: undefined,
};

/** What is known after another event. */
export function advance(progress: RunProgress, event: TrainingEvent): RunProgress {
  switch (event.event) {
    case 'start':
      return { ...noProgress, start: event, step: event.step };
    case 'step':
      return { ...progress, step: event.step, epoch: event.epoch, loss: event.loss };
    case 'epoch':
      return { ...progress, epoch: event.epoch, last: event };
    case 'end':
    case 'stopped':
    case 'error':
      return { ...progress, outcome: event };
    default:
      return progress;
  }
}

/** The share of the steps that is done, from 0 to 1. */
export function shareDone({ start, step }: RunProgress): number {
  if (start === undefined) return 0;
  return Math.min(1, step / Math.max(1, start.epochs * start.stepsPerEpoch));
}
