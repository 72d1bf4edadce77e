/**
 * Operations that are lowered look at how their inputs came about, to fuse them. What was computed before is given and
 * has no history in the graph: every part of a computation may have been asked for first.
 */
import { describe, expect, it } from 'vitest';
import { crossEntropy, grad, manualSeed, ones, randn, type Tensor, tensor } from '../../src/engine';

/** Computations that are fused in one way or another, and all that is computed on the way. */
const computations: Record<string, () => Tensor[]> = {
  'a product of a scaled transpose': () => {
    const weight = randn([3, 4]);
    const changed = weight.sub(randn([3, 4]));
    const turned = changed.t();
    const scaled = turned.div(7);
    return [changed, turned, scaled, randn([2, 4]).matmul(scaled)];
  },
  'a product turned': () => {
    const product = randn([2, 3]).matmul(randn([3, 4]));
    return [product, product.t()];
  },
  'a step of SGD': () => {
    const rows = randn([5, 3]);
    const gradient = rows.t().matmul(randn([5, 4]));
    const scaled = gradient.mul(tensor(0.1));
    return [rows, gradient, scaled, randn([3, 4]).sub(scaled)];
  },
  'a step of SGD with the sum of rows': () => {
    const rows = randn([5, 3]).mul(2);
    const sum = rows.sum(0);
    const scaled = sum.mul(tensor(0.1));
    return [rows, sum, scaled, randn([3]).sub(scaled)];
  },
  'a velocity': () => {
    const velocity = randn([3, 4]);
    const slowed = velocity.mul(0.9);
    const product = randn([3, 5]).matmul(randn([5, 4]));
    return [slowed, product, slowed.add(product)];
  },
  'an expanded operand': () => {
    const row = randn([1, 4]).mul(3);
    const wide = row.expand([5, 4]);
    return [row, wide, randn([5, 4]).add(wide)];
  },
  'a cross-entropy and its gradient': () => {
    const logits = randn([4, 3], { requiresGrad: true });
    const scores = logits.mul(2);
    const loss = crossEntropy(scores, tensor([0, 2, 1, 1], { dtype: 'int64' }));
    const [gradient = ones([1])] = grad([loss], [logits]);
    return [scores, loss, gradient];
  },
};

function difference(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): number {
  return Array.from(a, Number).reduce((most, x, i) => Math.max(most, Math.abs(x - Number(b[i]))), 0);
}

describe('the result is the same whatever was computed first', () => {
  for (const [name, make] of Object.entries(computations)) {
    const build = () => {
      manualSeed(11);
      return make();
    };
    const { length } = build();
    for (let subset = 0; subset < 2 ** (length - 1); subset++) {
      it(`${name}, ${subset}`, async () => {
        const expected = await build().at(-1)?.data();
        const values = build();
        for (const [i, value] of values.slice(0, -1).entries()) if (subset & (1 << i)) await value.data();
        const found = await values.at(-1)?.data();
        expect(found).toHaveLength(expected?.length ?? -1);
        expect(difference(found ?? [], expected ?? [])).toBeLessThan(1e-5);
      });
    }
  }
});
