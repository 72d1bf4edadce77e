/** Asks for something again and again, but never twice at once: what is asked meanwhile is asked when that is done. */
export class Feed {
  #busy = false;
  #again = false;

  /** @param rest milliseconds from an answer to the next question at least */
  constructor(
    private readonly ask: () => Promise<void>,
    private readonly rest = 0,
  ) {}

  /** Asks, now or as soon as the last answer is there. */
  refresh(): void {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    this.ask()
      .catch(() => undefined)
      .finally(() => {
        if (this.rest > 0) setTimeout(() => this.#rested(), this.rest);
        else this.#rested();
      });
  }

  #rested(): void {
    this.#busy = false;
    if (!this.#again) return;
    this.#again = false;
    this.refresh();
  }
}
