import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrationOf } from '../../../src/training/evaluation/calibration';

describe('calibration', () => {
  test('compares how sure a model is with how often it is right, bin by bin', () => {
    // Two bins: (0, 0.5] and (0.5, 1]. In the first 0.4 and 0.5, one of them right; in the second 0.9, which is wrong.
    const { bins, expectedError, maximumError } = calibrationOf([0.4, 0.5, 0.9], i => i === 0, 2);
    expect(bins).toEqual([
      { from: 0, to: 0.5, count: 2, confidence: 0.45, accuracy: 0.5 },
      { from: 0.5, to: 1, count: 1, confidence: 0.9, accuracy: 0 },
    ]);
    expect(expectedError).toBeCloseTo((2 * 0.05 + 0.9) / 3, 12);
    expect(maximumError).toBeCloseTo(0.9, 12);
  });

  test('is of nothing where there is nothing, and takes what is quite sure and what is not at all', () => {
    expect(calibrationOf([], () => true)).toMatchObject({ expectedError: 0, maximumError: 0 });
    const { bins } = calibrationOf([0, 1], i => i === 1);
    expect(bins.map(({ count }) => count)).toEqual([1, ...Array(13).fill(0), 1]);
  });

  test('has every sample in the bin of its confidence, and errors between 0 and 1', () => {
    const sample = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean());
    fc.assert(
      fc.property(fc.array(sample), fc.integer({ min: 1, max: 30 }), (samples, count) => {
        const sure = samples.map(([confidence]) => confidence);
        const { bins, expectedError, maximumError } = calibrationOf(
          sure,
          i => samples[i]?.[1] ?? false,
          count,
        );
        expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(samples.length);
        for (const { from, to, count: n, confidence } of bins) {
          if (n === 0) expect(confidence).toBeNull();
          else expect(confidence).toSatisfy((mean: number) => mean >= from - 1e-12 && mean <= to + 1e-12);
        }
        expect(expectedError).toBeGreaterThanOrEqual(0);
        expect(expectedError).toBeLessThanOrEqual(maximumError + 1e-12);
        expect(maximumError).toBeLessThanOrEqual(1);
      }),
    );
  });
});
