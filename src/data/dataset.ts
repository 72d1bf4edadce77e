/**
 * Collections of samples as PyTorch has them: map-style (a length, and any sample by its index) and
 * iterable-style (samples come one after the other), and ways to take a part of one.
 */
import { defaultGenerator, type Generator } from '../engine/random/generator';
import type { ImageSplit } from './image-data';

/** A map-style data set: every sample can be asked for by its index. */
export interface Dataset<T> {
  readonly length: number;
  /** The sample at an index, 0 to `length` − 1; later, when it has to be fetched. */
  get(index: number): T | Promise<T>;
}

/** An iterable-style data set: a stream of samples, begun anew by each iteration. `length` where it is known. */
export type IterableDataset<T> = (Iterable<T> | AsyncIterable<T>) & { readonly length?: number };

/** The samples of another data set at some indices. */
export class Subset<T> implements Dataset<T> {
  readonly dataset: Dataset<T>;
  readonly indices: ArrayLike<number>;

  constructor(dataset: Dataset<T>, indices: ArrayLike<number>) {
    this.dataset = dataset;
    this.indices = indices;
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number): T | Promise<T> {
    const inner = this.indices[index];
    if (inner === undefined) throw outOfRange(index, this.length);
    return this.dataset.get(inner);
  }
}

/** One image and its label. */
export interface ImageSample {
  /** A view of the pixels, not a copy. */
  readonly image: Uint8Array | Float32Array;
  readonly label: number;
}

/** The images and labels of a split, sample by sample (`TensorDataset`). */
export class ArrayDataset implements Dataset<ImageSample> {
  readonly split: ImageSplit;
  /** Pixels of one sample. */
  readonly #size: number;

  constructor(split: ImageSplit) {
    this.split = split;
    this.#size = split.shape.reduce((product, size) => product * size, 1);
    if (split.images.length !== split.length * this.#size || split.labels.length !== split.length) {
      throw new RangeError('Size mismatch between tensors');
    }
  }

  get length(): number {
    return this.split.length;
  }

  get(index: number): ImageSample {
    const label = this.split.labels[index];
    if (label === undefined) throw outOfRange(index, this.length);
    return { image: this.split.images.subarray(index * this.#size, (index + 1) * this.#size), label };
  }
}

/** Puts samples of one size together: their pixels one after the other, and their labels. */
export function collateImages(samples: readonly ImageSample[]): { images: Uint8Array; labels: Uint8Array } {
  const size = samples[0]?.image.length ?? 0;
  const images = new Uint8Array(samples.length * size);
  for (const [i, { image }] of samples.entries()) {
    if (image.length !== size) {
      throw new RangeError(
        `stack expects each image to be equal size, but got ${size} at entry 0 and ${image.length} at entry ${i}`,
      );
    }
    images.set(image, i * size);
  }
  return { images, labels: Uint8Array.from(samples, ({ label }) => label) };
}

/**
 * Splits a data set at random into parts that do not overlap (`torch.utils.data.random_split`).
 * @param lengths the sizes of the parts, or fractions that sum to 1; what rounding down leaves over is
 *   handed out one by one from the first part on.
 */
export function randomSplit<T>(
  dataset: Dataset<T>,
  lengths: readonly number[],
  generator: Generator = defaultGenerator,
): Subset<T>[] {
  const sizes = splitSizes(dataset.length, lengths);
  const order = generator.permutation(dataset.length);
  let end = 0;
  return sizes.map(size => {
    end += size;
    return new Subset(dataset, order.subarray(end - size, end));
  });
}

/** The sizes of the parts that `lengths`, whole numbers or fractions, stand for. */
function splitSizes(total: number, lengths: readonly number[]): number[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  const fractions = Math.abs(sum - 1) < 1e-9;
  lengths.forEach((length, i) => {
    if (fractions && (length < 0 || length > 1)) {
      throw new RangeError(`Fraction at index ${i} is not between 0 and 1`);
    }
    if (!fractions && !(Number.isInteger(length) && length >= 0)) {
      throw new RangeError(
        `Length at index ${i} is not a non-negative integer, and the lengths sum to ${sum}, not to 1`,
      );
    }
  });
  const sizes = fractions ? lengths.map(fraction => Math.floor(total * fraction)) : [...lengths];
  if (fractions) {
    const left = total - sizes.reduce((a, b) => a + b, 0);
    for (let i = 0; i < left; i++) sizes[i % sizes.length] = (sizes[i % sizes.length] ?? 0) + 1;
  }
  if (sizes.reduce((a, b) => a + b, 0) !== total) {
    throw new RangeError('Sum of input lengths does not equal the length of the input dataset!');
  }
  return sizes;
}

function outOfRange(index: number, length: number): RangeError {
  return new RangeError(`index ${index} is out of range for a dataset of length ${length}`);
}
