/** Duplicates, mean images and sizes of small data sets whose answers can be counted by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageSplit } from '../../../src/data/image-data';
import { contradicts, countDuplicates, findDuplicates, leaks } from '../../../src/data/looks/duplicates';
import { imageSizes } from '../../../src/data/looks/image-sizes';
import { meanImages } from '../../../src/data/looks/mean-image';
import { folderWith } from '../helpers';
import { grey } from '../support';

/** Samples of two pixels. */
function split(...samples: readonly (readonly [a: number, b: number, label: number])[]): ImageSplit {
  return {
    images: Uint8Array.from(samples.flatMap(sample => sample.slice(0, 2))),
    shape: [1, 2],
    labels: Uint8Array.from(samples, ([, , label]) => label),
    length: samples.length,
  };
}

describe('duplicates', () => {
  it('are found within parts and across them', async () => {
    const train = split([1, 2, 0], [3, 4, 1], [1, 2, 0], [5, 6, 0]);
    const test = split([3, 4, 0], [1, 2, 0], [7, 8, 1], [7, 8, 1]);
    const parts = new Map(Object.entries({ train, test }));
    const found = await findDuplicates(parts);
    expect(found.compared).toBe(8);
    expect(found.groups.map(group => group.map(({ part, index }) => `${part} ${index}`))).toEqual([
      ['train 0', 'train 2', 'test 1'],
      ['train 1', 'test 0'],
      ['test 2', 'test 3'],
    ]);
    expect(found.groups.map(contradicts)).toEqual([false, true, false]);
    expect(found.groups.map(leaks)).toEqual([true, true, false]);
    const { leaked, repeated, contradicting } = countDuplicates(found);
    expect([...leaked]).toEqual([['test', 2]]);
    expect([...repeated]).toEqual([
      ['train', 1],
      ['test', 1],
    ]);
    expect(contradicting).toBe(1);
  });

  it('are as many as a comparison of all with all finds', async () => {
    const pixel = fc.integer({ min: 0, max: 2 });
    const samples = fc.array(fc.tuple(pixel, pixel, fc.integer({ min: 0, max: 1 })), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(samples, async all => {
        const { groups } = await findDuplicates(new Map([['train', split(...all)]]));
        const different = new Set(all.map(([a, b]) => `${a} ${b}`)).size;
        const superfluous = groups.reduce((sum, group) => sum + group.length - 1, 0);
        expect(superfluous).toBe(all.length - different);
      }),
    );
  });
});

it('mean images are those of each class, and black where there is no image', async () => {
  const means = await meanImages(split([10, 20, 0], [21, 41, 0], [7, 8, 2]), 3);
  expect(means.map(mean => [...mean])).toEqual([
    [16, 31],
    [0, 0],
    [7, 8],
  ]);
});

it('sizes of images are read from files, the most frequent first', async () => {
  const folder = folderWith({
    'a.png': grey(1, 5, 4),
    'b.png': grey(1, 6, 4),
    'c.png': grey(1, 6, 4),
    'd.png': 'no image',
  });
  const files = ['a', 'b', 'c', 'd', 'e'].map(name => `${folder}/${name}.png`);
  expect(await imageSizes(files)).toEqual([
    { width: 6, height: 4, count: 2, example: files[1] },
    { width: 5, height: 4, count: 1, example: files[0] },
  ]);
});
