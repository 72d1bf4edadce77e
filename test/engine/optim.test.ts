/** Optimizers against PyTorch: ten steps of each with every option, and what is saved in between. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compute, EngineError, fromArray, optim, type Tensor, zeros } from '../../src/engine';
import { onBothExecutors } from './executors';
import { difference, golden, leaf, numbers, readGolden } from './golden';
import { camelCase } from './translate';

const options = z
  .record(z.string(), z.union([z.number(), z.boolean(), z.tuple([z.number(), z.number()])]))
  .transform(given =>
    Object.fromEntries(Object.entries(given).map(([key, value]) => [camelCase(key), value])),
  );

const optimizerCase = z.object({
  optimizer: z.enum(['SGD', 'Adam', 'AdamW']),
  options,
  initial: z.array(golden),
  /** Settings of the group of each parameter, where they have groups of their own. */
  groups: z.array(options).optional(),
  /** Learning rates from a step on. */
  rates: z.record(z.string(), z.number()).optional(),
  gradients: z.array(z.array(numbers.nullable())),
  values: z.array(z.array(numbers)),
  state: z.array(z.object({ step: z.number().optional(), tensors: z.record(z.string(), golden) })),
});

type OptimizerCase = z.infer<typeof optimizerCase>;

const cases = readGolden('optimizers', z.array(optimizerCase));

type AnyOptimizer = optim.SGD | optim.Adam | optim.AdamW;

function create(
  { optimizer, options: given, groups }: OptimizerCase,
  tensors: readonly Tensor[],
): AnyOptimizer {
  const params = groups?.map((settings, i) => ({ params: tensors.slice(i, i + 1), settings })) ?? tensors;
  return optimizer === 'SGD'
    ? new optim.SGD(params, { lr: 0, ...given })
    : new optim[optimizer](params, given);
}

/** Lets one optimizer go on from the state of another one of its kind. */
function load(into: AnyOptimizer, from: AnyOptimizer): void {
  if (into instanceof optim.SGD && from instanceof optim.SGD) into.loadStateDict(from.stateDict());
  if (into instanceof optim.Adam && from instanceof optim.Adam) into.loadStateDict(from.stateDict());
}

function parametersOf({ initial }: OptimizerCase): Tensor[] {
  return initial.map(value => leaf(value, true));
}

function step(given: OptimizerCase, optimizer: AnyOptimizer, tensors: readonly Tensor[], turn: number): void {
  const rate = given.rates?.[String(turn)];
  if (rate !== undefined) optimizer.lr = rate;
  tensors.forEach((tensor, i) => {
    const gradient = given.gradients[turn]?.[i];
    tensor.grad = gradient ? fromArray(Float32Array.from(gradient), tensor.shape) : undefined;
  });
  optimizer.step();
}

function title({ optimizer, options: given, groups, rates }: OptimizerCase): string {
  const more = [groups && 'groups', rates && 'changing rates'].filter(text => text !== undefined);
  return [optimizer, JSON.stringify(given), ...more].join(' ');
}

/** A case written down, not computed yet. One at a time: ONNX Runtime takes long over very large graphs. */
interface Prepared {
  readonly given: OptimizerCase;
  readonly optimizer: AnyOptimizer;
  readonly parameters: readonly Tensor[];
  /** The parameters after each step. */
  readonly seen: readonly (readonly Tensor[])[];
  /** The parameters in the end, where the state was saved after five steps and loaded into another optimizer. */
  readonly resumed: readonly Tensor[];
}

function prepare(given: OptimizerCase): Prepared {
  const parameters = parametersOf(given);
  const optimizer = create(given, parameters);
  const seen = given.gradients.map((_, turn) => {
    step(given, optimizer, parameters, turn);
    return parameters.map(tensor => tensor.detach().clone());
  });
  const before = parametersOf(given);
  const first = create(given, before);
  for (let turn = 0; turn < 5; turn++) step(given, first, before, turn);
  const resumed = before.map(tensor => tensor.detach().clone().requiresGrad_());
  const second = create(given, resumed);
  load(second, first);
  for (let turn = 5; turn < 10; turn++) step(given, second, resumed, turn);
  return { given, optimizer, parameters, seen, resumed };
}

async function checkState({ given, optimizer }: Prepared): Promise<void> {
  const { state } = optimizer.stateDict();
  for (const [i, expected] of given.state.entries()) {
    const kept = state.get(i);
    if (expected.step !== undefined) expect(kept?.step).toBe(expected.step);
    expect([...(kept?.tensors.keys() ?? [])].sort()).toEqual(Object.keys(expected.tensors).sort());
    for (const [name, tensor] of Object.entries(expected.tensors)) {
      expect(await difference(kept?.tensors.get(name), tensor), name).toBeUndefined();
    }
  }
}

onBothExecutors(() => {
  for (const [number, given] of cases.entries()) {
    it(`${number} ${title(given)}`, async () => {
      const made = prepare(given);
      await compute(...made.seen.flat(), ...made.resumed, ...made.optimizer.stateTensors());
      for (const [turn, values] of given.values.entries()) {
        for (const [i, data] of values.entries()) {
          const expected = { dtype: 'float32', shape: given.initial[i]?.shape ?? [], data } as const;
          const actual = made.seen[turn]?.[i];
          expect(await difference(actual, expected), `step ${turn}, parameter ${i}`).toBeUndefined();
        }
      }
      await checkState(made);
      for (const [i, tensor] of made.resumed.entries()) {
        expect(await tensor.tolist(), 'continued').toEqual(await made.parameters[i]?.tolist());
      }
    });
  }
});

describe('settings', () => {
  const parameter = () => zeros([2], { requiresGrad: true });

  it.each([
    ['Invalid learning rate: -1', () => new optim.SGD([parameter()], { lr: -1 })],
    ['Invalid momentum value: -0.1', () => new optim.SGD([parameter()], { lr: 1, momentum: -0.1 })],
    ['Invalid weight_decay value: -1', () => new optim.SGD([parameter()], { lr: 1, weightDecay: -1 })],
    [
      'Nesterov momentum requires a momentum and zero dampening',
      () => new optim.SGD([parameter()], { lr: 1, nesterov: true }),
    ],
    ['Invalid epsilon value: -1', () => new optim.Adam([parameter()], { eps: -1 })],
    ['Invalid beta parameter at index 1: 1', () => new optim.Adam([parameter()], { betas: [0.9, 1] })],
    ['Invalid weight_decay value: -1', () => new optim.AdamW([parameter()], { weightDecay: -1 })],
    ['optimizer got an empty parameter list', () => new optim.Adam([])],
  ])('%s', (message, make) => {
    expect(make).toThrow(EngineError);
    expect(make).toThrow(message);
  });

  it('a state of other groups is refused', () => {
    const saved = new optim.SGD([parameter(), parameter()], { lr: 1 }).stateDict();
    expect(() => new optim.SGD([parameter()], { lr: 1 }).loadStateDict(saved)).toThrow(
      "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
    );
  });

  it('zeroGrad forgets the gradients, step without any changes nothing', async () => {
    const weight = parameter();
    const optimizer = new optim.Adam([weight]);
    weight.sum().backward();
    optimizer.zeroGrad();
    expect(weight.grad).toBeUndefined();
    optimizer.step();
    expect(await weight.tolist()).toEqual([0, 0]);
  });
});
