/** The real MNIST and Fashion-MNIST, read whole. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadIdxFolder } from '../../src/data/idx-folder';
import type { ByteData, ImageSplit } from '../../src/data/image-data';
import { realData } from './helpers';

const SETS = [
  {
    name: 'mnist',
    md5: {
      'train-images-idx3-ubyte.gz': 'f68b3c2dcbeaaa9fbdd348bbdeb94873',
      'train-labels-idx1-ubyte.gz': 'd53e105ee54ea40749a09fcbcd1e9432',
      't10k-images-idx3-ubyte.gz': '9fb629c4189551a2d022fa330f9573f3',
      't10k-labels-idx1-ubyte.gz': 'ec29112dd5afa0611ce80d1b7f02629c',
    },
    train: [5, 0, 4, 1, 9, 2, 1, 3, 1, 4],
    test: [7, 2, 1, 0, 4, 1, 4, 9, 5, 9],
    perClass: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    className: ['7', 7],
    fingerprint: '24a0a40b',
    nearest: [0.75, 0.85],
  },
  {
    name: 'fashion-mnist',
    md5: {
      'train-images-idx3-ubyte.gz': '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
      'train-labels-idx1-ubyte.gz': '25c81989df183df01b3e8a0aad5dffbe',
      't10k-images-idx3-ubyte.gz': 'bef4ecab320f06d8554ea6380940ec79',
      't10k-labels-idx1-ubyte.gz': 'bb300cfdad3c16e7a12a480ee83cd310',
    },
    train: [9, 0, 0, 3, 0, 2, 7, 2, 5, 5],
    test: [9, 2, 1, 1, 6, 1, 4, 6, 5, 7],
    perClass: Array<number>(10).fill(6000),
    className: ['Sneaker', 7],
    fingerprint: '2688c6be',
    nearest: [0.62, 0.72],
  },
] as const;

/** The mean image of each class. */
function means(split: ImageSplit): Float64Array[] {
  const sums = Array.from({ length: 10 }, () => new Float64Array(784));
  const counts = new Float64Array(10);
  split.labels.forEach((label, i) => {
    const sum = sums[label] ?? new Float64Array(0);
    counts[label] = (counts[label] ?? 0) + 1;
    for (let p = 0; p < 784; p++) sum[p] = (sum[p] ?? 0) + (split.images[i * 784 + p] ?? 0);
  });
  return sums.map((sum, label) => sum.map(value => value / (counts[label] ?? 1)));
}

/** How many of the first `n` images are nearest to the mean of their own class. */
function nearestMean(split: ImageSplit, centres: readonly Float64Array[], n: number): number {
  let right = 0;
  for (let i = 0; i < n; i++) {
    const distances = centres.map(centre => {
      let sum = 0;
      for (let p = 0; p < 784; p++) sum += ((split.images[i * 784 + p] ?? 0) - (centre[p] ?? 0)) ** 2;
      return sum;
    });
    if (distances.indexOf(Math.min(...distances)) === split.labels[i]) right++;
  }
  return right / n;
}

describe.each(SETS)('the real $name', set => {
  const folder = realData(set.name);
  let data: ByteData;
  beforeAll(() => {
    if (folder !== undefined) data = loadIdxFolder(folder);
  });

  it.skipIf(folder === undefined)('is made of the canonical files', () => {
    for (const [file, md5] of Object.entries(set.md5)) {
      const bytes = readFileSync(path.join(folder ?? '', file));
      expect(createHash('md5').update(bytes).digest('hex')).toBe(md5);
    }
  });

  it.skipIf(folder === undefined)('has the shapes, labels and classes that it is known for', () => {
    expect([data.train.length, data.test?.length]).toEqual([60_000, 10_000]);
    expect([data.train.shape, data.test?.shape]).toEqual([
      [28, 28],
      [28, 28],
    ]);
    expect([...data.train.labels.subarray(0, 10)]).toEqual(set.train);
    expect([...(data.test?.labels.subarray(0, 10) ?? [])]).toEqual(set.test);
    const perClass = Array<number>(10).fill(0);
    for (const label of data.train.labels) perClass[label] = (perClass[label] ?? 0) + 1;
    expect(perClass).toEqual(set.perClass);
    expect([data.classes[set.className[1]], data.classes.length]).toEqual([set.className[0], 10]);
    expect(data.name).toBe(set.name);
    expect(data.fingerprint.slice(0, 8)).toBe(set.fingerprint);
  });

  it.skipIf(folder === undefined)('has the pixels of the file', () => {
    const file = gunzipSync(readFileSync(path.join(folder ?? '', 'train-images-idx3-ubyte.gz')));
    expect(Buffer.compare(file.subarray(16), data.train.images)).toBe(0);
  });

  it.skipIf(folder === undefined)('gives the i-th label to the i-th image', () => {
    // A label that went with another image would leave one image in ten with its class.
    const { train, test } = data;
    const centres = means(train);
    const [low, high] = set.nearest;
    for (const split of test === undefined ? [train] : [train, test]) {
      const share = nearestMean(split, centres, 2000);
      expect(share).toBeGreaterThan(low);
      expect(share).toBeLessThan(high);
    }
  });
});
