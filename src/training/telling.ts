/** What a run tells while it goes on: everything to `metrics.jsonl`, and to the caller what it can follow. */
import type { EndEvent, EpochEvent, StartEvent, StoppedEvent } from '../protocol/training-events';
import type { MetricsFile } from './metrics-file';
import type { RunObserver } from './run';

/** Milliseconds between two step events: at most 20 a second. */
const interval = 50;

/** What is written down of some steps. */
export interface StepsLine {
  /** The last of them. */
  readonly step: number;
  readonly epoch: number;
  readonly losses: readonly number[];
  readonly learningRate: number;
  /** Seconds that all steps of the run have taken up to the last of these. */
  readonly seconds: number;
  /** The L2 norm of all gradients together, of the last step, where it was looked at. */
  readonly gradientNorms?: readonly number[];
}

/** Tells about one run. */
export class Telling {
  #last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly metrics: MetricsFile,
    private readonly observer: RunObserver,
  ) {}

  /** The run begins, or goes on. */
  start(event: StartEvent): void {
    this.observer.onEvent(event);
  }

  /** Writes down some steps; tells the last one if the time for it has come. */
  steps(line: StepsLine): void {
    const { step, epoch, losses } = line;
    const loss = losses.at(-1);
    if (loss === undefined) return;
    this.metrics.append({ event: 'steps', ...line });
    const now = performance.now();
    if (now - this.#last < interval) return;
    this.#last = now;
    this.observer.onEvent({ event: 'step', step, epoch, loss });
  }

  /** Writes down what happened after `step`, to be told when it is safe on disk. */
  record(step: number, event: EpochEvent | EndEvent | StoppedEvent): void {
    this.metrics.append({ ...event, step });
  }

  /** Tells what was written down. */
  tell(event: EpochEvent | EndEvent | StoppedEvent): void {
    this.observer.onEvent(event);
  }
}
