/**
 * Images that have no room in memory all at once: a buffer of bounded size holds those that are needed and, decoded ahead
 * in the order of the epoch, those that will be needed next. Who was not needed for longest makes room.
 */
import type { PendingRows } from '../image-data';
import type { ImageForm } from '../images/jobs';
import type { ImageThreads } from '../images/threads';
import { badFile } from './image-loader';

/** Images in one job. */
const AT_ONCE = 32;

/** What a stream reads. */
export interface StreamedImages {
  readonly files: readonly string[];
  readonly form: ImageForm;
  /** Images that the buffer holds. */
  readonly capacity: number;
  /** The error for those who want all images at once. */
  readonly tooLarge: () => Error;
}

/** The images of one part. */
export class ImageStream implements PendingRows {
  readonly #each: number;
  readonly #buffer: Uint8Array;
  readonly #nothing: Uint8Array;
  /** Where in the buffer a row is; who was not needed for longest comes first. */
  readonly #slots = new Map<number, number>();
  readonly #free: number[];
  /** Rows on their way. */
  readonly #loading = new Map<number, Promise<void>>();
  #jobs = 0;
  #order: ArrayLike<number> = [];
  /** Where in the order it is, and up to where images were asked for. */
  #at = 0;
  #ahead = 0;
  #failure: Error | undefined;

  constructor(
    private readonly images: StreamedImages,
    private readonly threads: ImageThreads,
  ) {
    const { size, channels } = images.form;
    this.#each = size.width * size.height * channels;
    this.#buffer = new Uint8Array(images.capacity * this.#each);
    this.#nothing = new Uint8Array(this.#each);
    this.#free = Array.from({ length: images.capacity }, (_, slot) => slot);
  }

  /** Bytes that the buffer takes. */
  get bytes(): number {
    return this.#buffer.length;
  }

  /** The pixels of a row: a view, valid until others are needed. Zeros while it is not there. */
  sample(row: number): Uint8Array {
    const slot = this.#slots.get(row);
    return slot === undefined
      ? this.#nothing
      : this.#buffer.subarray(slot * this.#each, (slot + 1) * this.#each);
  }

  expect(rows: ArrayLike<number>): void {
    this.#order = rows;
    this.#at = 0;
    this.#ahead = 0;
    this.#readAhead();
  }

  async need(rows: ArrayLike<number>): Promise<void> {
    const wanted = Array.from(rows);
    if (wanted.length > this.images.capacity) throw this.images.tooLarge();
    this.#find(wanted);
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      for (const row of wanted) this.#touch(row);
      const missing = wanted.filter(row => !this.#slots.has(row));
      if (missing.length === 0) break;
      const unasked = missing.filter(row => !this.#loading.has(row));
      for (let i = 0; i < unasked.length; i += AT_ONCE) void this.#load(unasked.slice(i, i + AT_ONCE));
      await Promise.all(missing.map(row => this.#loading.get(row)));
    }
    this.#readAhead();
  }

  ready(rows: ArrayLike<number>): number {
    // What is further ahead may have to make room.
    const most = Math.min(rows.length, this.#window);
    let n = 0;
    while (n < most && this.#slots.has(rows[n] ?? 0)) n++;
    return n;
  }

  get room(): number {
    return this.#window;
  }

  async all(): Promise<void> {
    throw this.images.tooLarge();
  }

  abandon(): void {
    this.threads.close();
  }

  /** Rows of the order that are kept from where it is on: the rest is for rows out of the order. */
  get #window(): number {
    return Math.max(1, Math.floor(this.images.capacity / 2));
  }

  /** Finds the place in the order at which these rows stand. */
  #find(rows: readonly number[]): void {
    const end = Math.min(this.#order.length, this.#at + this.images.capacity + 1);
    for (let at = this.#at; at < end; at++) {
      if (this.#order[at] !== rows[0] || (rows.length > 1 && this.#order[at + 1] !== rows[1])) continue;
      this.#at = at;
      this.#ahead = Math.max(this.#ahead, at);
      return;
    }
  }

  #readAhead(): void {
    const end = Math.min(this.#order.length, this.#at + this.#window);
    while (this.#ahead < end && this.#jobs < this.threads.capacity && this.#failure === undefined) {
      const rows: number[] = [];
      while (this.#ahead < end && rows.length < AT_ONCE) {
        const row = this.#order[this.#ahead++] ?? 0;
        if (this.#slots.has(row)) this.#touch(row);
        else if (!this.#loading.has(row)) rows.push(row);
      }
      if (rows.length > 0) void this.#load(rows);
    }
  }

  #load(rows: readonly number[]): Promise<void> {
    const loading = this.#decode(rows).catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    });
    for (const row of rows) this.#loading.set(row, loading);
    return loading;
  }

  async #decode(rows: readonly number[]): Promise<void> {
    this.#jobs++;
    try {
      const files = rows.map(row => this.images.files[row] ?? '');
      const { pixels, bad } = await this.threads.ask({ kind: 'decode', files, ...this.images.form });
      const [first] = bad;
      if (first !== undefined) throw badFile(files[first.index] ?? '', first.reason);
      rows.forEach((row, i) => {
        const slot = this.#room();
        this.#buffer.set(pixels.subarray(i * this.#each, (i + 1) * this.#each), slot * this.#each);
        this.#slots.set(row, slot);
      });
    } finally {
      for (const row of rows) this.#loading.delete(row);
      this.#jobs--;
    }
    this.#readAhead();
  }

  /** A place in the buffer; whoever was not needed for longest loses its own. */
  #room(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const [oldest] = this.#slots;
    if (oldest === undefined) throw new Error('a buffer has room for a row');
    this.#slots.delete(oldest[0]);
    return oldest[1];
  }

  /** Somebody needs a row that is there. */
  #touch(row: number): void {
    const slot = this.#slots.get(row);
    if (slot === undefined) return;
    this.#slots.delete(row);
    this.#slots.set(row, slot);
  }
}
