import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pyramid } from '../../src/history/pyramid';

/** What a range holds, found by looking at every value. */
function bruteForce(values: readonly number[], from: number, to: number) {
  const there = values.slice(from, to).filter(value => !Number.isNaN(value));
  return {
    min: Math.min(...there),
    max: Math.max(...there),
    sum: there.reduce((a, b) => a + b, 0),
    count: there.length,
  };
}

/** Whole numbers add up the same in any order. */
const someValues = fc.array(fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constant(Number.NaN)), {
  maxLength: 700,
});

describe('a pyramid', () => {
  it('knows of any range what a look at every value finds', () => {
    fc.assert(
      fc.property(someValues, fc.nat(700), fc.nat(700), (values, a, b) => {
        const pyramid = new Pyramid();
        for (const value of values) pyramid.push(value);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(pyramid.extent(from, to)).toEqual(bruteForce(values, from, to));
      }),
    );
  });

  it('is as if values that were taken back had never been there', () => {
    fc.assert(
      fc.property(someValues, fc.nat(700), someValues, (before, length, after) => {
        const pyramid = new Pyramid();
        for (const value of before) pyramid.push(value);
        pyramid.truncate(length);
        for (const value of after) pyramid.push(value);
        const all = [...before.slice(0, length), ...after];
        expect(pyramid.length).toBe(all.length);
        expect(pyramid.extent(0, all.length)).toEqual(bruteForce(all, 0, all.length));
        const third = Math.floor(all.length / 3);
        expect(pyramid.extent(third, 2 * third)).toEqual(bruteForce(all, third, 2 * third));
      }),
    );
  });

  it('holds for ranges over several levels', () => {
    const pyramid = new Pyramid();
    const values = Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 10_007);
    for (const value of values) pyramid.push(value);
    for (const [from, to] of [
      [0, 70_000],
      [1, 69_999],
      [255, 65_537],
      [4095, 4097],
      [4096, 69_632],
      [70_000, 70_000],
    ] as const) {
      expect(pyramid.extent(from, to)).toMatchObject({
        count: to - from,
        sum: values.slice(from, to).reduce((a, b) => a + b, 0),
        max: values.slice(from, to).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
      });
    }
  });
});
