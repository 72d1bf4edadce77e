/**
 * Views whose numbers do not lie in order, and what is refused: as PyTorch 1.13 does it (values read off
 * there by hand).
 */
import { describe, expect, it } from 'vitest';
import { arange, crossEntropy, nn, noGrad, ones, optim, tensor, zeros } from '../../src/engine';

const floats = { dtype: 'float32' } as const;

describe('strides', () => {
  it('are those of PyTorch', () => {
    const x = zeros([2, 3, 4]);
    expect(x.stride()).toEqual([12, 4, 1]);
    expect(x.transpose(0, 2).stride()).toEqual([1, 4, 12]);
    expect(x.slice(1, 0, 3, 2).stride()).toEqual([12, 8, 1]);
    expect(x.select(1, 0).stride()).toEqual([12, 1]);
    expect(zeros([3, 1]).expand(3, 4).stride()).toEqual([1, 0]);
    expect(x.transpose(0, 1).unsqueeze(0).stride()).toEqual([12, 4, 12, 1]);
    expect(x.select(2, 1).view(6).stride()).toEqual([4]);
  });

  it('decide whether reshape shares numbers', async () => {
    const transposed = zeros([2, 3]);
    transposed.t().reshape(6).add_(1);
    expect(await transposed.tolist()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const plain = zeros([2, 3]);
    plain.reshape(6).add_(1);
    expect(await plain.sum().item()).toBe(6);
    const flattened = zeros([2, 3]);
    flattened.t().flatten().add_(1);
    expect(await flattened.sum().item()).toBe(0);
  });

  it('decide which gradients a change reaches', async () => {
    const x = ones([2, 3], { requiresGrad: true });
    const y = x.mul(1);
    y.t().reshape(6).mul_(5);
    y.sum().backward();
    expect(await x.grad?.tolist()).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });

  it('view refuses what only a copy could have', () => {
    expect(() => zeros([2, 3]).t().view(6)).toThrow(
      /view size is not compatible with input tensor's size and stride/,
    );
  });

  it('reshape and contiguous of a transposed tensor give its numbers in order', async () => {
    const x = arange(6).view(2, 3).t();
    expect(await x.reshape(6).tolist()).toEqual([0, 3, 1, 4, 2, 5]);
    expect(x.contiguous()).not.toBe(x);
    expect(await x.contiguous().view(6).tolist()).toEqual([0, 3, 1, 4, 2, 5]);
    const plain = zeros([2]);
    expect(plain.contiguous()).toBe(plain);
  });
});

describe('what PyTorch refuses', () => {
  const logits = tensor([[1, 2, 3]], floats);

  it.each([-1, 3, 7])('label %i', label => {
    expect(() => crossEntropy(logits, tensor([label]))).toThrow(`Target ${label} is out of bounds.`);
  });

  it('ignores the label that is to be ignored', async () => {
    expect(
      await crossEntropy(
        tensor(
          [
            [1, 2],
            [3, 4],
          ],
          floats,
        ),
        tensor([-100, 0]),
      ).item(),
    ).toBeCloseTo(1.3133, 4);
  });

  it('indices out of bounds', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    const message = 'index -1 is out of bounds for dimension 1 with size 2';
    expect(() => x.gather(1, tensor([[-1], [0]]))).toThrow(message);
    expect(() => x.index([tensor([2])])).toThrow('index 2 is out of bounds for dimension 0 with size 2');
    expect(() => x.indexSelect(0, tensor([-1]))).toThrow('index out of range in self');
  });

  it('negative indices between brackets count from the end', async () => {
    expect(
      await tensor([1, 2, 3])
        .index([tensor([-1])])
        .tolist(),
    ).toEqual([3]);
  });

  it('an index that was computed out of bounds, in one sentence', async () => {
    const computed = tensor([1]).add(4);
    await expect(tensor([1, 2, 3]).index([computed]).tolist()).rejects.toThrow(
      /^the computation failed in Gather: /,
    );
  });

  it('a tensor that is multiplied by itself in place and needed again', () => {
    const x = ones([3], { requiresGrad: true });
    const y = x.mul(2);
    y.mul_(y);
    expect(() => y.sum().backward()).toThrow(/modified by an inplace operation/);
  });

  it('parameters twice, and results as parameters', () => {
    const weight = new nn.Parameter(ones([2]));
    expect(() => new optim.SGD([{ params: [weight] }, { params: [weight] }], { lr: 0.1 })).toThrow(
      'some parameters appear in more than one parameter group',
    );
    expect(() => new optim.SGD([weight.mul(2)], { lr: 0.1 })).toThrow("can't optimize a non-leaf Tensor");
  });

  it('probabilities beyond 1, unknown types, and noGrad around something asynchronous', () => {
    expect(() => new nn.Dropout(2)).toThrow('dropout probability has to be between 0 and 1, but got 2');
    const unknown: string = 'float16';
    expect(() => Reflect.apply(ones([1]).to, ones([1]), [unknown])).toThrow("'float16' is neither a dtype");
    expect(() => noGrad(async () => ones([1]))).toThrow(/not async/);
  });
});
