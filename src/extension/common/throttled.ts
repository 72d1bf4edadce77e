/** Something that is done again and again, but not too often. */

/** Calls `body` at once where it has rested, and else once the rest is over. */
export class Throttled {
  #timer: NodeJS.Timeout | undefined;
  #last = Number.NEGATIVE_INFINITY;

  /** @param interval milliseconds between two calls of `body` */
  constructor(
    private readonly interval: number,
    private readonly body: () => void,
  ) {}

  /** Asks for a call. Any number of them while `body` rests make one. */
  call(): void {
    const wait = this.#last + this.interval - performance.now();
    if (wait <= 0 && this.#timer === undefined) this.#now();
    else this.#timer ??= setTimeout(() => this.#now(), wait);
  }

  /** Forgets what was asked for. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #now(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    this.body();
  }
}
