/** Histograms in other bins, against counting the values themselves. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeptTensor, lastBin } from '../../src/history/looks-line';
import { type Rebinned, rebin } from '../../src/history/looks-rebin';
import { edgeOf } from '../../src/protocol/tensors';
import { bell, kept } from './looks-support';

/** How many values the fixed bins hold that have an edge within them or at their borders. */
function countAround({ bins, counts, near }: KeptTensor, edge: number): number {
  const size = Math.abs(edge);
  let count = 0;
  bins.forEach((bin, i) => {
    const inside =
      bin === 0
        ? size <= near
        : Math.sign(bin) === Math.sign(edge) &&
          edgeOf(Math.abs(bin)) <= size &&
          (size <= edgeOf(Math.abs(bin) + 1) || Math.abs(bin) === lastBin);
    if (inside) count += counts[i] ?? 0;
  });
  return count;
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
const totalOf = ({ below, counts, above }: Rebinned) => below + sum(counts) + above;

/** Values as they occur: of very different sizes, some exactly zero, some no numbers. */
const value = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: -4, max: 4, noNaN: true }) },
  { weight: 2, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1e38, 1e-42, -0) },
);
const values = fc.array(value, { maxLength: 300 });
const edges = fc
  .uniqueArray(fc.float({ min: -8, max: 8, noNaN: true }), {
    minLength: 2,
    maxLength: 40,
    comparator: (a, b) => a === b,
  })
  .map(list => list.toSorted((a, b) => a - b));

describe('histograms in other bins', () => {
  it('lose no value and make none', () => {
    fc.assert(
      fc.property(values, edges, (data, at) => {
        const found = rebin(kept(data), at);
        expect(found.counts).toHaveLength(at.length - 1);
        expect(totalOf(found)).toBe(data.filter(Number.isFinite).length);
        const all = [found.below, found.above, ...found.counts];
        expect(all.every(count => Number.isInteger(count) && count >= 0)).toBe(true);
      }),
    );
  });

  it('have every value between the edges that are around all of them', () => {
    fc.assert(
      fc.property(values, data => {
        const tensor = kept(data);
        const { min, max } = tensor.statistics;
        if (min === null || max === null || min === max) return;
        const found = rebin(
          tensor,
          [min, (min + max) / 2, max].toSorted((a, b) => a - b),
        );
        expect([found.below, found.above]).toEqual([0, 0]);
      }),
    );
  });

  it('are wrong by no more than what the fixed bins at an edge hold', () => {
    fc.assert(
      fc.property(values, edges, (data, at) => {
        const tensor = kept(data);
        const found = rebin(tensor, at);
        const finite = [...Float32Array.from(data)].filter(Number.isFinite);
        at.slice(0, -1).forEach((edge, i) => {
          const truth = finite.filter(each => each < edge).length;
          const told = found.below + sum(found.counts.slice(0, i));
          expect(Math.abs(told - truth)).toBeLessThanOrEqual(countAround(tensor, edge));
        });
      }),
    );
  });

  it('are exact where the edges are those of fixed bins', () => {
    const data = bell(10_000, 1);
    const at = [-4, -2, -1, -0.5, 0.5, 0.75, 1, 1.5, 4];
    const { counts } = rebin(kept(data), at);
    const truth = at
      .slice(0, -1)
      .map((edge, i) => data.filter(each => each >= edge && each < (at[i + 1] ?? 0)).length);
    // On the left of zero an edge belongs to the bin further out; none of these values is at an edge.
    expect(counts).toEqual(truth);
  });

  it('are the same coarse as fine', () => {
    fc.assert(
      fc.property(values, data => {
        const tensor = kept(data);
        const fine = Array.from({ length: 65 }, (_, i) => -4 + i / 8);
        const coarse = fine.filter((_, i) => i % 8 === 0);
        const found = rebin(tensor, fine).counts;
        const joined = Array.from({ length: 8 }, (_, i) => sum(found.slice(8 * i, 8 * i + 8)));
        expect(rebin(tensor, coarse).counts).toEqual(joined);
      }),
    );
  });

  it('end where the values end, though the outermost fixed bin goes on', () => {
    // 0.0357 lies in the middle of a fixed bin: an even distribution must look even up to its end.
    const data = Float32Array.from({ length: 20_000 }, (_, i) => -0.0357 + (0.0714 * i) / 19_999);
    const at = Array.from({ length: 11 }, (_, i) => -0.0357 + 0.00714 * i);
    for (const count of rebin(kept(data), at).counts) expect(Math.abs(count - 2000)).toBeLessThan(60);
  });

  it('have zeros where zero is, and what is near zero around it', () => {
    const data = [...Array(500).fill(0), ...bell(1000, 1)];
    const { counts } = rebin(kept(data), [-1, -1e-6, 1e-6, 1]);
    expect(counts[1]).toBeGreaterThanOrEqual(500);
    expect(counts[1]).toBeLessThan(510);
    expect(rebin(kept([0, 0, 0]), [-1, 0, 1]).counts).toEqual([0, 3]);
    expect(rebin(kept([0, 0, 0]), [-1, 0]).counts).toEqual([3]);
  });

  it('say what lies beyond', () => {
    expect(rebin(kept([-9, -9, 0.5, 7]), [0, 1])).toEqual({ below: 2, counts: [1], above: 1 });
    expect(rebin(kept([Number.NaN]), [0, 1])).toEqual({ below: 0, counts: [0], above: 0 });
  });
});
