/** Statistics and histograms against plain counting. */
import { describe, expect, it } from 'vitest';
import { Generator } from '../../src/engine';
import { edgeOf, type Histogram } from '../../src/protocol/tensors';
import { histogramOf, statisticsOf } from '../../src/statistics/statistics';

/** The bin that a value belongs into, by comparing it with edges. */
function binByEdges(value: number, near: number): number {
  const size = Math.abs(value);
  if (size < near) return 0;
  let bin = 1;
  while (edgeOf(bin + 1) <= size) bin++;
  return Math.sign(value) * bin;
}

function counted({ bins, counts }: Histogram): Map<number, number> {
  return new Map(bins.map((bin, i) => [bin, counts[i] ?? 0]));
}

const random = new Generator(7);
const normals = (count: number, scale: number) =>
  Float32Array.from({ length: count }, () => random.normalPair()[0] * scale);

describe('a histogram', () => {
  it('has every value in the bin whose edges are around it', () => {
    for (const scale of [1e-6, 0.04, 1, 3e5]) {
      const data = normals(2000, scale);
      const histogram = histogramOf(data);
      const expected = new Map<number, number>();
      for (const value of data) {
        const bin = binByEdges(value, histogram.near);
        expected.set(bin, (expected.get(bin) ?? 0) + 1);
      }
      expect(counted(histogram)).toEqual(new Map([...expected].sort(([a], [b]) => a - b)));
      expect(histogram.bins).toEqual(histogram.bins.toSorted((a, b) => a - b));
    }
  });

  it('has edges at the powers of two and sixteen bins between two of them', () => {
    const edges = Array.from({ length: 64 }, (_, i) => edgeOf(i + 1));
    expect(edges[0]).toBe(2 ** -40);
    expect([edges[16], edges[32]]).toEqual([2 ** -39, 2 ** -38]);
    expect((edges[17] ?? 0) / (edges[16] ?? 1)).toBeCloseTo(1 + 1 / 16, 12);
  });

  it('does not fall apart with an outlier', () => {
    const data = normals(10_000, 0.04);
    const before = histogramOf(data);
    data[0] = 1e9;
    const after = histogramOf(data);
    expect(after.bins.at(-1)).toBe(binByEdges(1e9, 0));
    expect(Math.abs(after.bins.length - before.bins.length)).toBeLessThanOrEqual(1);
    expect(after.near).toBe(before.near);
  });

  it('keeps most values apart, however many are far out', () => {
    const data = normals(10_000, 0.04);
    const before = histogramOf(data);
    data.fill(1e9, 0, 3000);
    const after = histogramOf(data);
    expect(after.near).toBeLessThan(0.01);
    expect(after.bins.length).toBeGreaterThan(before.bins.length / 2);
  });

  it('counts each value once, however large', () => {
    const { bins, counts } = histogramOf(Float32Array.of(2 ** 64, -(2 ** 75), 2 ** 80, 3e38));
    expect(counts).toEqual([1, 3]);
    expect(bins[1]).toBe(-(bins[0] ?? 0));
  });

  it('counts finite values only; zeros and what is tiny beside the rest are near zero', () => {
    const data = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 0, -0, 1e-30, 1, -1, 1e30, 1e-5);
    const histogram = histogramOf(data);
    expect(histogram.counts.reduce((a, b) => a + b, 0)).toBe(7);
    expect(histogramOf(Float32Array.of(0, -0))).toMatchObject({ bins: [0], counts: [2] });
    expect(histogramOf(new Float32Array(0))).toMatchObject({ bins: [], counts: [] });
    expect(histogramOf(BigInt64Array.of(3n, -3n))).toMatchObject({ counts: [1, 1] });
  });
});

describe('statistics', () => {
  it('are those of plain formulas', () => {
    for (const data of [normals(5000, 2), normals(5000, 1e-3).map(x => x + 1e4), Uint8Array.of(3, 0, 250)]) {
      const all = Array.from(data, Number);
      const mean = all.reduce((a, b) => a + b, 0) / all.length;
      const std = Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length);
      const found = statisticsOf(data);
      expect(found).toMatchObject({
        count: all.length,
        min: Math.min(...all),
        max: Math.max(...all),
        zeros: all.filter(x => x === 0).length,
        nan: 0,
        infinite: 0,
      });
      expect(found.mean).toBeCloseTo(mean, 9);
      expect(Math.abs((found.std ?? 0) - std)).toBeLessThan(1e-9 * Math.max(1, std));
      expect((found.norm ?? 0) / Math.hypot(...all)).toBeCloseTo(1, 12);
    }
  });

  it('leave out what is not finite, and count it', () => {
    const data = Float32Array.of(Number.NaN, 1, 3, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    expect(statisticsOf(data)).toMatchObject({
      count: 5,
      min: 1,
      max: 3,
      mean: 2,
      std: 1,
      nan: 1,
      infinite: 2,
    });
    expect(statisticsOf(Float32Array.of(Number.NaN))).toEqual({
      count: 1,
      min: null,
      max: null,
      mean: null,
      std: null,
      norm: null,
      zeros: 0,
      nan: 1,
      infinite: 0,
    });
    expect(statisticsOf(new Float32Array(0))).toMatchObject({ count: 0, min: null });
    expect(statisticsOf(BigInt64Array.of(5n, 5n))).toMatchObject({ mean: 5, std: 0, norm: Math.sqrt(50) });
  });
});
