/** A thread that reads files for a page, seen from the extension host. Knows nothing of VS Code. */
import { type ResourceLimits, Worker } from 'node:worker_threads';

/** Who follows a thread. */
export interface ReaderListener {
  /** A message for the page. */
  onMessage(message: unknown): void;
  /** The thread has failed; the next message begins another one. */
  onFailure(reason: string): void;
}

/** A thread that is begun when there is something to read, and begun anew after it has failed. */
export class ReaderThread {
  #worker: Worker | undefined;

  /**
   * @param module the bundle of the thread
   * @param given what the thread is told to read; plain data
   * @param limits how much memory it may take: beyond that it fails, and nothing else does
   */
  constructor(
    private readonly module: string,
    private readonly given: unknown,
    private readonly listener: ReaderListener,
    private readonly limits?: ResourceLimits,
  ) {}

  /** Begins to read before anybody asks, while the page is still being loaded. */
  start(): void {
    this.#worker ??= this.#begin();
  }

  /** Hands on a message of the page. */
  post(message: unknown): void {
    this.#worker ??= this.#begin();
    this.#worker.postMessage(message);
  }

  /** Ends the thread; what it had read is forgotten. */
  dispose(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }

  #begin(): Worker {
    const worker = new Worker(this.module, {
      workerData: this.given,
      ...(this.limits !== undefined && { resourceLimits: this.limits }),
    });
    const isCurrent = () => this.#worker === worker;
    worker.on('message', (message: unknown) => {
      if (isCurrent()) this.listener.onMessage(message);
    });
    worker.on('error', error => {
      if (!isCurrent()) return;
      this.#worker = undefined;
      this.listener.onFailure(error instanceof Error ? error.message : String(error));
    });
    return worker;
  }
}
