/**
 * What every folder format, and the generated digits, come to: 8-bit images with a label each, in a
 * training part and, where there is one, a test part.
 */
import { createHash } from 'node:crypto';

/** Images of one size, one after the other, and their labels: the i-th label belongs to the i-th image. */
export interface ImageSplit {
  /** The pixels, 0 to 255, `length` times the product of `shape` of them. */
  readonly images: Uint8Array;
  /** The shape of one sample: `[28, 28]`. */
  readonly shape: readonly number[];
  /** For each image the index of its class. */
  readonly labels: Uint8Array;
  /** The number of images. */
  readonly length: number;
}

/** A data set of images that is ready to be trained on. */
export interface ImageData {
  /** What a person calls it: the folder's name. */
  readonly name: string;
  readonly train: ImageSplit;
  readonly test: ImageSplit | undefined;
  /** The name of each class; a label is an index into it. */
  readonly classes: readonly string[];
  /** SHA-256 (hexadecimal) over shapes, pixels and labels: equal for equal data, however it was stored. */
  readonly fingerprint: string;
}

/** The fingerprint of a data set: see {@link ImageData.fingerprint}. */
export function fingerprintOf(train: ImageSplit, test: ImageSplit | undefined): string {
  const hash = createHash('sha256');
  for (const split of test === undefined ? [train] : [train, test]) {
    hash.update(`${split.length}x${split.shape.join('x')};`);
    hash.update(split.images);
    hash.update(split.labels);
  }
  return hash.digest('hex');
}
