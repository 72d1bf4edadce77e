/** The order in which an epoch goes through the training samples. */
import { RandomSampler, type Sampler } from '../data/sampler';
import type { Generator, GeneratorState } from '../engine';

/** Enough to go on in the middle of an epoch. */
export interface OrderState {
  /** The generator before the epoch's order was drawn. */
  readonly generator: GeneratorState;
  /** Samples of this epoch that were handed out. */
  readonly position: number;
}

/** Draws the order of an epoch: places among so many samples. */
export type DrawOrder = (length: number, generator: Generator) => Sampler;

const shuffled: DrawOrder = (length, generator) => new RandomSampler({ length }, { generator });

/** Hands out the samples of one epoch after the other, each epoch in a new order. */
export class BatchOrder {
  #order: Int32Array = new Int32Array(0);
  #position = 0;
  #before: GeneratorState;

  /**
   * @param indices the samples that are trained on
   * @param draw draws the order of an epoch; each sample once and at random without it
   */
  constructor(
    private readonly indices: ArrayLike<number>,
    private readonly generator: Generator,
    private readonly draw: DrawOrder = shuffled,
  ) {
    this.#before = generator.getState();
  }

  /** Draws the order of the next epoch. */
  startEpoch(): void {
    this.#before = this.generator.getState();
    const sampler = this.draw(this.indices.length, this.generator);
    this.#order = Int32Array.from(sampler, i => this.indices[i] ?? 0);
    this.#position = 0;
    // Every epoch begins at another place, by which what is random in it is found.
    if (this.generator.getState().offset === this.#before.offset) this.generator.uint32();
  }

  /** Samples of this epoch that are still to come. */
  get left(): number {
    return this.#order.length - this.#position;
  }

  /** The next samples of this epoch, `count` of them at most; they are not handed out by that. */
  upcoming(count: number): Int32Array {
    return this.#order.subarray(this.#position, this.#position + count);
  }

  /** Writes the next `count` samples into `target`; gives where they begin. */
  next(target: Int32Array, start: number, count: number): OrderState {
    const place = this.getState();
    target.set(this.#order.subarray(this.#position, this.#position + count), start);
    this.#position += count;
    return place;
  }

  /** Remembers this very place; returns a function that comes back to it. The generator is not put back. */
  mark(): () => void {
    const [order, position, before] = [this.#order, this.#position, this.#before];
    return () => {
      this.#order = order;
      this.#position = position;
      this.#before = before;
    };
  }

  /** Where it stands. */
  getState(): OrderState {
    return { generator: this.#before, position: this.#position };
  }

  /**
   * Goes on from a saved place; the generator ends where it stood when the place was saved. An epoch of
   * which no sample was handed out is still to be started, and draws its order then.
   */
  setState({ generator, position }: OrderState, now: GeneratorState): void {
    this.generator.setState(generator);
    this.#before = generator;
    this.#order = new Int32Array(0);
    this.#position = 0;
    if (position === 0) return;
    this.startEpoch();
    this.#position = position;
    this.generator.setState(now);
  }
}
