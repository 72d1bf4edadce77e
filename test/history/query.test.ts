import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookAt, pointLimit } from '../../src/history/query';
import { StepScale } from '../../src/history/scale';
import { Series } from '../../src/history/series';
import type { SeriesQuery } from '../../src/protocol/dashboard';

const everything: SeriesQuery = {
  run: 'r',
  series: 'train/loss',
  axis: 'step',
  from: null,
  to: null,
  margin: 0,
  width: 600,
  log: false,
  smoothing: 0,
};

const steps = { value: (step: number) => step, step: (value: number) => value };

function seriesOf(values: readonly number[], stride = 1): Series {
  const series = new Series();
  values.forEach((value, i) => {
    series.push((i + 1) * stride, value);
  });
  return series;
}

const manyValues = fc
  .record({ length: fc.integer({ min: 0, max: 6000 }), seed: fc.nat(1e6), stride: fc.constantFrom(1, 3, 7) })
  .map(({ length, seed, stride }) => ({
    values: Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + seed) * 43758.5453 - i),
    stride,
  }));

const somewhere = fc.oneof(fc.constant(null), fc.double({ min: -10, max: 45_000, noNaN: true }));

describe('a look at a series', () => {
  it('loses no extreme, and puts every value behind exactly one point', () => {
    fc.assert(
      fc.property(
        manyValues,
        somewhere,
        somewhere,
        fc.boolean(),
        fc.integer({ min: 1, max: 2000 }),
        ({ values, stride }, from, to, log, width) => {
          const answer = lookAt(seriesOf(values, stride), steps, { ...everything, from, to, log, width });
          const inside = values.filter((_, i) => {
            const step = (i + 1) * stride;
            return step >= (from ?? 0) && step <= (to ?? Number.POSITIVE_INFINITY);
          });
          expect(answer.count).toBe(inside.length);
          const seen = (list: readonly (number | null)[]) => list.filter(value => value !== null);
          const low = seen(answer.exact ? answer.mean : answer.min);
          const high = seen(answer.exact ? answer.mean : answer.max);
          if (inside.length === 0) return;
          const [lowest, highest] = [Math.min(...inside), Math.max(...inside)];
          expect(low).toContain(lowest);
          expect(high).toContain(highest);
          expect([...answer.x].sort((a, b) => a - b)).toEqual(answer.x);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the values themselves, as they are, where they are few', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 200 }), values => {
        const answer = lookAt(seriesOf(values), steps, everything);
        expect(answer.exact).toBe(true);
        expect(answer.x).toEqual(values.map((_, i) => i + 1));
        expect(answer.mean).toEqual(values);
      }),
    );
  });

  it('never gives more than about a thousand points', () => {
    const values = Array.from({ length: 200_000 }, (_, i) => Math.cos(i));
    const series = seriesOf(values);
    for (const width of [1, 300, 5000, 100_000]) {
      for (const log of [false, true]) {
        const answer = lookAt(series, steps, { ...everything, width, log, smoothing: 0.9 });
        expect(answer.x.length).toBeLessThanOrEqual(pointLimit + 3);
        const numbers = [answer.mean, answer.min, answer.max, answer.smooth].flat();
        expect(numbers.length).toBeLessThanOrEqual(4 * pointLimit + 12);
      }
    }
    expect(lookAt(series, steps, { ...everything, to: pointLimit }).exact).toBe(true);
  });

  it('keeps a spike of a single step in a million', () => {
    const series = new Series();
    for (let step = 1; step <= 1_000_000; step++) series.push(step, step === 654_321 ? 99 : 1);
    const answer = lookAt(series, steps, everything);
    const at = answer.max.indexOf(99);
    expect(answer.exact).toBe(false);
    expect(Math.abs((answer.x[at] ?? 0) - 654_321)).toBeLessThan(1_000_000 / 100);
    const close = lookAt(series, steps, { ...everything, from: 654_000, to: 654_700 });
    expect(close.exact).toBe(true);
    expect(close.x[close.mean.indexOf(99)]).toBe(654_321);
  });

  it('does not change what it has drawn when the run grows', () => {
    const series = seriesOf(Array.from({ length: 40_000 }, (_, i) => Math.sin(i)));
    const before = lookAt(series, steps, everything);
    for (let step = 40_001; step <= 40_500; step++) series.push(step, 0);
    const after = lookAt(series, steps, everything);
    const complete = before.x.length - 1;
    expect(after.mean.slice(0, complete)).toEqual(before.mean.slice(0, complete));
    expect(after.max.slice(0, complete)).toEqual(before.max.slice(0, complete));
  });

  it('goes one value beyond the range on either side, so that lines reach the borders', () => {
    const answer = lookAt(seriesOf([1, 2, 3, 4, 5]), steps, { ...everything, from: 2.5, to: 4 });
    expect(answer.x).toEqual([2, 3, 4, 5]);
    expect(answer.count).toBe(2);
  });

  it('shows gaps where a loss was no number', () => {
    const answer = lookAt(seriesOf([1, Number.NaN, 3]), steps, { ...everything, smoothing: 0.5 });
    expect(answer.mean).toEqual([1, null, 3]);
    expect(answer.smooth[1]).toBeNull();
  });

  it('counts epochs and seconds by what the run has told', () => {
    const scale = new StepScale(0.5);
    expect(scale.value(10)).toBe(5);
    scale.add(100, 1);
    scale.add(300, 2);
    expect([0, 50, 100, 200, 300, 500].map(step => scale.value(step))).toEqual([0, 0.5, 1, 1.5, 2, 3]);
    expect([0, 0.5, 1.5, 3].map(value => scale.step(value))).toEqual([0, 50, 200, 500]);
    scale.truncateAfter(299);
    expect(scale.value(200)).toBe(2);
  });

  it('averages without the bias of a start at zero, as the formula says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        (values, weight) => {
          const answer = lookAt(seriesOf(values), steps, { ...everything, smoothing: weight });
          let [sum, weights] = [0, 0];
          values.forEach((value, i) => {
            sum = weight * sum + (1 - weight) * value;
            weights = weight * weights + (1 - weight);
            expect(answer.smooth[i]).toBeCloseTo(sum / weights, 9);
          });
          expect(answer.smooth[0]).toBeCloseTo(values[0] ?? 0, 9);
        },
      ),
    );
  });

  it('says nothing of an empty series', () => {
    expect(lookAt(new Series(), steps, everything)).toMatchObject({
      exact: true,
      x: [],
      first: null,
      count: 0,
    });
  });
});
