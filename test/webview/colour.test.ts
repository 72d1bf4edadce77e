import { describe, expect, it } from 'vitest';
import { contrast, distinct, type Rgba } from '../../webview/shared/colour';

const white: Rgba = [255, 255, 255, 255];
const black: Rgba = [0, 0, 0, 255];

describe('contrast', () => {
  it('is that of the guidelines', () => {
    expect(contrast(white, black)).toBeCloseTo(21, 5);
    expect(contrast(white, white)).toBe(1);
    // The lightest grey that letters may have on white.
    expect(contrast([118, 118, 118, 255], white)).toBeCloseTo(4.54, 2);
  });
});

describe('a colour that is to be seen', () => {
  it('stays as it is where it can be seen, without its transparency', () => {
    expect(distinct([234, 92, 0, 84], black, white, 3)).toEqual([234, 92, 0, 255]);
  });

  it('is moved to the colour of the text where it cannot', () => {
    for (const colour of [[255, 255, 0, 255], white, [200, 220, 255, 30]] satisfies Rgba[]) {
      const found = distinct(colour, white, black, 4.5);
      expect(contrast(found, white)).toBeGreaterThanOrEqual(4.5);
    }
    expect(distinct([255, 255, 0, 255], white, black, 3)).not.toEqual(black);
  });
});
