/** Differences against plain arithmetic. */
import { expect, it } from 'vitest';
import { changeOf, differenceOf } from '../../src/statistics/difference';

it('says how far two arrays are apart, absolutely and relative to the first', () => {
  const { statistics, relative, changed } = differenceOf(Float32Array.of(3, 4, 0), Float32Array.of(3, 4, 12));
  expect(statistics.norm).toBe(12);
  expect(relative).toBe(12 / 5);
  expect(changed).toBe(1);
  expect(statistics).toMatchObject({ min: 0, max: 12, zeros: 2 });
});

it('has nothing to be relative to where everything was 0', () => {
  expect(differenceOf(Float32Array.of(0, 0), Float32Array.of(1, 0)).relative).toBeNull();
  expect(differenceOf(new Float32Array(0), new Float32Array(0))).toMatchObject({
    relative: null,
    changed: 0,
  });
});

it('takes what is not a number in both for the same, and counts it where it is new', () => {
  const before = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1, 2);
  const after = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NaN, 3);
  expect([...changeOf(before, after)]).toEqual([0, 0, Number.NaN, 1]);
  expect(differenceOf(before, after)).toMatchObject({
    changed: 2,
    statistics: { nan: 1, infinite: 0, norm: 1 },
  });
});

it('sees a change in the last digit of a large integer, and compares different types by their values', () => {
  expect([...changeOf(BigInt64Array.of(2n ** 60n), BigInt64Array.of(2n ** 60n + 1n))]).toEqual([1]);
  expect([...changeOf(Int32Array.of(1, 2), Float64Array.of(1, 2.5))]).toEqual([0, 0.5]);
});
