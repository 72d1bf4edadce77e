/** Automatic differentiation as a whole: gradients, how long a graph lives, and what it shows of a network. */
import { describe, expect, it } from 'vitest';
import {
  crossEntropy,
  EngineError,
  enableGrad,
  full,
  grad,
  isGradEnabled,
  nn,
  noGrad,
  ones,
  type Tensor,
  tensor,
} from '../../src/engine';
import { onBothExecutors } from './executors';
import { chainOf } from './golden';

const scalar = (value: number) => tensor(value, { dtype: 'float32', requiresGrad: true });
const vector = (...values: number[]) => tensor(values, { dtype: 'float32', requiresGrad: true });

function forget(leaf: Tensor): void {
  leaf.grad = undefined;
}

onBothExecutors(() => {
  describe('gradients', () => {
    it('x² + y² + z² at (2, 3, 1.5) gives (4, 6, 3)', async () => {
      const [x, y, z] = [scalar(2), scalar(3), scalar(1.5)];
      const sum = x.pow(2).add(y.pow(2)).add(z.pow(2));
      sum.backward();
      expect(await sum.item()).toBe(15.25);
      expect([await x.grad?.item(), await y.grad?.item(), await z.grad?.item()]).toEqual([4, 6, 3]);
    });

    it('a weight that is used twice gets both gradients', async () => {
      const [w, x] = [scalar(3), scalar(2)];
      // w·(w·x): d/dw = 2wx, d/dx = w²
      w.mul(w.mul(x)).backward();
      expect([await w.grad?.item(), await x.grad?.item()]).toEqual([12, 9]);
    });

    it('a skip connection adds the gradients of both ways', async () => {
      const x = vector(1, -2, 3);
      x.add(x.relu().mul(2)).sum().backward();
      expect(await x.grad?.tolist()).toEqual([3, 1, 3]);
    });

    it('a diamond of many paths is walked once', async () => {
      const x = scalar(1);
      let y: Tensor = x;
      for (let i = 0; i < 40; i++) y = y.add(y).mul(0.5);
      y.backward();
      expect(await x.grad?.item()).toBe(1);
    });

    it('backward adds to grad; zeroing it starts anew', async () => {
      const x = vector(1, 2);
      x.mul(3).sum().backward();
      const first = x.grad;
      x.mul(4).sum().backward();
      expect(x.grad).toBe(first);
      expect(await x.grad?.tolist()).toEqual([7, 7]);
      forget(x);
      x.mul(5).sum().backward();
      expect(await x.grad?.tolist()).toEqual([5, 5]);
    });

    it('the gradient of a leaf is a number of its own, not the one that was handed in', async () => {
      const x = vector(1, 2);
      const upstream = ones([2]);
      x.mul(1).backward(upstream);
      x.mul(1).backward(upstream);
      expect(await upstream.tolist()).toEqual([1, 1]);
      expect(await x.grad?.tolist()).toEqual([2, 2]);
    });

    it('noGrad records nothing, enableGrad inside of it does', () => {
      const x = vector(1);
      expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
      expect(noGrad(() => enableGrad(() => x.mul(2))).gradFn?.name).toBe('MulBackward0');
      expect(() => noGrad(() => x.size(4))).toThrow(EngineError);
      expect(isGradEnabled()).toBe(true);
    });

    it('detach cuts the graph and shares the numbers', async () => {
      const x = vector(1, 2);
      const y = x.mul(2);
      const cut = y.detach();
      expect([cut.requiresGrad, cut.isLeaf, cut.gradFn]).toEqual([false, true, undefined]);
      cut.mul(y).sum().backward();
      expect(await x.grad?.tolist()).toEqual([4, 8]);
      cut.add_(1);
      expect(await y.tolist()).toEqual([3, 5]);
    });

    it('retainGrad keeps the gradient of a tensor that is no leaf', async () => {
      const x = vector(1, 2);
      const [y, z] = [x.mul(2), x.mul(5)];
      y.retainGrad();
      y.mul(y).add(z).sum().backward();
      expect(await y.grad?.tolist()).toEqual([4, 8]);
      expect(z.grad).toBeUndefined();
      expect(await x.grad?.tolist()).toEqual([13, 21]);
    });

    it('createGraph differentiates a gradient: (x³)″ = 6x', async () => {
      const x = vector(1, 2, 3);
      const [first] = grad([x.pow(3).sum()], [x], { createGraph: true });
      expect(await first?.tolist()).toEqual([3, 12, 27]);
      const [second] = grad(first ? [first.sum()] : [], [x], { createGraph: true });
      expect(await second?.tolist()).toEqual([6, 12, 18]);
      second?.sum().backward();
      expect(await x.grad?.tolist()).toEqual([6, 6, 6]);
    });

    it('backward with createGraph leaves a gradient that has a graph', async () => {
      const x = scalar(3);
      x.pow(2).backward(undefined, { createGraph: true });
      const first = x.grad;
      expect(first?.requiresGrad).toBe(true);
      forget(x);
      first?.backward();
      expect(await x.grad?.item()).toBe(2);
    });

    it('a view whose base was changed is linked again, also where that is seen inside noGrad', async () => {
      const x = vector(1, 2);
      const y = x.mul(2);
      const first = y.index([0]);
      y.mul_(3);
      expect(noGrad(() => first.requiresGrad)).toBe(true);
      expect(first.gradFn?.name).toBe('AsStridedBackward0');
      first.exp().log().backward();
      expect(await x.grad?.tolist()).toEqual([6, 0]);
    });

    it('grad() leaves every grad alone, and knows what does not matter', async () => {
      const [x, y, z] = [scalar(2), scalar(3), scalar(4)];
      const middle = x.mul(y);
      const found = grad([middle.mul(x)], [x, middle, z]);
      expect([await found[0]?.item(), await found[1]?.item(), found[2]]).toEqual([12, 2, undefined]);
      expect([x.grad, y.grad, z.grad]).toEqual([undefined, undefined, undefined]);
    });

    it('a loss takes the gradient that is handed in, also where it is a constant', async () => {
      const scores = tensor([[0.5, -1]], { dtype: 'float32', requiresGrad: true });
      const loss = crossEntropy(scores, tensor([0]), { ignoreIndex: null });
      const [once] = grad([loss], [scores], { retainGraph: true });
      const [thrice] = grad([loss], [scores], { gradOutputs: [full([], 3, { dtype: 'float32' })] });
      const numbers = async (found: Tensor | undefined) =>
        found === undefined ? [] : Array.from(await found.data(), Number);
      const [single, triple] = [await numbers(once), await numbers(thrice)];
      expect(triple).toHaveLength(2);
      triple.forEach((x, i) => {
        expect(x).toBeCloseTo(3 * (single[i] ?? Number.NaN), 5);
      });
    });

    it('several roots at once', async () => {
      const x = vector(1, 2);
      const [found] = grad([x.mul(2), x.mul(x)], [x], { gradOutputs: [ones([2]), vector(1, 10)] });
      expect(await found?.tolist()).toEqual([4, 42]);
    });

    it('a tensor moved to another device and back passes its gradient', async () => {
      const x = vector(1, 2);
      x.to('webgpu').to('cpu').mul(3).sum().backward();
      expect(await x.grad?.tolist()).toEqual([3, 3]);
    });

    it('gradients of float64 stay float64', async () => {
      const x = tensor([1, 2], { dtype: 'float64', requiresGrad: true });
      x.to('float32').mul(2).sum().backward();
      expect(x.grad?.dtype).toBe('float64');
    });
  });

  describe('the life of a graph', () => {
    it('retainGraph allows a second walk', async () => {
      const x = scalar(2);
      const y = x.pow(3);
      y.backward(undefined, { retainGraph: true });
      y.backward();
      expect(await x.grad?.item()).toBe(24);
    });

    it('without it the second walk fails', () => {
      const x = scalar(2);
      const y = x.pow(3);
      y.backward();
      expect(() => y.backward()).toThrow(
        /^Trying to backward through the graph a second time .*PowBackward0/,
      );
    });

    it('a graph that saved nothing can be walked again, as in PyTorch', async () => {
      const x = scalar(2);
      const y = x.add(1);
      y.backward();
      y.backward();
      expect(await x.grad?.item()).toBe(2);
    });

    it('a part of the graph that was freed stops the whole', () => {
      const x = scalar(2);
      const shared = x.exp();
      shared.mul(2).backward();
      expect(() => shared.add(1).backward()).toThrow(/second time .*ExpBackward0/);
    });
  });
});

