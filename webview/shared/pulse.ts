/** Notices that the other end of a wire does not answer any more, and that it does again. */

/** Milliseconds between two questions, and after which nobody is there if none was answered. */
const interval = 2000;
const patience = 8000;

/** What is done about it. */
export interface PulseEvents {
  ask(): void;
  onLost(): void;
  onBack(): void;
}

/** Asks while somebody looks at the page. Only who has answered once can be missed. */
export class Pulse {
  #answered = false;
  #lost = false;
  /** When the first question was asked that is not answered yet. */
  #since: number | undefined;

  constructor(private readonly events: PulseEvents) {
    this.events.ask();
    setInterval(() => this.#beat(), interval);
  }

  /** The other end has answered. */
  answer(): void {
    this.#answered = true;
    this.#since = undefined;
    if (!this.#lost) return;
    this.#lost = false;
    this.events.onBack();
  }

  #beat(): void {
    if (document.hidden) {
      this.#since = undefined;
      return;
    }
    const now = performance.now();
    if (this.#answered && !this.#lost && now - (this.#since ?? now) >= patience) {
      this.#lost = true;
      this.events.onLost();
    }
    this.#since ??= now;
    this.events.ask();
  }
}
