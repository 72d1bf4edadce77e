/** Collects what a run tells, so that however fast it goes, little is sent. */
import type { TrainingEvent } from '../protocol/training-events';

/** Milliseconds between two batches: at most 20 a second. */
const interval = 50;

/** Collects events and hands them on in batches, in their order. */
export class EventBatcher {
  #events: TrainingEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(private readonly send: (events: readonly TrainingEvent[]) => void) {}

  /** Takes an event; it is sent within 50 ms. */
  add(event: TrainingEvent): void {
    this.#events.push(event);
    const wait = this.#last + interval - performance.now();
    if (wait <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), wait);
  }

  /** Sends what is there. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#events.length === 0) return;
    this.#last = performance.now();
    this.send(this.#events.splice(0));
  }
}