describe('the graph of a network', () => {
  it('has the chain of nodes that PyTorch prints', () => {
    const network = new nn.Sequential(
      new nn.Flatten(),
      new nn.Linear(4, 3),
      new nn.ReLU(),
      new nn.Linear(3, 2),
    );
    const loss = crossEntropy(network.forward(ones([5, 2, 2])), tensor([0, 1, 0, 1, 1]));
    // Leaves: 0 and 1 are the first layer's weight and bias, 2 and 3 the second one's. From PyTorch 1.13.1.
    expect(chainOf(loss, network.parameters())).toBe(
      'NllLossBackward0(LogSoftmaxBackward0(AddmmBackward0(AccumulateGrad[3],ReluBackward0(AddmmBackward0(' +
        'AccumulateGrad[1],None,TBackward0(AccumulateGrad[0]))),TBackward0(AccumulateGrad[2]))))',
    );
  });

  it('leads from node to node by nextFunctions', () => {
    const x = vector(1);
    const y = x.mul(2).exp();
    expect(y.gradFn?.name).toBe('ExpBackward0');
    const [product] = y.gradFn?.nextFunctions ?? [];
    expect(product?.node.name).toBe('MulBackward0');
    expect(product?.node.nextFunctions.map(edge => edge?.node.name)).toEqual(['AccumulateGrad', undefined]);
    expect(x.isLeaf && x.gradFn === undefined).toBe(true);
  });

  it('a result of integers has no graph', () => {
    expect(vector(1).gt(0).requiresGrad).toBe(false);
    expect(vector(1).argmax().requiresGrad).toBe(false);
    expect(vector(1).long().requiresGrad).toBe(false);
  });
});
