/** Results whose shape depends on numbers: they are known at once, and not where the numbers come later. */
import { describe, expect, it } from 'vitest';
import { CompiledStep, nonzero, ones, rand, tensor } from '../../src/engine';

describe('a shape that depends on numbers', () => {
  it('is known before anything is awaited', () => {
    const x = rand([100]);
    const count = x.gt(0.5).nonzero().size(0);
    expect(x.index([x.gt(0.5)]).shape).toEqual([count]);
    expect(x.maskedSelect(x.le(0.5)).shape).toEqual([100 - count]);
  });

  it('cannot be part of a compiled step', async () => {
    const state = ones([3]);
    const body = () => [nonzero(state).sum()];
    await expect(CompiledStep.compile('cpu', [state], body)).rejects.toThrow(
      'nonzero: the shape of its result depends on numbers, so it cannot be part of a compiled step',
    );
  });

  it('of distinct values', async () => {
    const [values, inverse, counts] = tensor([3, 1, 3, 2, 1, 3]).unique(true, true, true);
    expect([await values.tolist(), await inverse.tolist(), await counts.tolist()].map(String)).toEqual([
      '1,2,3',
      '2,0,2,1,0,2',
      '2,1,3',
    ]);
  });
});
