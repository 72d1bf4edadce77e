/**
 * The order in which a data set is gone through. A sampler can be iterated again and again; a random one
 * draws a new order each time. It draws the whole order when an iteration begins, so a generator's state
 * between two epochs is all that has to be saved to continue.
 */
import { defaultGenerator, type Generator } from '../engine/random/generator';

/** Gives indices into a data set; a batch sampler gives lists of them. */
export interface Sampler<I = number> extends Iterable<I> {
  /** How many one iteration gives. */
  readonly length: number;
}

/** 0, 1, 2, … */
export class SequentialSampler implements Sampler {
  readonly length: number;

  /** @param source the data set, or anything else with its length. */
  constructor(source: { readonly length: number }) {
    this.length = source.length;
  }

  *[Symbol.iterator](): IterableIterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

/** How a {@link RandomSampler} draws. */
export interface RandomSamplerOptions {
  /** Whether an index may come again before all have come. */
  readonly replacement?: boolean;
  /** How many to draw; as many as there are samples unless told. */
  readonly numSamples?: number;
  readonly generator?: Generator;
}

/** Every index once, in an order that is new at each iteration; or with replacement. */
export class RandomSampler implements Sampler {
  readonly length: number;
  readonly #population: number;
  readonly #replacement: boolean;
  readonly #generator: Generator;

  /** @param source the data set, or anything else with its length. */
  constructor(source: { readonly length: number }, options: RandomSamplerOptions = {}) {
    this.#population = source.length;
    this.#replacement = options.replacement ?? false;
    this.#generator = options.generator ?? defaultGenerator;
    this.length = positive('numSamples', options.numSamples ?? source.length);
  }

  *[Symbol.iterator](): IterableIterator<number> {
    yield* this.#draw();
  }

  #draw(): Int32Array {
    const order = new Int32Array(this.length);
    if (this.#replacement) return order.map(() => this.#generator.integer(0, this.#population));
    // More than there are: whole orders one after the other, and a part of the last.
    for (let start = 0; start < order.length; start += this.#population) {
      const round = this.#generator.permutation(this.#population);
      order.set(round.subarray(0, order.length - start), start);
    }
    return order;
  }
}

/**
 * Indices drawn in proportion to their weights (PyTorch's `WeightedRandomSampler`): with the reciprocal of its class's
 * size as the weight of each sample, rare classes come as often as common ones.
 */
export class WeightedRandomSampler implements Sampler {
  readonly length: number;
  readonly #weights: ArrayLike<number>;
  readonly #replacement: boolean;
  readonly #generator: Generator;

  /**
   * @param weights one for each sample, not negative; they need not sum to 1
   * @param numSamples how many to draw
   */
  constructor(
    weights: ArrayLike<number>,
    numSamples: number,
    { replacement = true, generator = defaultGenerator }: Omit<RandomSamplerOptions, 'numSamples'> = {},
  ) {
    this.length = positive('numSamples', numSamples);
    const sum = Array.from(weights).reduce((a, b) => a + b, 0);
    if (!(sum > 0 && Number.isFinite(sum)) || Array.from(weights).some(weight => weight < 0)) {
      throw new RangeError('probability tensor contains either `inf`, `nan` or element < 0');
    }
    const possible = Array.from(weights).filter(weight => weight > 0).length;
    if (!replacement && numSamples > possible) {
      throw new RangeError('cannot sample n_sample > prob_dist.size(-1) samples without replacement');
    }
    this.#weights = weights;
    this.#replacement = replacement;
    this.#generator = generator;
  }

  *[Symbol.iterator](): IterableIterator<number> {
    yield* this.#replacement ? this.#draw() : this.#drawOnce();
  }

  /** Where a uniform number falls among the running sums. */
  #draw(): Int32Array {
    const sums = new Float64Array(this.#weights.length);
    let sum = 0;
    for (let i = 0; i < sums.length; i++) {
      sum += this.#weights[i] ?? 0;
      sums[i] = sum;
    }
    return new Int32Array(this.length).map(() => {
      const target = this.#generator.uniform() * sum;
      let [low, high] = [0, sums.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sums[middle] ?? 0) > target) high = middle;
        else low = middle + 1;
      }
      return low;
    });
  }

  /** The largest keys of u^(1/weight) (Efraimidis and Spirakis, 2006): draws without replacement in one pass. */
  #drawOnce(): number[] {
    const keys = Array.from(this.#weights, (weight, index) => {
      const u = this.#generator.uniform();
      return { index, key: weight > 0 ? Math.log(1 - u) / weight : Number.NEGATIVE_INFINITY };
    });
    return keys
      .sort((a, b) => b.key - a.key)
      .slice(0, this.length)
      .map(({ index }) => index);
  }
}

/** The given indices, each once, in an order that is new at each iteration. */
export class SubsetRandomSampler implements Sampler {
  readonly #indices: ArrayLike<number>;
  readonly #generator: Generator;

  constructor(indices: ArrayLike<number>, generator: Generator = defaultGenerator) {
    this.#indices = indices;
    this.#generator = generator;
  }

  get length(): number {
    return this.#indices.length;
  }

  *[Symbol.iterator](): IterableIterator<number> {
    for (const i of this.#generator.permutation(this.#indices.length)) yield this.#indices[i] ?? 0;
  }
}

/** Lists of `batchSize` indices of another sampler; the last may be shorter, unless it is dropped. */
export class BatchSampler<I = number> implements Sampler<I[]> {
  readonly sampler: Sampler<I>;
  readonly batchSize: number;
  readonly dropLast: boolean;

  constructor(sampler: Sampler<I>, batchSize: number, dropLast: boolean) {
    this.sampler = sampler;
    this.batchSize = positive('batchSize', batchSize);
    this.dropLast = dropLast;
  }

  get length(): number {
    return batches(this.sampler.length, this.batchSize, this.dropLast);
  }

  *[Symbol.iterator](): IterableIterator<I[]> {
    let batch: I[] = [];
    for (const index of this.sampler) {
      if (batch.push(index) < this.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }
}

/** How many batches `length` samples make. */
export function batches(length: number, batchSize: number, dropLast: boolean): number {
  return dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
}

/** The value, which must be a whole number of at least 1. */
export function positive(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`${name} should be a positive integer value, but got ${name}=${value}`);
}
