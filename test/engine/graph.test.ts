/** Whole graphs of networks, node by node, against those that PyTorch builds. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  AccumulateGrad,
  compute,
  type GradNode,
  manualSeed,
  nn,
  ones,
  randn,
  readGraph,
  type Tensor,
  tensor,
  zeros,
} from '../../src/engine';
import { readGolden } from './golden';

const cases = readGolden(
  'graphs',
  z.array(
    z.object({
      model: z.enum(['mlp', 'notes', 'skipping']),
      input: z.array(z.number()),
      nodes: z.array(
        z.object({
          name: z.string(),
          next: z.array(z.nullable(z.number())),
          variable: z.nullable(z.string()),
        }),
      ),
    }),
  ),
);

/** One layer used twice, and a connection that goes around them. */
class Skipping extends nn.Module {
  readonly fc1 = new nn.Linear(6, 8);
  readonly shared = new nn.Linear(8, 8);
  readonly out = new nn.Linear(8, 3);

  override forward(x: Tensor): Tensor {
    const first = this.fc1.call(x).relu();
    const second = this.shared.call(first).relu();
    const third = this.shared.call(second).relu();
    return this.out.call(third.add(first));
  }
}

function notes(): nn.Module {
  const sizes = [6, 12, 10, 8, 6, 3];
  const layers: nn.Module[] = [new nn.Flatten()];
  sizes.slice(1).forEach((size, i) => {
    layers.push(new nn.Linear(sizes[i] ?? 0, size));
    if (i < 4) layers.push(new nn.BatchNorm1d(size), new nn.ReLU(), new nn.Dropout(0.3));
  });
  return new nn.Sequential(...layers);
}

const models = {
  mlp: () => new nn.Sequential(new nn.Flatten(), new nn.Linear(6, 8), new nn.ReLU(), new nn.Linear(8, 3)),
  notes,
  skipping: () => new Skipping(),
};

function lossOf(model: nn.Module, shape: readonly number[]): Tensor {
  const labels = tensor([0, 1, 2, 0, 1], { dtype: 'int64' });
  return new nn.CrossEntropyLoss().call(model.call(randn(shape)), labels);
}

function describeNode(node: GradNode, nodes: readonly GradNode[], model: nn.Module) {
  const parameter = model
    .namedParameters()
    .find(([, value]) => node instanceof AccumulateGrad && node.variable === value);
  return {
    name: node.name,
    next: node.nextFunctions.map(edge => (edge === undefined ? null : nodes.indexOf(edge.node))),
    variable: parameter?.[0] ?? null,
  };
}

describe('the graph below a loss', () => {
  for (const { model: name, input, nodes: expected } of cases) {
    it(`of ${name} has PyTorch's nodes and links`, () => {
      manualSeed(0);
      const model = models[name]().train();
      const nodes = readGraph(lossOf(model, input));
      expect(nodes.map(node => describeNode(node, nodes, model))).toEqual(expected);
    });
  }

  it('knows the module of each node, and what the node gave', async () => {
    const model = models.mlp();
    const nodes = readGraph(lossOf(model, [5, 2, 3]));
    const names = new Map<unknown, string>(model.namedModules().map(([path, module]) => [module, path]));
    const addmms = nodes.filter(node => node.name === 'AddmmBackward0');
    expect(addmms.map(node => names.get(node.scope))).toEqual(['3', '1']);
    expect(nodes[0]?.scope).toBeInstanceOf(nn.CrossEntropyLoss);
    expect(addmms.map(({ value }) => value?.shape)).toEqual([
      [5, 3],
      [5, 8],
    ]);
    const relu = nodes.find(node => node.name === 'ReluBackward0');
    const before = await addmms[1]?.value?.data();
    const after = await relu?.value?.data();
    expect(Array.from(after ?? [], Number)).toEqual(
      Array.from(before ?? [], Number).map(x => Math.max(0, x)),
    );
    expect(relu?.saved).toEqual([{ name: 'result', meta: { shape: [5, 8], dtype: 'float32' } }]);
  });

  it('is read however deep it is', () => {
    let x: Tensor = ones([2], { requiresGrad: true });
    for (let i = 0; i < 20_000; i++) x = x.add(1);
    expect(readGraph(x)).toHaveLength(20_001);
    expect(readGraph(zeros([2]))).toEqual([]);
  });

  it('shows the gradients that arrive at its nodes', async () => {
    const x = tensor([2, 3, 1.5], { requiresGrad: true });
    const arrived = new Map<string, Tensor>();
    const loss = x.mul(x).sum();
    loss.backward(undefined, {
      onGradients: (node, [gradient]) => {
        if (gradient !== undefined) arrived.set(node.name, gradient);
      },
    });
    await compute(...arrived.values());
    expect([...arrived.keys()]).toEqual(['SumBackward0', 'MulBackward0', 'AccumulateGrad']);
    expect([...((await arrived.get('AccumulateGrad')?.data()) ?? [])]).toEqual([4, 6, 3]);
  });
});

describe('hooks of modules', () => {
  it('see input and output of a call, may replace the output, and can be taken away', async () => {
    const relu = new nn.ReLU();
    const model = new nn.Sequential(relu, new nn.Flatten());
    const seen: (readonly number[])[] = [];
    const remove = relu.registerForwardHook((module, [input], output) => {
      seen.push(input.shape, output.shape);
      return module instanceof nn.ReLU ? output.add(1) : undefined;
    });
    const x = tensor([
      [-1, 2.5],
      [3, -4],
    ]);
    expect([...(await model.call(x).data())]).toEqual([1, 3.5, 4, 1]);
    expect([...(await model.forward(x).data())]).toEqual([1, 3.5, 4, 1]);
    expect(seen).toHaveLength(4);
    remove();
    expect([...(await model.call(x).data())]).toEqual([0, 2.5, 3, 0]);
  });

  it('see what a module is given, may replace it, and can be taken away', async () => {
    const relu = new nn.ReLU();
    const remove = relu.registerForwardPreHook((_, [input]) => [input.neg()]);
    const x = tensor([-1, 2.5]);
    expect([...(await relu.call(x).data())]).toEqual([1, 0]);
    remove();
    expect([...(await relu.call(x).data())]).toEqual([0, 2.5]);
  });
});
