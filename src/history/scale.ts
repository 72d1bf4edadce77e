/**
 * From steps to what a horizontal axis counts and back, by straight lines between known moments: epoch 2 ended
 * at step 1874, after 0.9 seconds. Before the first moment and after the last the nearest line goes on.
 */
import { Column } from './column';

/** A rising, piecewise linear function of the step that begins at (0, 0). */
export class StepScale {
  readonly #steps = new Column();
  readonly #values = new Column();

  /** `slope` is how much a step counts while no moment is known. */
  constructor(private slope: number) {
    this.#steps.push(0);
    this.#values.push(0);
  }

  /** Whether moments are known, and not only a slope. */
  get known(): boolean {
    return this.#steps.length > 1;
  }

  /** The last known moment. */
  get last(): { readonly step: number; readonly value: number } {
    return { step: this.#steps.last, value: this.#values.last };
  }

  /** Says how much a step counts while no moment is known. */
  guess(slope: number): void {
    if (slope > 0 && Number.isFinite(slope)) this.slope = slope;
  }

  /** Adds a moment; one that is not after the last in both step and value is passed over. */
  add(step: number, value: number): void {
    if (step > this.#steps.last && value > this.#values.last) {
      this.#steps.push(step);
      this.#values.push(value);
    }
  }

  /** Forgets the moments after `step`. */
  truncateAfter(step: number): void {
    const length = Math.max(1, this.#steps.lowerBound(step + 1));
    this.#steps.truncate(length);
    this.#values.truncate(length);
  }

  /** What the axis shows at a step. */
  value(step: number): number {
    return this.#between(this.#steps, this.#values, step, this.slope);
  }

  /** The step, with its fraction, at which the axis shows a value. */
  step(value: number): number {
    return this.#between(this.#values, this.#steps, value, 1 / this.slope);
  }

  #between(from: Column, to: Column, at: number, slope: number): number {
    if (!this.known) return at * slope;
    const right = Math.min(Math.max(1, from.lowerBound(at)), from.length - 1);
    const [x0, x1, y0, y1] = [from.at(right - 1), from.at(right), to.at(right - 1), to.at(right)];
    return y0 + ((at - x0) * (y1 - y0)) / (x1 - x0);
  }
}
