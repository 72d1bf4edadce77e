import { describe, expect, test } from 'vitest';
import { lossCurve, resample } from '../../src/cli/loss-curve';

const curve = (length: number, loss: (step: number) => number) =>
  Array.from({ length }, (_, i) => ({ step: i + 1, loss: loss(i + 1) }));

/** The labels of the vertical axis with their lines. */
function labels(lines: readonly string[]): { value: number; line: number }[] {
  return lines.flatMap((text, line) => {
    const value = Number(text.slice(0, 8));
    return text.slice(0, 8).trim() !== '' && Number.isFinite(value) ? [{ value, line }] : [];
  });
}

/** The line that the curve is on at its end. */
function lastLine(lines: readonly string[]): number {
  const drawn = lines.slice(0, -2);
  const width = Math.max(...drawn.map(text => text.length));
  return drawn.findIndex(text => text.length === width);
}

describe('resample', () => {
  test('means over equal stretches of steps; an empty stretch goes on as the one before', () => {
    const losses = [1, 2, 3, 4].map((loss, i) => ({ step: 11 + i, loss }));
    expect(resample(losses, 2)).toEqual([1.5, 3.5]);
    expect(resample(losses, 8)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    const sparse = [
      { step: 1, loss: 4 },
      { step: 10, loss: 2 },
    ];
    expect(resample(sparse, 5)).toEqual([4, 4, 4, 4, 2]);
  });
});

describe('lossCurve', () => {
  test('has a logarithmic axis with round labels, and the curve stands where the labels say', () => {
    const lines = lossCurve(
      curve(1000, step => (step <= 500 ? 2 : 0.05)),
      { columns: 80, stepsPerEpoch: 250 },
    );
    const found = labels(lines);
    expect(found.map(({ value }) => value)).toEqual([2, 1, 0.5, 0.2, 0.1, 0.05]);
    const rows = found.map(({ line }) => line);
    // A factor of ten is the same height everywhere.
    expect((rows[4] ?? 0) - (rows[1] ?? 0)).toBe((rows[5] ?? 0) - (rows[2] ?? 0));
    expect(lastLine(lines)).toBe(rows[5]);
    expect(lines[rows[0] ?? 0]).toMatch(/^ +2 ┤─+╮$/);
    expect(lines.at(-2)).toMatch(/^ {9}└─+┴─+┴─+┴─+┴$/);
    expect(lines.at(-1)).toMatch(/^ {3}epoch +1 +2 +3 +4$/);
  });

  test.each([20, 40, 80, 120, 400])('fits into %i columns', columns => {
    for (const loss of [(step: number) => 2.3 / step, () => 1, (step: number) => 1e6 / step ** 3]) {
      const lines = lossCurve(curve(3000, loss), { columns, stepsPerEpoch: 30 });
      expect(lines.length).toBeLessThanOrEqual(16);
      expect(lines.length).toBeGreaterThanOrEqual(6);
      expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(
        Math.min(Math.max(columns, 20), 111),
      );
      expect(labels(lines).length).toBeGreaterThanOrEqual(2);
      const values = labels(lines).map(({ value }) => value);
      expect(values).toEqual(values.toSorted((a, b) => b - a));
      expect(new Set(values).size).toBe(values.length);
    }
  });

  test('a loss of zero, which has no logarithm, is drawn at the bottom', () => {
    const lines = lossCurve(
      curve(100, step => (step < 50 ? 1 : 0)),
      { columns: 60, stepsPerEpoch: 100 },
    );
    expect(lines.join('\n')).not.toMatch(/NaN|Infinity/);
    expect(
      lossCurve(
        curve(100, () => 0),
        { columns: 60, stepsPerEpoch: 100 },
      ),
    ).toEqual([]);
    expect(
      lossCurve(
        curve(1, () => 1),
        { columns: 60, stepsPerEpoch: 1 },
      ),
    ).toEqual([]);
    expect(lossCurve([], { columns: 60, stepsPerEpoch: 1 })).toEqual([]);
  });
});
