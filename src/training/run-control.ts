/** Steers a run while it goes on: pauses it, lets it take single steps, changes its learning rate. */

import { type Breakpoints, noBreakpoints } from '../protocol/breakpoints';
import type { Inspection } from './inspection/inspection';

/** What a run asks, once a chunk of steps, and what somebody else answers meanwhile. */
export class RunControl {
  #left = Number.POSITIVE_INFINITY;
  #waiting = false;
  #wake: (() => void) | undefined;
  #waiters: (() => void)[] = [];
  #learningRate: number | undefined;

  /** Answers questions about the tensors of the run, which must be resting; set by the run. */
  inspection: Inspection | undefined;
  /** When the run pauses by itself. */
  breakpoints: Breakpoints = noBreakpoints;

  /** @param onChange is called when the run has come to rest, and when it goes on after that */
  constructor(private readonly onChange?: () => void) {}

  /** Whether no step is to be taken. */
  get paused(): boolean {
    return this.#left === 0;
  }

  /** Whether the run has seen that no step is to be taken. */
  get resting(): boolean {
    return this.#waiting;
  }

  /** Waits until a run that was asked to pause rests; false if it goes on instead. */
  async rested(): Promise<boolean> {
    while (this.paused && !this.#waiting) await new Promise<void>(resolve => this.#waiters.push(resolve));
    return this.#waiting;
  }

  /** No step is taken after those under way. */
  pause(): void {
    this.#left = 0;
  }

  /** Steps are taken again. */
  continue(): void {
    this.#allow(Number.POSITIVE_INFINITY);
  }

  /** Takes some steps, and pauses. */
  step(count: number): void {
    this.#allow(Number.isFinite(this.#left) ? this.#left + count : count);
  }

  /** The learning rate that was asked for since this was called last; undefined where none was. */
  takeLearningRate(): number | undefined {
    const asked = this.#learningRate;
    this.#learningRate = undefined;
    return asked;
  }

  /** Asks for a learning rate from the next chunk of steps on. */
  set learningRate(lr: number) {
    this.#learningRate = lr;
  }

  /**
   * Asks for steps; waits while the run is paused.
   * @returns how many of `wanted` may be taken; 0 when `signal` has ended the wait
   */
  async permit(wanted: number, signal?: AbortSignal): Promise<number> {
    while (this.#left === 0 && !signal?.aborted) await this.#change(signal);
    if (signal?.aborted) return 0;
    const count = Math.min(wanted, this.#left);
    this.#left -= count;
    return count;
  }

  #tellWaiters(): void {
    for (const tell of this.#waiters.splice(0)) tell();
  }

  #allow(steps: number): void {
    this.#left = steps;
    this.#wake?.();
    this.#tellWaiters();
  }

  async #change(signal?: AbortSignal): Promise<void> {
    this.#waiting = true;
    this.onChange?.();
    this.#tellWaiters();
    await new Promise<void>(resolve => {
      this.#wake = resolve;
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#wake = undefined;
    this.#waiting = false;
    this.onChange?.();
  }
}
