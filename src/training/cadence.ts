/** How often something on the side may be done, so that it costs training no more than a small share of its time. */

/** Says when the time for it has come. */
export class Cadence {
  #last = Number.NEGATIVE_INFINITY;
  #interval: number;

  /**
   * @param share of the time that it may cost, between 0 and 1
   * @param shortest milliseconds between two times, however little it costs
   */
  constructor(
    private readonly share: number,
    private readonly shortest: number,
  ) {
    this.#interval = shortest;
  }

  /** Whether the time has come. */
  due(now = performance.now()): boolean {
    return now - this.#last >= this.#interval;
  }

  /** It was done, and cost so many milliseconds. */
  done(cost: number, now = performance.now()): void {
    this.#last = now;
    this.#interval = Math.max(this.shortest, cost / this.share);
  }
}
