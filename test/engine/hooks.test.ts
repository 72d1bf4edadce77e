/** Hooks on tensors, and of modules on the way back: what PyTorch lets them see and change. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { grad, nn, ones, type Tensor, tensor } from '../../src/engine';
import { onBothExecutors } from './executors';
import { chainOf, difference, type Golden, golden, readGolden } from './golden';

const shown = z.array(golden.nullable());
const given = readGolden(
  'hooks',
  z.object({
    tensors: z.array(shown),
    modules: z.array(
      z.object({
        grad: z.tuple([z.boolean(), z.boolean()]),
        outputs: z.enum(['both', 'first', 'second']),
        replace: z.boolean(),
        chain: z.string(),
        seen: shown,
        grads: shown,
      }),
    ),
    layer: z.object({ chain: z.string(), seen: shown, grads: shown }),
  }),
);

/** The `Pair` of hook_cases.py. */
class Pair extends nn.Module<[Tensor, number, Tensor], [Tensor, Tensor]> {
  readonly weight = new nn.Parameter(tensor([2, 3], { dtype: 'float32' }));

  override forward(a: Tensor, factor: number, b: Tensor): [Tensor, Tensor] {
    return [a.mul(this.weight), b.mul(factor).add(this.weight)];
  }
}

async function expectTensors(
  found: readonly (Tensor | undefined)[],
  expected: readonly (Golden | null)[] | undefined,
): Promise<void> {
  expect(found).toHaveLength(expected?.length ?? -1);
  for (const [i, want] of expected?.entries() ?? []) {
    if (want === null) expect(found[i], `tensor ${i}`).toBeUndefined();
    else expect(await difference(found[i], want), `tensor ${i}`).toBeUndefined();
  }
}

onBothExecutors(() => {
  it('hooks on tensors see and replace gradients', async () => {
    const seen: Tensor[] = [];
    const x = tensor([1, 2], { dtype: 'float32', requiresGrad: true });
    const removeTwice = x.registerHook(g => {
      seen.push(g);
      return g.mul(2);
    });
    x.registerHook(g => void seen.push(g));
    const y = x.mul(3);
    y.registerHook(g => g.add(1));
    y.retainGrad();
    y.sum().backward(undefined, { retainGraph: true });
    await expectTensors([...seen, x.grad, y.grad], given.tensors[0]);
    seen.length = 0;
    const gradients = grad([y.sum()], [x, y], { retainGraph: true });
    await expectTensors([...gradients, ...seen], given.tensors[1]);
    removeTwice();
    x.grad = undefined;
    y.sum().backward(undefined, { retainGraph: true });
    await expectTensors([x.grad, ...seen], given.tensors[2]);
    const changed = x.mul(3);
    changed.registerHook(g => g.mul(10));
    changed.mul_(5);
    x.grad = undefined;
    changed.sum().backward();
    await expectTensors([x.grad], given.tensors[3]);
  });

  it.each(given.modules)('a module with gradients $grad, $outputs used, replaced: $replace', async one => {
    const [module, seen] = [new Pair(), [] as (Tensor | undefined)[]];
    module.registerFullBackwardHook((_, gradInput, gradOutput) => {
      seen.push(...gradInput, ...gradOutput);
      if (!one.replace || gradInput.every(g => g === undefined)) return undefined;
      return gradInput.map(g => g?.mul(10));
    });
    const a = tensor([1, 2], { dtype: 'float32', requiresGrad: one.grad[0] });
    const b = tensor([5, 7], { dtype: 'float32', requiresGrad: one.grad[1] });
    const [u, v] = module.call(a, 3, b);
    const losses = { both: () => u.sum().add(v.sum().mul(2)), first: () => u.sum(), second: () => v.sum() };
    const loss = losses[one.outputs]();
    expect(chainOf(loss, [a, b, module.weight])).toBe(one.chain);
    loss.backward();
    await expectTensors(seen, one.seen);
    await expectTensors([a.grad, b.grad, module.weight.grad], one.grads);
  });

  it('a layer with one input and one output', async () => {
    const layer = new nn.Linear(2, 3);
    const weight = tensor([
      [1, 2],
      [3, -4],
      [0.5, 0.25],
    ]);
    layer.loadStateDict(new Map([...layer.stateDict(), ['weight', weight], ['bias', tensor([0, 0, 0])]]));
    const seen: (Tensor | undefined)[] = [];
    const remove = layer.registerFullBackwardHook(
      (_, gradInput, gradOutput) => void seen.push(...gradInput, ...gradOutput),
    );
    const x = tensor([[1, -1]], { dtype: 'float32', requiresGrad: true });
    const y = layer.call(x);
    const parameters = layer.parameters();
    expect(chainOf(y, [x, ...parameters])).toBe(given.layer.chain);
    y.pow(2).sum().backward();
    await expectTensors(seen, given.layer.seen);
    await expectTensors([x.grad, ...parameters.map(({ grad }) => grad)], given.layer.grads);
    remove();
    expect(layer.call(x).gradFn?.name).toBe('AddmmBackward0');
  });

  it('a pre-hook replaces the gradients of the output', async () => {
    const relu = new nn.ReLU();
    const seen: (Tensor | undefined)[] = [];
    relu.registerFullBackwardPreHook((_, [g]) => g?.mul(3));
    relu.registerFullBackwardHook((_, gradInput, gradOutput) => void seen.push(...gradInput, ...gradOutput));
    const x = tensor([-1, 2], { dtype: 'float32', requiresGrad: true });
    relu.call(x).sum().backward();
    expect(await Promise.all(seen.map(one => one?.tolist()))).toEqual([
      [0, 3],
      [3, 3],
    ]);
    expect(await x.grad?.tolist()).toEqual([0, 3]);
  });
});

describe('a hook is refused', () => {
  it('on a tensor that wants no gradient', () => {
    expect(() => ones([2]).registerHook(g => g)).toThrow(
      "cannot register a hook on a tensor that doesn't require gradient",
    );
    expect(() => ones([2]).retainGrad()).toThrow("can't retain_grad on Tensor that has requires_grad=False");
  });

  it('if what it gives has another shape, type or number', () => {
    const passed = (hook: (gradient: Tensor) => Tensor) => {
      const x = ones([2], { requiresGrad: true });
      x.registerHook(hook);
      x.mul(2).sum().backward();
    };
    expect(() => passed(() => ones([3]))).toThrow(
      'a hook has changed the size of the gradient (was [2], got [3])',
    );
    expect(() => passed(g => g.to('float64'))).toThrow(
      'a hook has changed the type of the gradient (was float32, got float64)',
    );
    const relu = new nn.ReLU();
    relu.registerFullBackwardHook((_, [g]) => [g, g]);
    expect(() =>
      relu
        .call(ones([2], { requiresGrad: true }))
        .sum()
        .backward(),
    ).toThrow('invalid number of grad_input, got 2, but expected 1');
  });
});
