/** Integers divided by a zero that is known only when it is computed. */
import { describe, expect, it } from 'vitest';
import { EngineError, tensor, zeros } from '../../src/engine';
import { onBothExecutors } from './executors';

onBothExecutors(() => {
  describe('a computed zero', () => {
    const zero = () => tensor([1, 2, 3]).sub(2);

    it.each([
      ['remainder', () => tensor([5, 6, 7]).remainder(zero())],
      ['fmod', () => tensor([5, 6, 7]).fmod(zero())],
      ['floor_divide', () => tensor([5, 6, 7]).floorDivide(zero())],
      ['div, rounded towards zero', () => tensor([5, 6, 7]).div(zero(), { roundingMode: 'trunc' })],
      ['div, rounded down', () => tensor([5, 6, 7]).div(zero(), { roundingMode: 'floor' })],
      ['% of a number', () => zero().rmod(5)],
    ])('stops %s', async (_, quotient) => {
      const computed = quotient().data();
      await expect(computed).rejects.toThrow(EngineError);
      await expect(computed).rejects.toThrow(/^ZeroDivisionError$/);
    });

    it('is no harm to fractions, to other divisors, and where there is nothing to divide', async () => {
      expect(await tensor([5.5, 6.5, 7.5]).remainder(zero()).tolist()).toEqual([-0.5, Number.NaN, 0.5]);
      expect(await tensor([5, 6, 7]).floorDivide(zero().mul(2).add(5)).tolist()).toEqual([1, 1, 1]);
      const none = zeros([0], { dtype: 'int64' });
      expect(await none.remainder(none.add(0)).tolist()).toEqual([]);
    });
  });
});
