/** A training process that is started before a run is: while the data is looked for, or the person still chooses. */
import type { ChildProcess } from 'node:child_process';
import { startTrainer, type TrainerProgram } from './start-trainer';

/** At most one process, which waits for a run. */
export class ReadyTrainer {
  #child: ChildProcess | undefined;

  constructor(private readonly program: TrainerProgram) {}

  /** The process that waits. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts a process, unless one waits already. */
  prepare(): void {
    if (!isThere(this.#child)) this.#child = startTrainer(this.program);
  }

  /** The process that waits, or another one. From now on it is the caller's. */
  take(): ChildProcess {
    this.prepare();
    const child = this.#child ?? startTrainer(this.program);
    this.#child = undefined;
    return child;
  }

  /** No run is begun after all: the process ends. */
  dispose(): void {
    if (this.#child?.connected) this.#child.disconnect();
    this.#child = undefined;
  }
}

/** Whether a process can be asked for something: one that has ended meanwhile tells nobody of it any more. */
function isThere(child: ChildProcess | undefined): boolean {
  return child?.connected === true && child.exitCode === null && child.signalCode === null;
}
