/** Twenty steps of every optimizer with each option against PyTorch: weights on the way and what is kept, to 1e-6. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CompiledStep, compute, fromArray, hostInput, optim, type Tensor } from '../../src/engine';
import { roundTo } from '../../src/engine/runtime/reference';
import { onBothExecutors } from './executors';
import { golden, leaf, numbers, readGolden } from './golden';
import { camelCase } from './translate';

const setting = z.union([z.number(), z.boolean(), z.tuple([z.number(), z.number()])]);
const settings = z
  .record(z.string(), setting)
  .transform(given =>
    Object.fromEntries(Object.entries(given).map(([key, value]) => [camelCase(key), value])),
  );

const makers = {
  SGD: (params: Tensor[], options: object) => new optim.SGD(params, { lr: 0, ...options }),
  Adam: (params: Tensor[], options: object) => new optim.Adam(params, options),
  AdamW: (params: Tensor[], options: object) => new optim.AdamW(params, options),
  Adamax: (params: Tensor[], options: object) => new optim.Adamax(params, options),
  NAdam: (params: Tensor[], options: object) => new optim.NAdam(params, options),
  RAdam: (params: Tensor[], options: object) => new optim.RAdam(params, options),
  RMSprop: (params: Tensor[], options: object) => new optim.RMSprop(params, options),
  Adagrad: (params: Tensor[], options: object) => new optim.Adagrad(params, options),
  Adadelta: (params: Tensor[], options: object) => new optim.Adadelta(params, options),
} satisfies Record<string, (params: Tensor[], options: object) => optim.Optimizer>;

const kinds = z.enum(['SGD', 'Adam', 'AdamW', 'Adamax', 'NAdam', 'RAdam', 'RMSprop', 'Adagrad', 'Adadelta']);
const optimizerCase = z.object({
  optimizer: kinds,
  options: settings,
  dtype: z.enum(['float32', 'float64']),
  values: z.record(z.string(), z.array(numbers)),
  state: z.array(z.record(z.string(), golden)),
  settings,
});
type Case = z.infer<typeof optimizerCase>;

const { initial, gradients, cases } = readGolden(
  'optimizer-options',
  z.object({ initial: z.array(golden), gradients: z.array(z.array(numbers)), cases: z.array(optimizerCase) }),
);

const title = ({ optimizer, options, dtype }: Case) => `${optimizer} ${JSON.stringify(options)} ${dtype}`;

function begin({ optimizer, options, dtype }: Case) {
  const parameters = initial.map(value => leaf({ ...value, dtype }, true));
  return { parameters, optimizer: makers[optimizer](parameters, options) };
}

/**
 * Within a millionth: of each number in float64; of the largest of a tensor in float32, where numbers near zero are what
 * is left of larger ones.
 */
function expectMillionth(got: readonly number[], want: readonly number[], dtype: string, what: string): void {
  expect(got, what).toHaveLength(want.length);
  const largest = Math.max(...want.map(Math.abs));
  for (const [i, value] of want.entries()) {
    const scale = dtype === 'float64' ? Math.abs(value) : largest;
    expect(Math.abs((got[i] ?? Number.NaN) - value), `${what}: ${got}, not ${want}`).toBeLessThanOrEqual(
      1e-6 * scale,
    );
  }
}

const list = async (tensor: Tensor) => Array.from(await tensor.data(), Number);

async function expectState(given: Case, optimizer: optim.Optimizer): Promise<void> {
  const { state } = optimizer.stateDict();
  await compute(...optimizer.stateTensors());
  for (const [i, { step, ...tensors }] of given.state.entries()) {
    const kept = state.get(i);
    expect([...(kept?.tensors.keys() ?? [])].sort()).toEqual(Object.keys(tensors).sort());
    if (step !== undefined) expect(kept?.step).toBe(step.data[0]);
    for (const [name, want] of Object.entries(tensors)) {
      const got = kept?.tensors.get(name);
      expect([got?.dtype, got?.shape]).toEqual([want.dtype, want.shape]);
      if (got !== undefined) expectMillionth(await list(got), want.data, given.dtype, name);
    }
  }
}

