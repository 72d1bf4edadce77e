/** Figures of a data set: against the obvious way to count them. */
import { describe, expect, it } from 'vitest';
import { ClassMembers } from '../../src/data/class-members';
import { loadIdxFolder } from '../../src/data/idx-folder';
import type { ImageSplit } from '../../src/data/image-data';
import { pixelStatistics, samplesPerClass } from '../../src/data/statistics';
import { realData } from './helpers';

function split(pixels: readonly number[], labels: readonly number[] = []): ImageSplit {
  return {
    images: Uint8Array.from(pixels),
    shape: [1, 1],
    labels: Uint8Array.from(labels),
    length: pixels.length,
  };
}

describe('the statistics of pixels', () => {
  it('are those of the population', () => {
    expect(pixelStatistics(split([2, 4, 4, 4, 5, 5, 7, 9]))).toEqual({ min: 2, max: 9, mean: 5, std: 2 });
    expect(pixelStatistics(split([255, 255]))).toEqual({ min: 255, max: 255, mean: 255, std: 0 });
    expect(pixelStatistics(split([]))).toEqual({ min: 0, max: 0, mean: 0, std: 0 });
  });

  const folder = realData('mnist');
  it.skipIf(folder === undefined)(
    'of MNIST are 0.1307 and 0.3081, with which everybody normalises it',
    () => {
      const { train } = loadIdxFolder(folder ?? '');
      const { mean, std } = pixelStatistics(train);
      expect([(mean / 255).toFixed(4), (std / 255).toFixed(4)]).toEqual(['0.1307', '0.3081']);
    },
  );
});

describe('the members of classes', () => {
  const labels = [3, 0, 1, 3, 3, 0, 1, 0, 3];
  const data = split(labels, labels);
  const members = new ClassMembers(data, 5);

  it('are all samples with its label, in their order', () => {
    expect(samplesPerClass(data, 5)).toEqual([3, 2, 0, 4, 0]);
    expect([0, 1, 2, 3, 4].map(label => [...members.of(label)])).toEqual([
      [1, 5, 7],
      [2, 6],
      [],
      [0, 3, 4, 8],
      [],
    ]);
    expect([...members.of(9)]).toEqual([]);
  });

  it('are shuffled by the seed: the same each time, and others for each class', () => {
    const long = Array.from({ length: 200 }, (_, i) => i % 2);
    const many = new ClassMembers(split(long, long), 2);
    const first = [...many.of(0, 7)];
    expect(first).not.toEqual([...many.of(0)]);
    expect(first.toSorted((a, b) => a - b)).toEqual([...many.of(0)]);
    expect([...many.of(0, 8)]).not.toEqual(first);
    expect([...many.of(0, 7)]).toEqual(first);
    expect([...many.of(1, 7)]).not.toEqual(first.map(index => index + 1));
  });
});
