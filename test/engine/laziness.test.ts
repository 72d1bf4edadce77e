/** When numbers are computed: what is asked for, and with it what was changed in place. */
import { describe, expect, it } from 'vitest';
import { arange, compute, ones } from '../../src/engine';

describe('laziness', () => {
  it('a chain of updates does not grow behind a parameter', async () => {
    const weight = arange(3, undefined, 1, { dtype: 'float32' });
    for (let i = 0; i < 3; i++) {
      weight.mul_(2);
      await compute(weight);
      expect(weight.expr.buffer).toBeDefined();
    }
    expect(await weight.tolist()).toEqual([0, 8, 16]);
  });

  it('what was changed in place is computed with what is asked for next', async () => {
    const weight = ones([2]);
    weight.add_(1);
    await ones([1]).mul(3).item();
    expect(weight.expr.buffer).toBeDefined();
  });
});
