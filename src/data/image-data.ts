/**
 * What every folder format, and the generated digits, come to: samples of one shape with a label each, in a
 * training part and, where there are some, a validation and a test part.
 */
import { createHash } from 'node:crypto';
import type { SampleTransforms } from './transforms/sample-transforms';

/** For each sample the index of its class. */
export type Labels = Uint8Array | Int32Array;

/** Samples that are still being read. */
export interface PendingRows {
  /** Says in which order samples will be wanted, so that they are read in it. */
  expect(rows: ArrayLike<number>): void;
  /**
   * Waits until the samples are there.
   * @throws DataError where one of them cannot be read
   */
  need(rows: ArrayLike<number>): Promise<void>;
  /** How many samples from the first of these on are there. */
  ready(rows: ArrayLike<number>): number;
  /** How many samples can be there at once. */
  readonly room: number;
  /** Waits until all samples are there. */
  all(): Promise<void>;
  /** Nobody needs the samples any more: reading ends, and so do the threads that read. */
  abandon(): void;
}

/** Samples of one shape, one after the other, and their labels: the i-th label belongs to the i-th sample. */
export interface ImageSplit {
  /**
   * Pixels from 0 to 255, or features as numbers; `length` times the product of `shape` of them. Those of a
   * sample that is still being read are zero.
   */
  readonly images: Uint8Array | Float32Array;
  /** The shape of one sample: `[28, 28]` for grey images, `[3, 64, 64]` for coloured ones, `[4]` for features. */
  readonly shape: readonly number[];
  readonly labels: Labels;
  /** The number of samples. */
  readonly length: number;
  /** The file of each sample, where each has one of its own. */
  readonly files?: readonly string[];
  /** There while samples are still being read. */
  readonly pending?: PendingRows;
  /**
   * There where the samples have no room in memory all at once: `images` is empty then, and a sample is there once it
   * was waited for.
   */
  readonly stream?: { sample(row: number): Uint8Array };
}

/** The numbers of a sample: a view. Zeros while it is still being read. */
export function numbersOf(split: ImageSplit, row: number): Uint8Array | Float32Array {
  if (split.stream !== undefined) return split.stream.sample(row);
  const each = split.images.length / split.length;
  return split.images.subarray(row * each, (row + 1) * each);
}

/** A file that was left out, and why. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
}

/** A data set that is ready to be trained on. */
export interface ImageData {
  /** What a person calls it: the folder's name. */
  readonly name: string;
  readonly train: ImageSplit;
  /** Samples that are kept for validation by whoever made the data. */
  readonly validation?: ImageSplit | undefined;
  readonly test: ImageSplit | undefined;
  /** The name of each class; a label is an index into it. */
  readonly classes: readonly string[];
  /**
   * SHA-256 (hexadecimal) over shapes, samples and labels: equal for equal data, however it was stored. A promise
   * while samples are still being read; it fails where one of them cannot be. Where samples have no room in memory, it
   * is over the names of their files in place of the samples.
   */
  readonly fingerprint: string | Promise<string>;
  /** How the folder was read, such as "images in 10 class folders under train/". */
  readonly reading?: string;
  /** What a person should know: images that were resized, a class folder that is empty. */
  readonly notes?: readonly string[];
  /** Files that were left out because they cannot be read. */
  readonly skipped?: readonly SkippedFile[];
  /** Whether the samples have gone through the first, fixed transforms while they were read. */
  readonly transformed?: boolean;
  /** What is done with a sample before a network gets it. */
  readonly transforms?: SampleTransforms;
}

/** The shape in which a network gets the samples of a data set. */
export function inputShape({
  train,
  transforms,
}: Pick<ImageData, 'train' | 'transforms'>): readonly number[] {
  return transforms?.shape ?? train.shape;
}

/** Samples of 8 bits with labels of 8 bits, all of them there: what IDX files hold. */
export interface ByteSplit extends ImageSplit {
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** A data set of samples of 8 bits, all of them there. */
export interface ByteData extends ImageData {
  readonly train: ByteSplit;
  readonly test: ByteSplit | undefined;
  readonly fingerprint: string;
}

/** The labels in as few bytes as the number of classes allows. */
export function labelArray(labels: ArrayLike<number>, classes: number): Labels {
  return classes <= 256 ? Uint8Array.from(labels) : Int32Array.from(labels);
}

/** The fingerprint of a data set that is completely read: see {@link ImageData.fingerprint}. */
export function fingerprintOf(...splits: readonly (ImageSplit | undefined)[]): string {
  const hash = createHash('sha256');
  for (const split of splits) {
    if (split === undefined) continue;
    hash.update(`${split.length}x${split.shape.join('x')};`);
    hash.update(split.images);
    hash.update(split.labels);
  }
  return hash.digest('hex');
}
