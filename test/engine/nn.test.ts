/** Layers and losses against PyTorch: results, gradients, state, and what they print. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compute, EngineError, manualSeed, nn, type Tensor, zeros } from '../../src/engine';
import { onBothExecutors } from './executors';
import { chainOf, difference, golden, leaf, readGolden } from './golden';
import { callModule, tensorsIn } from './modules';
import { camelCase } from './translate';

const namedTensors = z.array(z.tuple([z.string(), golden]));

const moduleCase = z.object({
  module: z.array(z.unknown()),
  training: z.boolean(),
  repr: z.string(),
  state: namedTensors,
  input: golden,
  output: golden,
  chain: z.string(),
  upstream: golden,
  grads: namedTensors,
  after: namedTensors,
});

const lossCase = z.object({
  loss: z.string(),
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.number())])),
  input: golden,
  /** What is between the input and the target. */
  others: z.array(golden).default([]),
  target: golden,
  output: golden,
  upstream: golden,
  grad: golden,
});

const spec = z.tuple([z.string(), z.unknown()]).rest(z.record(z.string(), z.unknown()));

function construct(kind: string, args: readonly unknown[]): unknown {
  const found: unknown = Reflect.get(nn, kind);
  if (typeof found !== 'function') throw new Error(`there is no nn.${kind}`);
  return Reflect.construct(found, args);
}

function camelKeys(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCase(key), value]));
}

/** What a Sequential is made of: a list of modules, or modules by name. */
function children(args: unknown): unknown[] {
  if (Array.isArray(args)) return args.map(build);
  return [Object.fromEntries(Object.entries(args ?? {}).map(([name, child]) => [name, build(child)]))];
}

/** The module that a golden file describes. */
function build(description: unknown): nn.Module {
  const [kind, args, options] = spec.parse(description);
  const list = Array.isArray(args) ? [...args, ...(options ? [camelKeys(options)] : [])] : [];
  const module = construct(kind, kind === 'Sequential' ? children(args) : list);
  if (!(module instanceof nn.Module)) throw new Error(`nn.${kind} is no module`);
  return module;
}

async function expectState(module: nn.Module, expected: z.infer<typeof namedTensors>): Promise<void> {
  const state = module.stateDict();
  expect([...state.keys()]).toEqual(expected.map(([name]) => name));
  for (const [name, tensor] of expected) {
    expect(await difference(state.get(name), tensor), name).toBeUndefined();
  }
}

const modules = ['modules', 'image-layers'].flatMap(name => readGolden(name, z.array(moduleCase)));
const losses = readGolden('loss-modules', z.array(lossCase));

onBothExecutors(() => {
  describe('modules', () => {
    for (const given of modules) {
      const mode = given.training ? 'training' : 'evaluation';
      it(`${JSON.stringify(given.module)} of [${given.input.shape}] in ${mode}`, async () => {
        const module = build(given.module).train(given.training);
        expect([...module.stateDict()].map(([name, { shape }]) => [name, shape])).toEqual(
          given.state.map(([name, { shape }]) => [name, shape]),
        );
        module.loadStateDict(new Map(given.state.map(([name, tensor]) => [name, leaf(tensor)])));
        const input = leaf(given.input, true);
        const output = module.forward(input);
        expect(chainOf(output, [input, ...module.parameters()])).toBe(given.chain);
        output.backward(leaf(given.upstream));
        const grads = new Map([['input', input.grad]]);
        for (const [name, parameter] of module.namedParameters()) grads.set(name, parameter.grad);
        await compute(output, ...[...grads.values()].filter(grad => grad !== undefined));
        expect(await difference(output, given.output), 'output').toBeUndefined();
        expect([...grads.keys()]).toEqual(given.grads.map(([name]) => name));
        for (const [name, grad] of given.grads) {
          expect(await difference(grads.get(name), grad), `gradient of ${name}`).toBeUndefined();
        }
        await expectState(module, given.after);
      });
    }
  });

  describe('losses', () => {
    for (const given of losses) {
      it(`${given.loss}(${JSON.stringify(given.options)})`, async () => {
        const options = camelKeys(given.options);
        const { weight } = given.options;
        if (Array.isArray(weight)) {
          options['weight'] = leaf({ dtype: 'float32', shape: [weight.length], data: weight });
        }
        const loss = construct(given.loss, [options]);
        if (!(loss instanceof nn.AnyModule)) throw new Error(`nn.${given.loss} is no module`);
        const input = leaf(given.input, true);
        const others = given.others.map(other => leaf(other));
        const [output] = tensorsIn(callModule(loss, [input, ...others, leaf(given.target)]));
        if (output === undefined) throw new Error(`nn.${given.loss} gives no tensor`);
        output.backward(leaf(given.upstream));
        await compute(output);
        expect(await difference(output, given.output)).toBeUndefined();
        expect(await difference(input.grad, given.grad)).toBeUndefined();
      });
    }
  });
});

describe('what modules print', () => {
  it.each(modules.map(({ module, repr }) => [JSON.stringify(module), module, repr] as const))(
    '%s',
    (_, description, repr) => {
      expect(build(description).toString()).toBe(repr);
    },
  );
});

