/**
 * Reading the IDX files of one data set, and checking that they belong together: as many labels as images,
 * one size of image, no label without a class.
 */
import path from 'node:path';
import { knownClasses } from './class-names';
import { count, DataError } from './data-error';
import { readIdx } from './idx-file';
import { type ByteData, type ByteSplit, fingerprintOf } from './image-data';

/** The two files of one part of a data set. */
export interface IdxPair {
  readonly images: string;
  readonly labels: string;
}

/** Where the files of one data set are. */
export interface IdxFiles {
  /** The name that a person has for it, from the folder: `MNIST`. */
  readonly name: string;
  /** What stands before `train-images…` in the file names: '' for MNIST, `emnist-letters` for a part of EMNIST. */
  readonly prefix: string;
  readonly train: IdxPair;
  readonly test: IdxPair | undefined;
}

/**
 * Reads and checks the files of one data set. Where the classes are not known from the names, they are
 * 0 to the largest training label.
 */
export function loadIdx({ name, prefix, ...files }: IdxFiles): ByteData {
  const train = readPair(files.train);
  const classes = knownClasses(name, prefix) ?? numbered(train.labels);
  checkLabels(files.train, train, classes);
  if (files.test === undefined) {
    return { name, train, test: undefined, classes, fingerprint: fingerprintOf(train, undefined) };
  }
  const test = readPair(files.test);
  const [expected, found] = [train.shape.join('×'), test.shape.join('×')];
  if (found !== expected) {
    const other = path.basename(files.train.images);
    throw new DataError(
      files.test.images,
      `expected images of ${expected} as in ${other}, found ${found}; use the files of one data set`,
    );
  }
  checkLabels(files.test, test, classes);
  return { name, train, test, classes, fingerprint: fingerprintOf(train, test) };
}

/** Reads the images and the labels of one part; they must be equally many. */
export function readPair(files: IdxPair): ByteSplit {
  const images = readIdx(files.images, { what: 'images: bytes in 3 dimensions', dimensions: 3 });
  if (images.type !== 'ubyte' || images.shape.length !== 3 || images.data.length === 0) {
    throw new DataError(
      files.images,
      `expected images (count×height×width ubyte), found ${images.shape.join('×')} ${images.type}; are images and labels swapped?`,
    );
  }
  const labels = readIdx(files.labels, { what: 'labels: bytes in 1 dimension', dimensions: 1 });
  if (labels.type !== 'ubyte' || labels.shape.length !== 1) {
    throw new DataError(
      files.labels,
      `expected labels (count ubyte), found ${labels.shape.join('×')} ${labels.type}; are images and labels swapped?`,
    );
  }
  const [length = 0, ...shape] = images.shape;
  if (labels.data.length !== length) {
    const found = count(labels.data.length, 'label');
    throw new DataError(
      files.labels,
      `expected ${count(length, 'label')}, one for each image of ${path.basename(files.images)}, found ${found}; use the files of one data set`,
    );
  }
  return { images: images.data, shape, labels: labels.data, length };
}

function checkLabels(files: IdxPair, split: ByteSplit, classes: readonly string[]): void {
  const index = split.labels.findIndex(label => label >= classes.length);
  if (index < 0) return;
  throw new DataError(
    files.labels,
    `expected labels from 0 to ${classes.length - 1}, found ${split.labels[index]} at index ${index}; the file is damaged or belongs to another data set`,
  );
}

/** Classes that are named by their number, as many as the labels use; two at least. */
function numbered(labels: Uint8Array): string[] {
  const largest = labels.reduce((a, b) => Math.max(a, b), 1);
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}