onBothExecutors(() => {
  for (const given of cases) {
    it(title(given), async () => {
      const { parameters, optimizer } = begin(given);
      const seen = new Map<number, Tensor[]>();
      for (const [turn, step] of gradients.entries()) {
        parameters.forEach((parameter, i) => {
          parameter.grad = fromArray(roundTo(given.dtype, step[i] ?? []), parameter.shape, {
            dtype: given.dtype,
          });
        });
        optimizer.step();
        seen.set(
          turn + 1,
          parameters.map(parameter => parameter.detach().clone()),
        );
      }
      await compute(...[...seen.values()].flat(), ...optimizer.stateTensors());
      for (const [step, values] of Object.entries(given.values)) {
        for (const [i, want] of values.entries()) {
          const tensor = seen.get(Number(step))?.[i];
          const got = tensor === undefined ? [] : await list(tensor);
          expectMillionth(got, want, given.dtype, `step ${step}, parameter ${i}`);
        }
      }
      await expectState(given, optimizer);
    });
  }
});

describe('compiled', () => {
  for (const given of cases.filter(({ dtype }) => dtype === 'float32')) {
    it(title(given), async () => {
      const { parameters, optimizer } = begin(given);
      let turn = 0;
      const step = await CompiledStep.compile('cpu', optimizer.stateTensors(), () => {
        parameters.forEach((parameter, i) => {
          parameter.grad = hostInput(parameter, 'cpu', (target, start) => {
            const numbersOf = gradients[i === 0 ? turn : turn - 1]?.[i] ?? [];
            if (i === 0) turn++;
            numbersOf.forEach((value, j) => {
              if (!(target instanceof BigInt64Array)) target[start + j] = value;
            });
          });
        });
        optimizer.step();
        return [];
      });
      // In two parts: what is kept is carried over.
      await step.run(7);
      await step.run(13);
      for (const [i, want] of (given.values['20'] ?? []).entries()) {
        const parameter = parameters[i];
        const got = parameter === undefined ? [] : await list(parameter.detach());
        expectMillionth(got, want, given.dtype, `parameter ${i}`);
      }
      await expectState(given, optimizer);
      await step.release();
    });
  }
});

describe('defaults', () => {
  it.each(kinds.options)('of %s', kind => {
    const wanted = cases.find(({ optimizer, options }) => {
      const named = Object.keys(options).filter(name => !(kind === 'SGD' && name === 'lr'));
      return optimizer === kind && named.length === 0;
    });
    expect(wanted).toBeDefined();
    if (wanted === undefined) return;
    const { optimizer } = begin(wanted);
    const [group] = optimizer.stateDict().paramGroups;
    expect(wanted.settings).toMatchObject(group?.settings ?? {});
  });
});

describe('settings that make no sense', () => {
  const parameters = () => [leaf({ dtype: 'float32', shape: [1], data: [1] }, true)];
  it.each<[string, () => optim.Optimizer]>([
    ['Invalid learning rate: -1', () => new optim.Adamax(parameters(), { lr: -1 })],
    ['Invalid beta parameter at index 0: 1', () => new optim.RAdam(parameters(), { betas: [1, 0.9] })],
    ['Invalid momentum_decay value: -1', () => new optim.NAdam(parameters(), { momentumDecay: -1 })],
    ['Invalid alpha value: -1', () => new optim.RMSprop(parameters(), { alpha: -1 })],
    ['Invalid momentum value: -1', () => new optim.RMSprop(parameters(), { momentum: -1 })],
    ['Invalid lr_decay value: -1', () => new optim.Adagrad(parameters(), { lrDecay: -1 })],
    [
      'Invalid initial_accumulator_value value: -1',
      () => new optim.Adagrad(parameters(), { initialAccumulatorValue: -1 }),
    ],
    ['Invalid rho value: 1.5', () => new optim.Adadelta(parameters(), { rho: 1.5 })],
    ['Invalid epsilon value: -1', () => new optim.Adadelta(parameters(), { eps: -1 })],
  ])('%s', (message, make) => expect(make).toThrow(message));
});