describe('names', () => {
  class Block extends nn.Module {
    readonly first = new nn.Linear(3, 3);
    readonly tied = this.first;
    readonly norm = new nn.BatchNorm1d(3);
    readonly scale = new nn.Parameter(zeros([3]));

    override forward(input: Tensor): Tensor {
      return this.norm.forward(this.tied.forward(this.first.forward(input))).mul(this.scale);
    }
  }

  it('parameters that are shared are listed once, and saved under each name', () => {
    const block = new Block();
    // A module's own parameters come before those of its parts.
    expect(block.namedParameters().map(([name]) => name)).toEqual([
      'scale',
      'first.weight',
      'first.bias',
      'norm.weight',
      'norm.bias',
    ]);
    expect(block.parameters()).toHaveLength(5);
    expect([...block.stateDict().keys()]).toEqual([
      ...['scale', 'first.weight', 'first.bias', 'tied.weight', 'tied.bias'],
      ...['norm.weight', 'norm.bias', 'norm.running_mean', 'norm.running_var', 'norm.num_batches_tracked'],
    ]);
    expect(block.namedBuffers().map(([name]) => name)).toEqual([
      'norm.running_mean',
      'norm.running_var',
      'norm.num_batches_tracked',
    ]);
    expect(block.namedModules().map(([name]) => name)).toEqual(['', 'first', 'norm']);
  });

  it('train and eval reach every part, zeroGrad every parameter', () => {
    const block = new Block().eval();
    expect([block.training, block.first.training, block.norm.training]).toEqual([false, false, false]);
    block.train();
    expect(block.norm.training).toBe(true);
    block
      .forward(zeros([4, 3]))
      .sum()
      .backward();
    expect(block.scale.grad).toBeDefined();
    block.zeroGrad();
    expect(block.parameters().map(({ grad }) => grad)).toEqual(block.parameters().map(() => undefined));
  });

  it('a state that does not fit changes nothing and is described', async () => {
    const layer = new nn.Linear(2, 2);
    const before = await layer.weight.tolist();
    const wrong = new Map([
      ['weight', zeros([2, 3])],
      ['biass', zeros([2])],
    ]);
    expect(() => layer.loadStateDict(wrong)).toThrow(nn.StateDictError);
    expect(() => layer.loadStateDict(wrong)).toThrow(
      /Error\(s\) in loading state_dict for Linear: Missing key\(s\) in state_dict: "bias"; Unexpected key\(s\) in state_dict: "biass"; size mismatch for weight: .*\[2, 3\].*\[2, 2\]/,
    );
    expect(await layer.weight.tolist()).toEqual(before);
  });

  it('a loaded state is a copy', async () => {
    const [a, b] = [new nn.Linear(2, 2), new nn.Linear(2, 2)];
    b.loadStateDict(a.stateDict());
    a.stateDict().get('weight')?.zero_();
    expect(await a.weight.tolist()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(await b.weight.abs().sum().item()).toBeGreaterThan(0);
  });

  it('BatchNorm1d takes two or three dimensions', () => {
    expect(() => new nn.BatchNorm1d(3).forward(zeros([3]))).toThrow(EngineError);
    expect(() => new nn.BatchNorm1d(3).forward(zeros([3]))).toThrow('expected 2D or 3D input (got 1D input)');
  });
});

describe('initial weights', () => {
  it('Linear draws uniformly from ±1/√in', async () => {
    manualSeed(7);
    const layer = new nn.Linear(400, 300);
    for (const tensor of [layer.weight, layer.bias]) {
      if (tensor === undefined) throw new Error('there is no bias');
      const data = Array.from(await tensor.data(), Number);
      const bound = 1 / Math.sqrt(400);
      const mean = data.reduce((a, b) => a + b, 0) / data.length;
      const variance = data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length;
      expect(Math.min(...data)).toBeGreaterThanOrEqual(-bound);
      expect(Math.max(...data)).toBeLessThanOrEqual(bound);
      expect(Math.max(...data)).toBeGreaterThan(0.97 * bound);
      expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * data.length));
      expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, data.length > 1000 ? 1 : 0);
    }
  });

  it('normalising layers start as the identity', async () => {
    for (const layer of [new nn.BatchNorm1d(3), new nn.LayerNorm(3)]) {
      expect(await layer.weight?.tolist()).toEqual([1, 1, 1]);
      expect(await layer.bias?.tolist()).toEqual([0, 0, 0]);
    }
    const state = new nn.BatchNorm1d(2).stateDict();
    expect(await state.get('running_mean')?.tolist()).toEqual([0, 0]);
    expect(await state.get('running_var')?.tolist()).toEqual([1, 1]);
    expect(state.get('num_batches_tracked')?.dtype).toBe('int64');
  });

  it('the same seed gives the same network', async () => {
    const numbers = async () => {
      manualSeed(3);
      const network = new nn.Sequential(new nn.Linear(4, 3), new nn.Linear(3, 2));
      return Promise.all(network.parameters().map(parameter => parameter.tolist()));
    };
    expect(await numbers()).toEqual(await numbers());
  });
});
