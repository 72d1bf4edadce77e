/** Singular values and eigenvalues against matrices whose answer is known, and against each other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eigenvaluesOf, epsilonOf, spectrumOf } from '../../src/statistics/spectrum';
import golden from './golden/spectrum.json';

const float32 = epsilonOf('float32');

describe('singular values', () => {
  it('are the sizes of a diagonal, with rank, null space and condition', () => {
    const data = Float32Array.of(3, 0, 0, 0, 0, -4, 0, 0, 0, 0, 0, 0);
    expect(spectrumOf(data, { rows: 3, columns: 4 }, float32)).toMatchObject({
      singularValues: [4, 3, 0],
      rank: 2,
      nullity: 2,
      condition: null,
      tolerance: 4 * 4 * 2 ** -23,
    });
  });

  it('count what rounding leaves of a dependent row as nothing, as torch.linalg.matrix_rank does', () => {
    // The third row is 0.1 of the first and 0.7 of the second, rounded to float32.
    const rows = [0.3, 0.6, 0.9, 1.1, -0.4, 0.2];
    const third = [0, 1, 2].map(i => 0.1 * (rows[i] ?? 0) + 0.7 * (rows[i + 3] ?? 0));
    const size = { rows: 3, columns: 3 };
    const { rank, nullity, condition } = spectrumOf(Float32Array.from([...rows, ...third]), size, float32);
    expect({ rank, nullity }).toEqual({ rank: 2, nullity: 1 });
    expect(condition).toBeGreaterThan(1e6);
  });

  it('have the squares of all elements as the sum of their squares, whichever side is longer', () => {
    const side = fc.integer({ min: 1, max: 9 });
    const value = fc.float({ min: -8, max: 8, noNaN: true });
    const matrices = fc
      .tuple(side, side)
      .chain(([rows, columns]) =>
        fc.tuple(
          fc.constant({ rows, columns }),
          fc.array(value, { minLength: rows * columns, maxLength: rows * columns }),
        ),
      );
    fc.assert(
      fc.property(matrices, ([size, values]) => {
        const { singularValues } = spectrumOf(Float32Array.from(values), size, float32);
        expect(singularValues).toHaveLength(Math.min(size.rows, size.columns));
        const squares = (list: readonly number[]) => list.reduce((sum, x) => sum + x * x, 0);
        expect(squares(singularValues)).toBeCloseTo(squares(values), 6);
      }),
    );
  });

  it('are not asked of a matrix with NaN', () => {
    const data = Float32Array.of(1, Number.NaN);
    expect(() => spectrumOf(data, { rows: 1, columns: 2 }, float32)).toThrow('not finite');
  });
});

describe('eigenvalues', () => {
  it('of a rotation with stretching are a pair that is conjugate', () => {
    const [first, second] = eigenvaluesOf(Float64Array.of(1, -2, 2, 1), 2);
    expect(first?.real).toBeCloseTo(1, 12);
    expect(Math.abs(first?.imaginary ?? 0)).toBeCloseTo(2, 12);
    expect(second?.imaginary).toBeCloseTo(-(first?.imaginary ?? 0), 12);
  });

  it('begin with the one furthest from zero', () => {
    expect(eigenvaluesOf(Float64Array.of(1, 0, 0, -5), 2)).toEqual([
      { real: -5, imaginary: 0 },
      { real: 1, imaginary: 0 },
    ]);
  });
});

describe.each(golden)(
  'a matrix of $rows × $columns and rank $rank',
  ({ rows, columns, data, ...expected }) => {
    it('is what PyTorch says', () => {
      const found = spectrumOf(Float32Array.from(data), { rows, columns }, float32);
      const [largest = 0] = expected.singularValues;
      found.singularValues.forEach((value, i) => {
        expect(Math.abs(value - (expected.singularValues[i] ?? 0))).toBeLessThan(1e-12 * largest);
      });
      expect(found.rank).toBe(expected.rank);
      expect(found.nullity).toBe(columns - expected.rank);
      if (expected.condition !== undefined)
        expect((found.condition ?? 0) / expected.condition).toBeCloseTo(1, 9);
      if (expected.eigenvalues === undefined) return;
      // In whatever order: each has one that is as good as equal.
      const computed = eigenvaluesOf(Float32Array.from(data), rows);
      for (const [real = 0, imaginary = 0] of expected.eigenvalues) {
        const distances = computed.map(z => Math.hypot(z.real - real, z.imaginary - imaginary));
        expect(Math.min(...distances)).toBeLessThan(1e-7 * largest);
      }
    });
  },
);
