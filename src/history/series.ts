/** One measured quantity of a run: values, the steps at which they were measured, and their moving average. */
import { Column } from './column';
import { type Extent, Pyramid } from './pyramid';

/**
 * The debiased exponential moving average, as TensorBoard draws it: divided by the sum of its weights, so that
 * it does not start near zero. It is computed once and then only for what is new.
 */
class MovingAverage {
  readonly values = new Column();
  #sum = 0;
  #weights = 0;

  constructor(readonly weight: number) {}

  follow(source: Pyramid): void {
    for (let i = this.values.length; i < source.length; i++) {
      const value = source.at(i);
      if (Number.isNaN(value)) {
        this.values.push(Number.NaN);
        continue;
      }
      this.#sum = this.#sum * this.weight + value * (1 - this.weight);
      this.#weights = this.#weights * this.weight + (1 - this.weight);
      this.values.push(this.#sum / this.#weights);
    }
  }
}

/** One measured quantity of a run. */
export class Series {
  readonly #steps = new Column();
  readonly #values = new Pyramid();
  #average: MovingAverage | undefined;

  /** How many values there are. */
  get length(): number {
    return this.#steps.length;
  }

  /** The step at which the last value was measured. */
  get lastStep(): number {
    return this.#steps.last;
  }

  /** Adds a value that was measured at a step after all others; NaN for a gap. */
  push(step: number, value: number): void {
    this.#steps.push(step);
    this.#values.push(value);
  }

  /** Says that the last value held up to this step: of values that stay as they are the first and the last are kept. */
  hold(step: number): void {
    const value = this.value(this.length - 1);
    if (this.length > 1 && this.value(this.length - 2) === value) this.#steps.replaceLast(step);
    else if (step > this.lastStep) this.push(step, value);
  }

  /** Forgets what was measured after `step`. */
  truncateAfter(step: number): void {
    if (!(this.lastStep > step)) return;
    const length = this.indexOf(step + 1);
    this.#steps.truncate(length);
    this.#values.truncate(length);
    this.#average = undefined;
  }

  /** The step of a value. */
  step(index: number): number {
    return this.#steps.at(index);
  }

  /** A value. */
  value(index: number): number {
    return this.#values.at(index);
  }

  /** The index of the first value at or after a step. */
  indexOf(step: number): number {
    return this.#steps.lowerBound(step);
  }

  /** What is known of a range of values. */
  extent(from: number, to: number): Extent {
    return this.#values.extent(from, to);
  }

  /** The moving average with this weight of the past, as a value for each value. */
  smoothed(weight: number): Column {
    if (this.#average?.weight !== weight) this.#average = new MovingAverage(weight);
    this.#average.follow(this.#values);
    return this.#average.values;
  }
}
