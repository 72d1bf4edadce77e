/** Twenty steps of every scheduler with each option against PyTorch: learning rates, momentum, and what it remembers. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CompiledStep, hostInput, optim, perStep, zeros } from '../../src/engine';
import { readGolden } from './golden';
import { camelCase } from './translate';

const { lrScheduler } = optim;

const options = z
  .record(z.string(), z.unknown())
  .transform(given =>
    Object.fromEntries(Object.entries(given).map(([key, value]) => [camelCase(key), value])),
  );
const spec = z.tuple([z.string(), z.array(z.unknown()), options]);
const look = z.object({
  lr: z.array(z.number()),
  momentum: z.array(z.number()),
  last_lr: z.array(z.number()).optional(),
});
const schedulerCase = z.object({
  scheduler: z.string(),
  args: z.array(z.unknown()),
  options,
  optimizer: z.enum(['SGD', 'Adam']),
  settings: z.object({ lr: z.number(), momentum: z.number().optional() }),
  metrics: z.array(z.number()).optional(),
  steps: z.array(look),
  state: z.record(z.string(), z.unknown()),
});
type Case = z.infer<typeof schedulerCase>;

const cases = readGolden('schedulers', z.array(schedulerCase));

const lambdas: Record<string, (epoch: number) => number> = {
  half: epoch => 0.5 ** (epoch / 4 + 1),
  rise: epoch => 1 + epoch / 10,
};
const lambdaOf = (name: unknown) => lambdas[z.string().parse(name)] ?? (() => Number.NaN);
const number = (value: unknown) => z.number().parse(value);
const rates = z.union([z.number(), z.array(z.number())]);

type Made = optim.SGD | optim.Adam;

function optimizerOf({ optimizer, settings: { lr, momentum } }: Case): Made {
  const parameters = [zeros([2], { requiresGrad: true }), zeros([3], { requiresGrad: true })];
  const groups = parameters.map((parameter, i) => ({
    params: [parameter],
    settings: i === 1 ? { lr: 0.2 } : {},
  }));
  return optimizer === 'SGD'
    ? new optim.SGD(groups, { lr, ...(momentum !== undefined && { momentum }) })
    : new optim.Adam(groups, { lr });
}

function partOf(
  optimizer: Made,
  [kind, args, given]: z.infer<typeof spec>,
): optim.lrScheduler.LRScheduler<object> {
  const [first] = args;
  if (kind === 'StepLR') return new lrScheduler.StepLR(optimizer, number(first), given);
  if (kind === 'MultiStepLR') {
    return new lrScheduler.MultiStepLR(optimizer, z.array(z.number()).parse(first), given);
  }
  if (kind === 'ExponentialLR') return new lrScheduler.ExponentialLR(optimizer, number(first));
  if (kind === 'LinearLR') return new lrScheduler.LinearLR(optimizer, given);
  if (kind === 'CosineAnnealingLR') {
    return new lrScheduler.CosineAnnealingLR(optimizer, number(first), given);
  }
  if (kind === 'CosineAnnealingWarmRestarts') {
    // PyTorch calls it T_mult.
    const { TMult: tMult, etaMin } = z
      .object({ TMult: z.number().optional(), etaMin: z.number().optional() })
      .parse(given);
    return new lrScheduler.CosineAnnealingWarmRestarts(optimizer, number(first), {
      ...(tMult !== undefined && { tMult }),
      ...(etaMin !== undefined && { etaMin }),
    });
  }
  if (kind === 'OneCycleLR') return new lrScheduler.OneCycleLR(optimizer, rates.parse(first), given);
  if (kind === 'LambdaLR') {
    const functions = Array.isArray(first) ? first.map(lambdaOf) : lambdaOf(first);
    return new lrScheduler.LambdaLR(optimizer, functions);
  }
  throw new Error(`no scheduler ${kind}`);
}

function create(given: Case, optimizer: Made) {
  const { scheduler, args, options: own } = given;
  if (scheduler === 'ReduceLROnPlateau') return new lrScheduler.ReduceLROnPlateau(optimizer, own);
  if (scheduler !== 'SequentialLR') return partOf(optimizer, [scheduler, args, own]);
  const parts = z.array(spec).parse(args[0]);
  const milestones = z.array(z.number()).parse(args[1]);
  return new lrScheduler.SequentialLR(
    optimizer,
    parts.map(part => partOf(optimizer, part)),
    milestones,
  );
}

type Scheduler = ReturnType<typeof create>;

function take(scheduler: Scheduler, optimizer: Made, metric: number | undefined): void {
  optimizer.step();
  if (scheduler instanceof lrScheduler.ReduceLROnPlateau) scheduler.step(metric ?? Number.NaN);
  else scheduler.step();
}

function lookAt(optimizer: Made) {
  const { paramGroups } = optimizer;
  return {
    lr: paramGroups.map(({ settings }) => settings.lr),
    momentum: paramGroups.map(({ settings }) =>
      'betas' in settings ? settings.betas[0] : settings.momentum,
    ),
  };
}

function expectMillionth(got: readonly number[], want: readonly number[], what: string): void {
  expect(got, what).toHaveLength(want.length);
  want.forEach((value, i) => {
    expect(Math.abs((got[i] ?? Number.NaN) - value), `${what}: ${got}, not ${want}`).toBeLessThanOrEqual(
      1e-6 * Math.abs(value),
    );
  });
}

/** States are the same but for the last bits of numbers; what JSON cannot say stands there as text. */
function expectState(got: unknown, want: unknown, what: string): void {
  if (Array.isArray(want)) {
    expect(got, what).toHaveLength(want.length);
    want.forEach((item, i) => {
      expectState(z.array(z.unknown()).parse(got)[i], item, `${what}[${i}]`);
    });
  } else if (typeof want === 'object' && want !== null) {
    const record = z.record(z.string(), z.unknown()).parse(got);
    expect(Object.keys(record).sort(), what).toEqual(Object.keys(want).sort());
    for (const [name, item] of Object.entries(want)) expectState(record[name], item, `${what}.${name}`);
  } else if (typeof want === 'number') expectMillionth([number(got)], [want], what);
  else if (want === 'Infinity' || want === '-Infinity') expect(got, what).toBe(Number(want));
  else expect(got, what).toEqual(want);
}

