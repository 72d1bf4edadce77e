/** What a run tells while it goes on: everything to the files in its folder, and to the caller what it can follow. */

import type { Look } from '../protocol/looks';
import type {
  BreakpointEvent,
  EndEvent,
  EpochEvent,
  StartEvent,
  StoppedEvent,
} from '../protocol/training-events';
import type { RunFolder } from './run-folder';
import type { RunObserver, StepsLine } from './run-observer';
import { EventFile } from './tensorboard/event-file';

/** Milliseconds between two step events: at most 20 a second. */
const interval = 50;

/** Tells about one run. */
export class Telling {
  #last = Number.NEGATIVE_INFINITY;

  readonly #events: EventFile;

  constructor(
    private readonly folder: RunFolder,
    private readonly observer: RunObserver,
  ) {
    this.#events = new EventFile(folder.path);
  }

  /**
   * The run goes on after `step`: forgets what was told of later ones.
   * @returns the seconds that the steps before have taken, and the last step that was looked at
   */
  async resume(step: number): Promise<{ readonly seconds: number; readonly look: number | undefined }> {
    const metrics = await this.folder.metrics.truncate(step);
    const looks = await this.folder.looks.truncate(step);
    this.#events.resume(step);
    return { seconds: metrics?.seconds ?? 0, look: looks?.step };
  }

  /** The run begins, or goes on. */
  start(event: StartEvent): void {
    this.observer.onEvent(event);
  }

  /** Writes down some steps; tells the last one if the time for it has come. */
  steps(line: StepsLine): void {
    const { step, epoch, losses, learningRate } = line;
    const loss = losses.at(-1);
    if (loss === undefined) return;
    this.folder.metrics.append({ event: 'steps', ...line });
    this.#events.steps(line);
    const now = performance.now();
    // The last steps before a pause are told at once: nothing else will be for a while.
    if (now - this.#last < interval && !this.observer.control?.paused) return;
    this.#last = now;
    this.observer.onEvent({ event: 'step', step, epoch, loss, learningRate });
  }

  /** Writes down what happened after `step`, to be told when it is safe on disk. */
  record(step: number, event: EpochEvent | EndEvent | StoppedEvent | BreakpointEvent): void {
    this.folder.metrics.append({ ...event, step });
    if (event.event === 'epoch') this.#events.epoch(step, event);
  }

  /** Writes down what was seen in the network. */
  look(look: Look): void {
    this.folder.looks.append({ event: 'look', ...look });
    this.#events.look(look);
  }

  /** Closes the files. */
  close(): void {
    this.folder.metrics.close();
    this.folder.looks.close();
    this.#events.close();
  }

  /** Tells what was written down. */
  tell(event: EpochEvent | EndEvent | StoppedEvent | BreakpointEvent): void {
    this.observer.onEvent(event);
  }
}
