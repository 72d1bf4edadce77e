/**
 * Fills the pixels of a data set in the background, in the order in which they are wanted. Who needs samples waits
 * for these alone: training begins with the first images, and is as fast as they come.
 */
import { count, type DataError } from '../data-error';
import { DataQuestion, leaveOut } from '../data-question';
import type { PendingRows } from '../image-data';
import type { ImageForm } from '../images/jobs';
import type { ImageThreads } from '../images/threads';

/** Images and bytes of pixels in one job: small, so that the first batch is soon there. */
const MOST_IMAGES = 64;
const MOST_BYTES = 1 << 22;

/** The images of one part of a data set. */
export interface ImageList {
  readonly files: readonly string[];
  readonly pixels: Uint8Array;
}

/** A file that cannot be used. */
export interface BadImage {
  /** Where it stands in its part. */
  readonly row: number;
  readonly reason: string;
}

/** Fills the pixels of one part. */
export class ImageLoader implements PendingRows {
  /** Of each row: 0 not asked for, 1 on its way, 2 there. */
  readonly #state: Uint8Array;
  readonly stamps: Float64Array;
  readonly bad: BadImage[] = [];
  resized = 0;
  /** Called when more rows are there. */
  onChange: () => void = () => undefined;
  #left: number;
  /** Rows that are wanted before all others, and then those of an epoch, in its order. */
  #urgent: number[] = [];
  #order: ArrayLike<number> = [];
  #next = 0;
  #rest = 0;
  #waiting: (() => void)[] = [];
  #failure: Error | undefined;
  #running: Promise<unknown> | undefined;

  /** @param onStop what a bad file does: unless it is `skip`, whoever needs it gets an error */
  constructor(
    private readonly list: ImageList,
    private readonly form: ImageForm,
    private readonly threads: ImageThreads,
    private readonly onBadFile: 'stop' | 'skip',
  ) {
    this.#state = new Uint8Array(list.files.length);
    this.stamps = new Float64Array(2 * list.files.length);
    this.#left = list.files.length;
  }

  /** Rows that are not there yet. */
  get left(): number {
    return this.#left;
  }

  expect(rows: ArrayLike<number>): void {
    this.#order = rows;
    this.#next = 0;
  }

  async need(rows: ArrayLike<number>): Promise<void> {
    if (this.#left === 0 && this.#failure === undefined) return;
    for (let i = rows.length - 1; i >= 0; i--) {
      const row = rows[i] ?? 0;
      if (this.#state[row] === 0) this.#urgent.push(row);
    }
    // Whoever needs them does not wait for other parts of the data set to be read before.
    void this.run();
    for (let i = 0; i < rows.length; ) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#state[rows[i] ?? 0] === 2) i++;
      else await this.#change();
    }
  }

  ready(rows: ArrayLike<number>): number {
    if (this.#left === 0) return rows.length;
    let n = 0;
    while (n < rows.length && this.#state[rows[n] ?? 0] === 2) n++;
    return n;
  }

  get room(): number {
    return this.list.files.length;
  }

  async all(): Promise<void> {
    while (this.#left > 0) {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#change();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  abandon(): void {
    this.threads.close();
  }

  /** Reads all rows, as many at once as keep the threads busy. */
  run(): Promise<unknown> {
    this.#running ??= Promise.all(Array.from({ length: this.threads.capacity }, () => this.#lane()));
    return this.#running;
  }

  async #lane(): Promise<void> {
    for (let rows = this.#take(); rows.length > 0 && !this.#failure; rows = this.#take()) {
      await this.#read(rows);
    }
  }

  /** The next rows to read; none when all have been asked for. */
  #take(): number[] {
    const { width, height } = this.form.size;
    const most = Math.max(
      1,
      Math.min(MOST_IMAGES, Math.floor(MOST_BYTES / (width * height * this.form.channels))),
    );
    const rows: number[] = [];
    while (rows.length < most) {
      const row = this.#nextRow();
      if (row === undefined) break;
      if (this.#state[row] !== 0) continue;
      this.#state[row] = 1;
      rows.push(row);
    }
    return rows;
  }

  #nextRow(): number | undefined {
    const urgent = this.#urgent.pop();
    if (urgent !== undefined) return urgent;
    if (this.#next < this.#order.length) return this.#order[this.#next++];
    return this.#rest < this.#state.length ? this.#rest++ : undefined;
  }

  async #read(rows: readonly number[]): Promise<void> {
    const { size, channels } = this.form;
    const each = size.width * size.height * channels;
    try {
      const files = rows.map(row => this.list.files[row] ?? '');
      const job = { kind: 'decode', files, ...this.form } as const;
      const { pixels, bad, resized, stamps } = await this.threads.ask(job);
      for (const [i, row] of rows.entries()) {
        this.list.pixels.set(pixels.subarray(i * each, (i + 1) * each), row * each);
        this.stamps.set(stamps.subarray(2 * i, 2 * i + 2), 2 * row);
        this.#state[row] = 2;
      }
      this.resized += resized.length;
      this.#left -= rows.length;
      this.onChange();
      for (const { index, reason } of bad) this.#isBad(rows[index] ?? 0, reason);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    }
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #isBad(row: number, reason: string): void {
    this.bad.push({ row, reason });
    if (this.onBadFile === 'skip') return;
    this.#failure ??= badFile(this.list.files[row] ?? '', reason);
  }

  #change(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve);
    });
  }
}

/** The error for a file that cannot be used. */
export function badFile(file: string, reason: string): DataError {
  return new DataQuestion(
    file,
    `${reason}; repair or remove the file, or leave out such files (--on-bad-file skip)`,
    [leaveOut('files')],
  );
}

/** How many files were left out, and which: the first few by name. */
export function skippedNote(files: readonly string[]): string {
  const shown = files.slice(0, 3).join(', ');
  return `${count(files.length, 'unreadable file')} left out (${shown}${files.length > 3 ? ', …' : ''})`;
}
