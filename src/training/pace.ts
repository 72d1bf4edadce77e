/** How many steps are taken between two looks at what the caller asks for, and the waiting while it is paused. */
import type { RunObserver } from './run-observer';

/** Seconds that the steps between two looks should take. */
const chunkSeconds = 0.05;

/** The pace of a run. */
export class Pace {
  #chunk = 8;
  #rested = 0;

  constructor(private readonly observer: RunObserver) {}

  /** Milliseconds that the run was paused. */
  get rested(): number {
    return this.#rested;
  }

  /** How many steps would be taken now, if there were as many. */
  get wanted(): number {
    return this.#chunk;
  }

  /** How many of at most so many steps to take now; waits while the run is paused. 0 if it is to stop. */
  async next(most: number): Promise<number> {
    const { control, signal } = this.observer;
    const wanted = Math.min(this.#chunk, most);
    if (control === undefined) return signal?.aborted ? 0 : wanted;
    const asked = performance.now();
    const count = await control.permit(wanted, signal);
    this.#rested += performance.now() - asked;
    return count;
  }

  /** Learns how long steps take. */
  took(count: number, seconds: number): void {
    if (count !== this.#chunk) return;
    this.#chunk = Math.max(1, Math.round((count * chunkSeconds) / Math.max(seconds, 1e-4)));
  }
}
