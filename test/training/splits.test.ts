import { describe, expect, test } from 'vitest';
import { generateDigits } from '../../src/data/digits';
import { select, splitTraining } from '../../src/training/splits';

describe('splitTraining', () => {
  test.each([
    [60000, 0.1, 6000],
    [100, 0.29, 29],
    [100, 0.57, 57],
    [10, 0.15, 1],
    [1, 0.1, 0],
    [7, 0, 0],
  ])('of %i samples and a share of %f holds %i out', (length, share, held) => {
    const { train, validation } = splitTraining(length, share, 0);
    expect(validation).toHaveLength(held);
    const all = [...train, ...validation].toSorted((a, b) => a - b);
    expect(all).toEqual(Array.from({ length }, (_, i) => i));
  });

  test('the seed decides which, and they come from everywhere', () => {
    const [a, b, c] = [3, 3, 4].map(seed => splitTraining(1000, 0.1, seed).validation);
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(Math.min(...(a ?? []))).toBeLessThan(200);
    expect(Math.max(...(a ?? []))).toBeGreaterThan(800);
  });
});

describe('select', () => {
  test('takes images with their labels', () => {
    const { train } = generateDigits({ train: 5, test: 0 });
    const picked = select({ split: train, rows: Int32Array.of(3, 1) }, 0, 2);
    expect([...picked.labels]).toEqual([train.labels[3], train.labels[1]]);
    expect(picked.images.subarray(0, 784)).toEqual(train.images.subarray(3 * 784, 4 * 784));
    expect(picked.images.subarray(784)).toEqual(train.images.subarray(784, 2 * 784));
  });
});
