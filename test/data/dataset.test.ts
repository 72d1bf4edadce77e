/** Data sets and their parts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrayDataset, collateImages, type Dataset, randomSplit, Subset } from '../../src/data/dataset';
import { Generator } from '../../src/engine/random/generator';

/** A data set whose sample at i is 10·i. */
function tens(length: number): Dataset<number> {
  return { length, get: index => 10 * index };
}

describe('Subset', () => {
  it('gives the samples at its indices, also of a subset', () => {
    const subset = new Subset(tens(9), [8, 1, 1]);
    expect(subset.length).toBe(3);
    expect([0, 1, 2].map(i => subset.get(i))).toEqual([80, 10, 10]);
    expect(new Subset(subset, Int32Array.of(0)).get(0)).toBe(80);
    expect(() => subset.get(3)).toThrow('index 3 is out of range for a dataset of length 3');
  });
});

describe('ArrayDataset', () => {
  const images = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  const split = { images, shape: [2, 2], labels: Uint8Array.of(7, 5, 6), length: 3 };

  it('gives views of the images, with their labels', () => {
    const dataset = new ArrayDataset(split);
    expect(dataset.length).toBe(3);
    expect(dataset.get(1)).toEqual({ image: Uint8Array.of(4, 5, 6, 7), label: 5 });
    expect(dataset.get(1).image.buffer).toBe(images.buffer);
    for (const index of [-1, 3, 0.5]) expect(() => dataset.get(index)).toThrow(RangeError);
  });

  it('refuses parts that do not fit together', () => {
    expect(() => new ArrayDataset({ ...split, labels: Uint8Array.of(1) })).toThrow(
      'Size mismatch between tensors',
    );
    expect(() => new ArrayDataset({ ...split, shape: [2, 3] })).toThrow('Size mismatch between tensors');
  });

  it('is collated to pixels one after the other', () => {
    const dataset = new ArrayDataset(split);
    expect(collateImages([dataset.get(2), dataset.get(0)])).toEqual({
      images: Uint8Array.of(8, 9, 10, 11, 0, 1, 2, 3),
      labels: Uint8Array.of(6, 7),
    });
    const odd = { image: Uint8Array.of(1), label: 0 };
    expect(() => collateImages([dataset.get(0), odd])).toThrow(
      'stack expects each image to be equal size, but got 4 at entry 0 and 1 at entry 1',
    );
  });
});

describe('randomSplit', () => {
  const lengths = (parts: readonly number[], n: number) =>
    randomSplit(tens(n), parts, new Generator(1)).map(part => part.length);

  it('makes parts that together are the whole, each sample once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { minLength: 2, maxLength: 5 }), fc.nat(), (sizes, seed) => {
        fc.pre(Math.abs(sizes.reduce((a, b) => a + b) - 1) > 0);
        const n = sizes.reduce((a, b) => a + b);
        const parts = randomSplit(tens(n), sizes, new Generator(seed));
        expect(parts.map(part => part.length)).toEqual(sizes);
        const all = parts.flatMap(part => Array.from({ length: part.length }, (_, i) => Number(part.get(i))));
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => 10 * i));
      }),
    );
  });

  it('shares out by fractions as PyTorch does, the remainder from the first part on', () => {
    expect(lengths([0.8, 0.2], 100)).toEqual([80, 20]);
    expect(lengths([0.3, 0.3, 0.4], 10)).toEqual([3, 3, 4]);
    expect(lengths([0.3, 0.3, 0.4], 11)).toEqual([4, 3, 4]);
    expect(lengths([1 / 3, 1 / 3, 1 / 3], 5)).toEqual([2, 2, 1]);
    expect(lengths([1], 7)).toEqual([7]);
    // 0.1 + 0.2 + 0.3 + 0.4 is 1, and 0.7 + 0.2 + 0.1 a little less.
    expect(lengths([0.7, 0.2, 0.1], 10)).toEqual([7, 2, 1]);
  });

  it('is decided by the generator', () => {
    const indices = (seed: number) => [
      ...Array.from(randomSplit(tens(50), [25, 25], new Generator(seed))[0]?.indices ?? []),
    ];
    expect(indices(1)).toEqual(indices(1));
    expect(indices(1)).not.toEqual(indices(2));
    expect(indices(1)).not.toEqual(indices(1).sort((a, b) => a - b));
  });

  it('refuses what PyTorch refuses, in its words', () => {
    expect(() => lengths([3, 3], 7)).toThrow(
      'Sum of input lengths does not equal the length of the input dataset!',
    );
    expect(() => lengths([1.5, -0.5], 7)).toThrow('Fraction at index 0 is not between 0 and 1');
    expect(() => lengths([0.5, 0.2], 7)).toThrow('Length at index 0 is not a non-negative integer');
    expect(() => lengths([8, -1], 7)).toThrow('Length at index 1 is not a non-negative integer');
  });
});
