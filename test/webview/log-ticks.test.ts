import { describe, expect, it } from 'vitest';
import { logTicks } from '../../webview/dashboard/log-ticks';

describe('ticks of a logarithmic axis', () => {
  it.each<[number, number, number[]]>([
    [1, 20_000, [1, 10, 100, 1000, 10_000]],
    [0.03, 4, [0.05, 0.1, 0.2, 0.5, 1, 2]],
    [3219, 7800, [4000, 5000, 6000, 7000]],
    [0.04, 0.2, [0.05, 0.1, 0.15, 0.2]],
    [0, 5, []],
  ])('from %d to %d are round', (min, max, expected) => {
    expect(logTicks(min, max)).toEqual(expected);
  });

  it('are few, however wide the axis', () => {
    expect(logTicks(1e-30, 1e30).length).toBeLessThanOrEqual(10);
  });
});
