/** Draws as likely as weights say: counted, since random numbers cannot be compared with PyTorch's. */
import { describe, expect, it } from 'vitest';
import { Generator, multinomial, ones, tensor } from '../../src/engine';
import { onBothExecutors } from './executors';

onBothExecutors(() => {
  describe('multinomial', () => {
    it('draws each index as often as its weight says', async () => {
      const draws = await multinomial(tensor([1, 0, 3, 4.5]), 4000, true, {
        generator: new Generator(3),
      }).data();
      expect(draws).toHaveLength(4000);
      const counts = [0, 0, 0, 0].map((_, i) => Array.from(draws, Number).filter(draw => draw === i).length);
      expect(counts[1]).toBe(0);
      // Four standard deviations of a binomial distribution are below 0.032.
      for (const [i, share] of [1 / 8.5, 0, 3 / 8.5, 4.5 / 8.5].entries()) {
        expect(Math.abs((counts[i] ?? 0) / 4000 - share)).toBeLessThan(0.032);
      }
    });

    it('draws no index twice without replacement', async () => {
      const weights = ones([50, 6]);
      const draws = multinomial(weights, 6, false, { generator: new Generator(4) });
      expect([draws.shape, draws.dtype]).toEqual([[50, 6], 'int64']);
      const rows = (await draws.sort(-1).values.tolist()) as number[][];
      for (const row of rows) expect(Array.from(row, Number)).toEqual([0, 1, 2, 3, 4, 5]);
      const first = Array.from(await draws.select(1, 0).data(), Number);
      expect(new Set(first).size).toBe(6);
    });

    it('is a method, too, and repeats with the seed', async () => {
      const draw = () =>
        tensor([0.2, 0.8])
          .multinomial(9, true, { generator: new Generator(5) })
          .tolist();
      expect(await draw()).toEqual(await draw());
    });

    it.each([
      [/^prob_dist must be 1 or 2 dim/, () => multinomial(ones([1, 1, 1]), 1)],
      [/^multinomial only supports floating-point/, () => multinomial(tensor([1, 2]), 1)],
      [/^cannot sample n_sample > prob_dist/, () => multinomial(ones([2]), 3)],
      [/^cannot sample n_sample <= 0/, () => multinomial(ones([2]), 0)],
      [/contains either `inf`, `nan` or element < 0/, () => multinomial(tensor([0.5, -1]), 1)],
      [/^invalid multinomial distribution/, () => multinomial(tensor([0, 0], { dtype: 'float32' }), 1)],
    ])('refuses %s', (message, body) => {
      expect(body).toThrow(message);
    });
  });
});
