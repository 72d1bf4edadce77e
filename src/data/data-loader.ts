/**
 * Goes through a data set in batches, as PyTorch's `DataLoader`: it asks a sampler for indices, the data set
 * for the samples, and puts them together. It knows no tensors: `collate` makes of samples what is wanted.
 */
import { defaultGenerator, Generator } from '../engine/random/generator';
import type { Dataset, IterableDataset } from './dataset';
import { inBatches, mapAsync, readAhead } from './read-ahead';
import { BatchSampler, batches, positive, RandomSampler, type Sampler, SequentialSampler } from './sampler';

/** How a {@link DataLoader} goes through its data set. */
export interface DataLoaderOptions<T, B> {
  /** Makes a batch of its samples; {@link asList} leaves them as they are. */
  readonly collate: (samples: readonly T[]) => B | Promise<B>;
  /** Samples in a batch; 1 unless told. */
  readonly batchSize?: number;
  /** Whether to go through the samples in an order that is new each time. */
  readonly shuffle?: boolean;
  /** The order of the samples, in place of `shuffle`. */
  readonly sampler?: Sampler;
  /** The indices of each batch, in place of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  readonly batchSampler?: Sampler<readonly number[]>;
  /** Whether to leave out a last batch that is not full. */
  readonly dropLast?: boolean;
  /** Draws the order when shuffling. */
  readonly generator?: Generator;
  /** How many batches to begin before they are asked for, so that reading and training overlap; 0 unless told. */
  readonly prefetch?: number;
}

/** A `collate` that leaves the samples as they are. */
export function asList<T>(samples: readonly T[]): readonly T[] {
  return samples;
}

/** Goes through a data set in batches: `for await (const batch of loader)`. */
export class DataLoader<T, B> implements AsyncIterable<B> {
  readonly dataset: Dataset<T> | IterableDataset<T>;
  readonly batchSize: number;
  readonly dropLast: boolean;
  /** The indices of each batch; `undefined` for an iterable-style data set, which has none. */
  readonly batchSampler: Sampler<readonly number[]> | undefined;
  readonly #options: DataLoaderOptions<T, B>;
  readonly #generator: Generator;
  readonly #prefetch: number;

  constructor(dataset: Dataset<T> | IterableDataset<T>, options: DataLoaderOptions<T, B>) {
    checkExclusive(options);
    if (!isMapStyle(dataset)) checkStream(options);
    this.dataset = dataset;
    this.batchSize = positive('batchSize', options.batchSize ?? 1);
    this.dropLast = options.dropLast ?? false;
    this.#options = options;
    this.#generator = options.generator ?? defaultGenerator;
    this.#prefetch = options.prefetch ?? 0;
    if (!Number.isSafeInteger(this.#prefetch) || this.#prefetch < 0) {
      throw new RangeError(`prefetch option should be non-negative, but got prefetch=${this.#prefetch}`);
    }
    this.batchSampler = isMapStyle(dataset) ? this.#indices(dataset, this.#generator) : undefined;
  }

  /**
   * The number of batches of one iteration (`len(loader)`).
   * @throws TypeError for an iterable-style data set that does not know its length.
   */
  get length(): number {
    if (this.batchSampler !== undefined) return this.batchSampler.length;
    const { length } = this.dataset;
    if (length === undefined)
      throw new TypeError('an iterable dataset without a length has no number of batches');
    return batches(length, this.batchSize, this.dropLast);
  }

  /** Begins an epoch. */
  [Symbol.asyncIterator](): AsyncIterator<B, void, undefined> {
    return readAhead(this.#begin(this.#generator), this.#prefetch);
  }

  /**
   * One batch to look at: the one that the next epoch begins with. The generator stays where it is, so that
   * looking changes no run (a random sampler of one's own is drawn from as usual).
   */
  async firstBatch(): Promise<B> {
    const copy = new Generator().setState(this.#generator.getState());
    for await (const batch of readAhead(this.#begin(copy), 0)) return batch;
    throw new RangeError('the dataset is too small to make a batch');
  }

  #begin(generator: Generator): AsyncIterator<B> {
    const { dataset } = this;
    const { collate } = this.#options;
    if (!isMapStyle(dataset)) return streamed(inBatches(dataset, this.batchSize, this.dropLast), collate);
    return mapAsync(this.#indices(dataset, generator)[Symbol.iterator](), async indices =>
      collate(await Promise.all(indices.map(index => dataset.get(index)))),
    );
  }

  #indices(dataset: Dataset<T>, generator: Generator): Sampler<readonly number[]> {
    const { batchSampler, sampler, shuffle } = this.#options;
    if (batchSampler !== undefined) return batchSampler;
    const own = () => (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset));
    return new BatchSampler(sampler ?? own(), this.batchSize, this.dropLast);
  }
}

async function* streamed<T, B>(
  lists: AsyncIterable<readonly T[]>,
  collate: DataLoaderOptions<T, B>['collate'],
): AsyncGenerator<B, void, undefined> {
  for await (const samples of lists) yield await collate(samples);
}

function isMapStyle<T>(dataset: Dataset<T> | IterableDataset<T>): dataset is Dataset<T> {
  return 'get' in dataset && typeof dataset.get === 'function';
}

/** Refuses options that contradict each other. */
function checkExclusive<T, B>({ batchSampler, batchSize = 1, ...rest }: DataLoaderOptions<T, B>): void {
  if (rest.sampler !== undefined && rest.shuffle) {
    throw new TypeError('sampler option is mutually exclusive with shuffle');
  }
  if (batchSampler !== undefined && (batchSize !== 1 || rest.shuffle || rest.sampler || rest.dropLast)) {
    throw new TypeError(
      'batchSampler option is mutually exclusive with batchSize, shuffle, sampler, and dropLast',
    );
  }
}

/** Refuses what makes no sense where samples come in their own order. */
function checkStream<T, B>(options: DataLoaderOptions<T, B>): void {
  for (const option of ['shuffle', 'sampler', 'batchSampler'] as const) {
    if (!options[option]) continue;
    throw new TypeError(`DataLoader with IterableDataset: expected unspecified ${option} option`);
  }
}
