/** Comparisons of whole tensors, whose answer is one word. */
import { expect, it } from 'vitest';
import { allclose, equal, tensor } from '../../src/engine';
import { onBothExecutors } from './executors';

onBothExecutors(() => {
  const x = tensor([1, 2.5, Number.NaN]);

  it('tensors are close if all elements are', async () => {
    const y = tensor([1 + 1e-6, 2.5, Number.NaN]);
    expect(await allclose(x, y)).toBe(false);
    expect(await x.allclose(y, { equalNan: true })).toBe(true);
    expect(await allclose(tensor([1.5]), tensor([1.6]))).toBe(false);
    expect(await allclose(tensor([1.5]), tensor([1.6]), { atol: 0.2 })).toBe(true);
  });

  it('tensors are equal if shapes and all elements are', async () => {
    expect(await equal(tensor([1, 2]), tensor([1, 2]))).toBe(true);
    expect(await equal(tensor([1, 2]), tensor([1, 3]))).toBe(false);
    expect(await equal(tensor([1, 2]), tensor([[1, 2]]))).toBe(false);
    expect(await x.equal(x)).toBe(false);
  });
});