function loadInto(scheduler: Scheduler, saved: Scheduler): void {
  const { SequentialLR, ReduceLROnPlateau } = lrScheduler;
  if (scheduler instanceof ReduceLROnPlateau && saved instanceof ReduceLROnPlateau) {
    scheduler.loadStateDict(saved.stateDict());
  } else if (scheduler instanceof SequentialLR && saved instanceof SequentialLR) {
    scheduler.loadStateDict(saved.stateDict());
  } else if (scheduler instanceof lrScheduler.LRScheduler && saved instanceof lrScheduler.LRScheduler) {
    scheduler.loadStateDict(saved.stateDict());
  } else throw new Error('two kinds of schedulers');
}

describe('twenty steps', () => {
  for (const given of cases) {
    const title = `${given.scheduler}(${JSON.stringify(given.args).slice(1, -1)}) ${JSON.stringify(given.options)}`;
    it(`${title} with ${given.optimizer}`, () => {
      const optimizer = optimizerOf(given);
      const scheduler = create(given, optimizer);
      // Another pair goes on from the state in the middle.
      const resumedOptimizer = optimizerOf(given);
      const resumed = create(given, resumedOptimizer);
      for (const [step, want] of given.steps.entries()) {
        if (step > 0) take(scheduler, optimizer, given.metrics?.[step - 1]);
        if (step > 9) take(resumed, resumedOptimizer, given.metrics?.[step - 1]);
        if (step === 9) {
          if (optimizer instanceof optim.SGD && resumedOptimizer instanceof optim.SGD) {
            resumedOptimizer.loadStateDict(optimizer.stateDict());
          }
          if (optimizer instanceof optim.Adam && resumedOptimizer instanceof optim.Adam) {
            resumedOptimizer.loadStateDict(optimizer.stateDict());
          }
          loadInto(resumed, scheduler);
        }
        const found = lookAt(optimizer);
        expectMillionth(found.lr, want.lr, `step ${step}`);
        expectMillionth(found.momentum, want.momentum, `momentum of step ${step}`);
        if (want.last_lr !== undefined) expectMillionth(scheduler.getLastLr(), want.last_lr, 'getLastLr');
        if (step >= 9) expect(lookAt(resumedOptimizer)).toEqual(found);
      }
      const { anneal_strategy: _, ...state }: Record<string, unknown> = { ...scheduler.stateDict() };
      expectState(state, given.state, 'state');
    });
  }
});

