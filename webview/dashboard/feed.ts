/** Asks for something again and again, but never twice at once: what is asked meanwhile is asked when that is done. */
export class Feed {
  #busy = false;
  #again = false;

  constructor(private readonly ask: () => Promise<void>) {}

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
        this.#busy = false;
        if (!this.#again) return;
        this.#again = false;
        this.refresh();
      });
  }
}
