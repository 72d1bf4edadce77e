/** Which values are shown at first. */
import { describe, expect, it } from 'vitest';
import { answerHistograms } from '../../src/history/looks-histograms';
import { edgesOf, fullSpan, quantile, usualSpan, withWidth } from '../../src/history/looks-range';
import { piecesOf } from '../../src/history/looks-rebin';
import { bell, kept, looksAt } from './looks-support';

describe('the usual range of values', () => {
  it('holds all but half a percent on either side', () => {
    const data = bell(20_000, 0.04);
    const { low, high } = usualSpan(looksAt(data), 'linear');
    const within = data.filter(value => value >= low && value <= high).length;
    expect(within / data.length).toBeCloseTo(0.99, 3);
  });

  it('does not fall apart with one outlier, which the full range shows', () => {
    const data = bell(10_000, 0.04);
    const before = usualSpan(looksAt(data, data, data), 'linear');
    const spiked = Float32Array.from(data);
    spiked[17] = 1e6;
    const seen = looksAt(data, spiked, data);
    const after = usualSpan(seen, 'linear');
    expect(after.low).toBeCloseTo(before.low, 2);
    expect(after.high).toBeCloseTo(before.high, 2);
    expect(fullSpan(seen).high).toBe(1e6);
    const answer = answerHistograms(seen, { range: 'usual', scale: 'linear', bins: 40 });
    expect(answer.above[1]).toBeGreaterThan(0);
    expect(answer.outside).toBeCloseTo(0.01, 2);
    expect(answerHistograms(seen, { range: 'full', scale: 'linear', bins: 40 }).outside).toBe(0);
  });

  it('passes over a step at which everything was far out', () => {
    const usual = bell(1000, 1);
    const seen = looksAt(usual, usual, usual, bell(1000, 1e4), usual);
    expect(usualSpan(seen, 'linear').high).toBeLessThan(10);
    expect(usualSpan(seen, 'log').high).toBeGreaterThan(1e4);
  });

  it('holds values that grow while the network learns', () => {
    const widths = [0.1, 0.12, 0.16, 0.2, 0.3, 0.4];
    const { high } = usualSpan(looksAt(...widths.map(width => bell(1000, width))), 'linear');
    expect(high).toBeGreaterThan(quantile(piecesOf(kept(bell(1000, 0.4))), 0.99) ?? 0);
  });

  it('begins at zero where the values of a ReLU do, however many zeros there are', () => {
    const values = [...Array(990).fill(0), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const { low, high } = usualSpan(looksAt(values), 'linear');
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(9);
  });

  it('can be seen even of values that are all the same', () => {
    expect(withWidth(usualSpan(looksAt([0, 0, 0]), 'linear'))).toEqual({ low: -1, high: 1 });
    const same = withWidth(usualSpan(looksAt([2, 2, 2]), 'linear'));
    expect(same.low).toBeLessThan(2);
    expect(same.high).toBeGreaterThan(2);
    expect(withWidth(usualSpan(looksAt([Number.NaN]), 'log'))).toEqual({ low: -1, high: 1 });
  });
});

describe('edges', () => {
  it('are equally far from each other', () => {
    expect(edgesOf({ low: -1, high: 3 }, 'linear', 4, [])).toEqual([-1, 0, 1, 2, 3]);
  });

  it('have powers of ten equally far from each other on a logarithmic scale', () => {
    const seen = looksAt(bell(1000, 1), bell(1000, 1e-6));
    const edges = edgesOf({ low: -10, high: 10 }, 'log', 200, seen);
    const at = (value: number) => edges.findIndex(edge => edge >= value);
    expect(edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge))).toBe(true);
    expect([edges[0], edges.at(-1)]).toEqual([-10, 10]);
    const decades = [1e-4, 1e-3, 0.01, 0.1, 1].map((value, i, all) => at(all[i + 1] ?? 10) - at(value));
    expect(Math.max(...decades) - Math.min(...decades)).toBeLessThanOrEqual(1);
    // As far on one side of zero as on the other.
    expect(edges[99]).toBeCloseTo(-(edges[101] ?? 0), 12);
  });

  it.each(['linear', 'log'] as const)('rise on a %s scale whatever the values', scale => {
    for (const values of [[0], [5], [-1e-38, 1e38], [Number.NaN], [1e-40, 2e-40], [-7, -7.000001]]) {
      for (const range of ['usual', 'full'] as const) {
        const { edges, counts, below, above } = answerHistograms(looksAt(values), {
          range,
          scale,
          bins: 16,
        });
        expect(edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? edge))).toBe(true);
        const all = [...(counts[0] ?? []), ...below, ...above].reduce((sum, count) => sum + count, 0);
        expect(all).toBe(values.filter(Number.isFinite).length);
      }
    }
  });
});
