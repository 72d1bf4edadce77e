import { describe, expect, it } from 'vitest';
import { part, shareOf, within } from '../../webview/dashboard/extent';

describe('a part of an axis', () => {
  it('is measured in distances, or in ratios where the axis is logarithmic', () => {
    expect(part({ from: 10, to: 20 }, false, 0.5, 2)).toEqual({ from: 15, to: 30 });
    expect(part({ from: 1, to: 100 }, true, 0.5, 1)).toEqual({ from: expect.closeTo(10), to: 100 });
    expect(shareOf({ from: 10, to: 20 }, false, 12)).toBeCloseTo(0.2);
    expect(shareOf({ from: 1, to: 100 }, true, 10)).toBeCloseTo(0.5);
  });

  it('stays where there is something to see', () => {
    const whole = { from: 1, to: 100 };
    expect(within({ from: 20, to: 30 }, whole)).toEqual({ from: 20, to: 30 });
    expect(within({ from: -5, to: 5 }, whole)).toEqual({ from: 1, to: 11 });
    expect(within({ from: 95, to: 105 }, whole)).toEqual({ from: 90, to: 100 });
    expect(within({ from: -50, to: 500 }, whole)).toBeNull();
  });
});
