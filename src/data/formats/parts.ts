/** The parts of a data set by the names that people give them: `train`, `valid`, `testing`, … */
import type { Listing } from '../folder';

const PARTS = {
  train: /^(train|training|trn)$/i,
  validation: /^(val|valid|validation|dev)$/i,
  test: /^(test|testing|tst|eval|evaluation)$/i,
};

/** The names of what holds each part. */
export interface Parts {
  readonly train: string | undefined;
  readonly validation: string | undefined;
  readonly test: string | undefined;
}

/** The folders of the parts, in a listing. Without one for training there may still be one for the test. */
export function partFolders({ folders }: Listing): Parts {
  const find = (name: RegExp) => folders.find(folder => name.test(folder));
  return { train: find(PARTS.train), validation: find(PARTS.validation), test: find(PARTS.test) };
}

/** Which part a file's name speaks of: `train.csv`, `mnist_test_10.csv`, `x_val.npy`; `undefined` if none. */
export function partOf(file: string): keyof Parts | undefined {
  const words = file.replace(/\.[^.]*$/, '').split(/[^a-z]+/i);
  for (const part of ['train', 'validation', 'test'] as const) {
    if (words.some(word => PARTS[part].test(word))) return part;
  }
  return undefined;
}
