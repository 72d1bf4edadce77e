import { describe, expect, test } from 'vitest';
import { between, sizes, whole } from '../../src/cli/options';

describe('options', () => {
  test('whole numbers from a least one on', () => {
    const parse = whole(1);
    expect(['1', '42', '1e3', ' 7 '].map(parse)).toEqual([1, 42, 1000, 7]);
    for (const text of ['', ' ', 'x', '0', '-1', '1.5', '1e400', 'NaN', '9007199254740993', '5x']) {
      expect(() => parse(text), text).toThrow('expected a whole number of at least 1.');
    }
    expect(whole(0)('0')).toBe(0);
  });

  test('numbers in a range', () => {
    const positive = between(0, Number.POSITIVE_INFINITY);
    expect(['0.1', '1e30', '.5'].map(positive)).toEqual([0.1, 1e30, 0.5]);
    for (const text of ['', '0', '-1', 'Infinity', 'NaN', '1,5']) {
      expect(() => positive(text), text).toThrow('expected a number above 0.');
    }
    const share = between(0, 1, { orEqual: true });
    expect(['0', '0.99'].map(share)).toEqual([0, 0.99]);
    for (const text of ['1', '-0.1', '', 'x']) {
      expect(() => share(text), text).toThrow('expected a number of at least 0 and below 1.');
    }
  });

  test('sizes of layers', () => {
    expect(sizes('256')).toEqual([256]);
    expect(sizes('256,128, 100')).toEqual([256, 128, 100]);
    for (const text of ['', '256,', ',', '256;128', '0', '256,-1']) expect(() => sizes(text), text).toThrow();
  });
});
