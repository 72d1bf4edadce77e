import { describe, expect, test } from 'vitest';
import { argmaxOf, RunningMetrics, scoresPerClass } from '../../src/training/metrics';

describe('argmaxOf', () => {
  test('takes the largest of its own scores, and the first of equal ones', () => {
    const scores = [9, 1, 3, 3, 2, 9];
    expect(argmaxOf(scores, 1, 4)).toBe(1);
    expect(argmaxOf([-5, -2, -3], 0, 3)).toBe(1);
  });
});

describe('RunningMetrics', () => {
  test('means over samples, not over batches', () => {
    const metrics = new RunningMetrics();
    metrics.add(1, 2, 4);
    metrics.add(4, 0, 1);
    expect(metrics.loss).toBe(8 / 5);
    expect(metrics.accuracy).toBe(2 / 5);
  });

  test('goes on from saved sums', () => {
    const metrics = new RunningMetrics();
    metrics.add(0.1, 2, 4);
    const resumed = new RunningMetrics(metrics.sums);
    for (const each of [metrics, resumed]) each.add(0.7, 1, 3);
    expect(resumed.sums).toEqual(metrics.sums);
    expect(resumed.sums).toEqual({ lossSum: 0.1 * 4 + 0.7 * 3, correct: 3, samples: 7 });
  });
});

describe('scoresPerClass', () => {
  test('precision by columns, recall by rows, f1 between them', () => {
    // Of 4 cats 3 were found, and one dog was called a cat; nothing is or was called a fish.
    const confusion = [
      [3, 1, 0],
      [1, 5, 0],
      [0, 0, 0],
    ];
    const [cat, dog, fish] = scoresPerClass(confusion, ['cat', 'dog', 'fish']);
    expect(cat).toEqual({ label: 'cat', precision: 3 / 4, recall: 3 / 4, f1: 3 / 4, support: 4 });
    expect(dog).toEqual({ label: 'dog', precision: 5 / 6, recall: 5 / 6, f1: 5 / 6, support: 6 });
    expect(fish).toEqual({ label: 'fish', precision: 0, recall: 0, f1: 0, support: 0 });
    const [only] = scoresPerClass(
      [
        [1, 3],
        [1, 0],
      ],
      ['a', 'b'],
    );
    expect(only).toMatchObject({ precision: 1 / 2, recall: 1 / 4 });
    expect(only?.f1).toBeCloseTo(1 / 3, 12);
  });
});