describe('in a compiled step', () => {
  it.each(['SGD', 'Adam'] as const)('OneCycleLR steers rate and momentum of %s', async kind => {
    const build = () => {
      const weight = zeros([3], { requiresGrad: true });
      const optimizer =
        kind === 'SGD'
          ? new optim.SGD([weight], { lr: 0.1, momentum: 0.9, nesterov: true })
          : new optim.Adam([weight]);
      return { weight, optimizer, scheduler: new lrScheduler.OneCycleLR(optimizer, 0.3, { totalSteps: 12 }) };
    };
    let turn = 0;
    const gradient = () =>
      hostInput({ shape: [3], dtype: 'float32' }, 'cpu', (target, start) => {
        turn++;
        for (let i = 0; i < 3; i++) {
          if (!(target instanceof BigInt64Array)) target[start + i] = Math.sin(turn * 3 + i);
        }
      });
    const eager = build();
    for (let step = 0; step < 10; step++) {
      eager.weight.grad = gradient();
      eager.optimizer.step();
      eager.scheduler.step();
    }
    turn = 0;
    const compiled = build();
    const step = await CompiledStep.compile('cpu', compiled.optimizer.stateTensors(), () => {
      compiled.weight.grad = gradient();
      compiled.optimizer.step();
      perStep(() => compiled.scheduler.step());
      return [];
    });
    await step.run(4);
    await step.run(6);
    expect(compiled.scheduler.stateDict()).toEqual(eager.scheduler.stateDict());
    const [got, want] = [await compiled.weight.tolist(), await eager.weight.tolist()];
    expectMillionth(z.array(z.number()).parse(got), z.array(z.number()).parse(want), 'weights');
    await step.release();
  });
});

describe('refused', () => {
  const sgd = () => new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 0.1 });
  const adagrad = () => new optim.Adagrad([zeros([1], { requiresGrad: true })]);
  it.each<[string, () => unknown]>([
    [
      'Starting multiplicative factor expected to be between 0 and 1.',
      () => new lrScheduler.LinearLR(sgd(), { startFactor: 2 }),
    ],
    [
      'Ending multiplicative factor expected to be between 0 and 1.',
      () => new lrScheduler.LinearLR(sgd(), { endFactor: -1 }),
    ],
    ['Expected positive integer T_0, but got 0', () => new lrScheduler.CosineAnnealingWarmRestarts(sgd(), 0)],
    [
      'Expected integer T_mult >= 1, but got 0.5',
      () => new lrScheduler.CosineAnnealingWarmRestarts(sgd(), 2, { tMult: 0.5 }),
    ],
    ['Factor should be < 1.0.', () => new lrScheduler.ReduceLROnPlateau(sgd(), { factor: 1 })],
    ['expected 1 min_lrs, got 2', () => new lrScheduler.ReduceLROnPlateau(sgd(), { minLr: [0, 0] })],
    ['Expected 1 lr_lambdas, but got 0', () => new lrScheduler.LambdaLR(sgd(), [])],
    [
      'You must define either total_steps OR (epochs AND steps_per_epoch)',
      () => new lrScheduler.OneCycleLR(sgd(), 1),
    ],
    [
      'Expected positive integer total_steps, but got 1.5',
      () => new lrScheduler.OneCycleLR(sgd(), 1, { totalSteps: 1.5 }),
    ],
    [
      'Expected float between 0 and 1 pct_start, but got 2',
      () => new lrScheduler.OneCycleLR(sgd(), 1, { totalSteps: 5, pctStart: 2 }),
    ],
    [
      'expected 1 values for max_lr, got 2',
      () => new lrScheduler.OneCycleLR(sgd(), [1, 2], { totalSteps: 5 }),
    ],
    [
      'optimizer must support momentum with `cycle_momentum` option enabled',
      () => new lrScheduler.OneCycleLR(adagrad(), 1, { totalSteps: 5 }),
    ],
    ['number of schedulers 0', () => new lrScheduler.SequentialLR(sgd(), [], [])],
    [
      'schedulers at index 0 to be different than the optimizer passed in',
      () => new lrScheduler.SequentialLR(sgd(), [new lrScheduler.ExponentialLR(sgd(), 0.9)], []),
    ],
    [
      'Tried to step 5 times. The specified number of total steps is 3',
      () => {
        const scheduler = new lrScheduler.OneCycleLR(sgd(), 1, { totalSteps: 3, cycleMomentum: false });
        for (let step = 0; step < 5; step++) scheduler.step();
      },
    ],
  ])('%s', (message, make) => expect(make).toThrow(message));
});
