/** What stands beside the layers: containers, first numbers, clipped gradients. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EngineError, manualSeed, nn, type Tensor, zeros } from '../../src/engine';
import { difference, golden, leaf, readGolden } from './golden';

const clipCase = z.object({
  kind: z.enum(['clip_grad_norm_', 'clip_grad_value_']),
  arguments: z.array(
    z.union([z.number(), z.object({ number: z.string() }).transform(one => Number(one.number))]),
  ),
  before: z.array(golden),
  after: z.array(golden),
  result: golden.nullable(),
});

describe('clipping', () => {
  it.each(readGolden('clipping', z.array(clipCase)))('$kind $arguments', async given => {
    const parameters = given.before.map(gradient => {
      const parameter = zeros(gradient.shape, { requiresGrad: true });
      parameter.grad = leaf(gradient);
      return parameter;
    });
    const [limit = 0, type] = given.arguments;
    const result =
      given.kind === 'clip_grad_value_'
        ? nn.clipGradValue_(parameters, limit)
        : nn.clipGradNorm_(parameters, limit, type);
    for (const [i, expected] of given.after.entries()) {
      expect(await difference(parameters[i]?.grad, expected)).toBeUndefined();
    }
    if (given.result !== null && result !== undefined) {
      expect(await difference(result, given.result)).toBeUndefined();
    }
    expect(given.result === null).toBe(result === undefined);
  });
});

describe('containers', () => {
  it('name what they hold as PyTorch does', () => {
    class Network extends nn.AnyModule {
      readonly layers = new nn.ModuleList([new nn.Linear(2, 3), new nn.ReLU()]);
      readonly heads = new nn.ModuleDict({
        left: new nn.Linear(3, 1),
        right: new nn.Linear(3, 1, { bias: false }),
      });
      readonly scales = new nn.ParameterList([new nn.Parameter(zeros([2])), new nn.Parameter(zeros([]))]);
    }
    const network = new Network();
    network.layers.append(new nn.Linear(3, 3, { bias: false }));
    expect([...network.stateDict().keys()]).toEqual([
      'layers.0.weight',
      'layers.0.bias',
      'layers.2.weight',
      'heads.left.weight',
      'heads.left.bias',
      'heads.right.weight',
      'scales.0',
      'scales.1',
    ]);
    expect([network.layers.length, network.scales.length]).toEqual([3, 2]);
    expect(network.layers.at(-1)).toBeInstanceOf(nn.Linear);
    expect([...network.heads].map(([name]) => name)).toEqual(['left', 'right']);
    expect(() => network.layers.at(3)).toThrow(EngineError);
    expect(() => network.heads.set('train', new nn.ReLU())).toThrow("attribute 'train' already exists");
  });
});

describe('first numbers', () => {
  const spread = async (make: (tensor: Tensor) => Tensor) => {
    manualSeed(1);
    const data = Array.from(await make(zeros([40, 50, 2])).data(), Number);
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    const std = Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length);
    return { mean, std, largest: Math.max(...data.map(Math.abs)) };
  };

  // 100 inputs and 80 outputs for each unit, by torch.nn.init's formulas.
  it.each([
    ['xavierUniform_', nn.init.xavierUniform_, Math.sqrt(2 / 180), Math.sqrt(6 / 180)],
    ['xavierNormal_', nn.init.xavierNormal_, Math.sqrt(2 / 180), undefined],
    ['kaimingUniform_', nn.init.kaimingUniform_, Math.sqrt(2 / 100), Math.sqrt(6 / 100)],
    [
      'kaimingNormal_ of outputs',
      (tensor: Tensor) => nn.init.kaimingNormal_(tensor, { mode: 'fan_out', nonlinearity: 'tanh' }),
      5 / 3 / Math.sqrt(80),
      undefined,
    ],
    ['uniform_', (tensor: Tensor) => nn.init.uniform_(tensor, -2, 2), 4 / Math.sqrt(12), 2],
    ['normal_', (tensor: Tensor) => nn.init.normal_(tensor, 0, 3), 3, undefined],
  ] as const)('%s', async (_, init, std, bound) => {
    const found = await spread(init);
    expect(Math.abs(found.mean)).toBeLessThan(0.1 * std);
    expect(found.std / std).toBeCloseTo(1, 1);
    if (bound !== undefined) {
      expect(found.largest).toBeLessThanOrEqual(bound * 1.000001);
      expect(found.largest).toBeGreaterThan(0.99 * bound);
    }
  });

  it('constants, the identity, and what has no fans', async () => {
    expect([...(await nn.init.constant_(zeros([2]), 0.5).data())]).toEqual([0.5, 0.5]);
    expect([...(await nn.init.ones_(zeros([2])).data())]).toEqual([1, 1]);
    expect([...(await nn.init.eye_(zeros([2, 2])).data())]).toEqual([1, 0, 0, 1]);
    expect(() => nn.init.xavierUniform_(zeros([3]))).toThrow('fewer than 2 dimensions');
    expect(() => nn.init.calculateGain('cosine')).toThrow('Unsupported nonlinearity cosine');
  });
});
