/**
 * The threads that read images: as many as there are processors, each with a job or two at a time, so that it
 * never waits for the next. They are started when there is something to read and end with the pool.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Answers, ImageJob } from './jobs';

/** More threads than this only wait for the disk. */
const MOST_THREADS = 8;
/** Jobs that a thread has at once: the one it works on, and the next. */
const JOBS_EACH = 2;

/** The program of a thread: beside the bundle, in the folder above it, or in the folder of bundles where the sources are run as they are. */
function program(): string {
  const places = ['./image-worker.js', '../image-worker.js', '../../../dist/image-worker.js'];
  const files = places.map(place => fileURLToPath(new URL(place, import.meta.url)));
  return files.find(file => existsSync(file)) ?? files[0] ?? '';
}

interface Waiting {
  readonly job: ImageJob;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** What it was asked and has not answered. */
  readonly asked: Waiting[];
}

/** Threads that read images. */
export class ImageThreads {
  readonly #threads: Thread[] = [];
  readonly #count: number;
  #failure: Error | undefined;

  /** @param count how many threads; as many as there are processors unless told */
  constructor(count = Math.min(MOST_THREADS, availableParallelism())) {
    this.#count = count;
  }

  /** How many jobs can be given before the first is answered, with all threads busy. */
  get capacity(): number {
    return this.#count * JOBS_EACH;
  }

  /** Has a job done by the thread that has the least to do. */
  ask<Kind extends ImageJob['kind']>(job: ImageJob & { readonly kind: Kind }): Promise<Answers[Kind]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    while (this.#threads.length < this.#count) this.#threads.push(this.#begin());
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new RangeError('there is no thread');
    const thread = others.reduce(
      (least, next) => (next.asked.length < least.asked.length ? next : least),
      first,
    );
    return new Promise<Answers[Kind]>((resolve, reject) => {
      // What a thread answers is of the kind of what it was asked: it is our own program.
      thread.asked.push({ job, resolve: answer => resolve(answer as Answers[Kind]), reject });
      if (thread.asked.length === 1) thread.worker.ref();
      thread.worker.postMessage(job);
    });
  }

  /** Ends the threads; who waits for an answer gets an error. */
  close(): void {
    this.#fail(new Error('the reading of images was stopped'));
  }

  #begin(): Thread {
    const worker = new Worker(program());
    const thread: Thread = { worker, asked: [] };
    // An idle thread keeps no program from ending.
    worker.unref();
    worker.on('message', (answer: unknown) => {
      thread.asked.shift()?.resolve(answer);
      if (thread.asked.length === 0) worker.unref();
    });
    worker.on('error', error => this.#fail(error instanceof Error ? error : new Error(String(error))));
    return thread;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { worker, asked } of this.#threads.splice(0)) {
      for (const { reject } of asked.splice(0)) reject(this.#failure);
      void worker.terminate();
    }
  }
}
