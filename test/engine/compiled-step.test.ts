/** A compiled step does what the same code does step by step, however many steps are run at once. */
import { describe, expect, it } from 'vitest';
import {
  CompiledStep,
  compute,
  defaultGenerator,
  dropout,
  hostInput,
  manualSeed,
  nn,
  ones,
  optim,
  randn,
  tensor,
  zeros,
} from '../../src/engine';
import { executorFor, setExecutor } from '../../src/engine/runtime/realize';
import { referenceExecutor } from '../../src/engine/runtime/reference';
import {
  eagerGradients,
  fullLayers,
  type Outcome,
  optimizers,
  plainLayers,
  type Recipe,
  Training,
  trainCompiled,
  trainEagerly,
  trainObserved,
  trainObservingLast,
} from './training-example';

/** Equal but for the order in which float32 was added up; steps and random draws are counted exactly. */
function expectClose(actual: Outcome, expected: Outcome): void {
  expect([actual.steps, actual.generator]).toEqual([expected.steps, expected.generator]);
  const pairs = [
    [actual.losses, expected.losses] as const,
    ...actual.state.map((s, i) => [s, expected.state[i]] as const),
  ];
  for (const [got, want] of pairs) {
    expect(got).toHaveLength(want?.length ?? -1);
    for (const [i, x] of got.entries()) {
      const y = want?.[i] ?? Number.NaN;
      expect(Math.abs(x - y), `${x} and ${y}`).toBeLessThanOrEqual(2e-5 + 2e-5 * Math.abs(y));
    }
  }
}

/** Equal but for rounding; of each step that was observed, a parameter each. */
function expectGradients(actual: number[][][], expected: number[][][]): void {
  const lengths = (steps: number[][][]) => steps.map(step => step.map(({ length }) => length));
  expect(lengths(actual)).toEqual(lengths(expected));
  const wanted = expected.flat(2);
  const differences = actual.flat(2).map((x, i) => Math.abs(x - (wanted[i] ?? Number.NaN)));
  expect(Math.max(...differences)).toBeLessThan(2e-5);
}

async function byReference<T>(body: () => Promise<T>): Promise<T> {
  const before = setExecutor('cpu', referenceExecutor);
  try {
    return await body();
  } finally {
    setExecutor('cpu', before);
  }
}

describe('training', () => {
  for (const [name, optimizer] of Object.entries(optimizers)) {
    for (const layers of [plainLayers, fullLayers]) {
      const recipe: Recipe = { device: 'cpu', layers, optimizer };
      it(`${name}, ${layers === plainLayers ? 'plain' : 'with BatchNorm and dropout'}`, async () => {
        const whole = await trainCompiled(recipe, [12]);
        expect(whole.losses).toHaveLength(12);
        expect(whole.steps.every(step => step === 12)).toBe(true);
        // Bit for bit, whatever the chunks.
        expect(
          await trainCompiled(
            recipe,
            Array.from({ length: 12 }, () => 1),
          ),
        ).toEqual(whole);
        expect(await trainCompiled(recipe, [5, 1, 6])).toEqual(whole);
        expectClose(whole, await trainEagerly(recipe, 12));
        expectClose(whole, await byReference(() => trainEagerly(recipe, 12)));
      });
    }
  }

  for (const [name, optimizer] of Object.entries(optimizers)) {
    for (const layers of [plainLayers, fullLayers]) {
      const recipe: Recipe = { device: 'cpu', layers, optimizer };
      it(`${name}, the same bits when gradients are observed, ${layers === plainLayers ? 'plain' : 'in full'}`, async () => {
        const unobserved = await trainCompiled(recipe, [9]);
        const expected = await eagerGradients(recipe, [2, 3, 5, 8]);
        const every = await trainObserved(recipe, 9);
        expect(every.outcome).toEqual(unobserved);
        expectGradients(every.gradients, expected.toSpliced(1, 1));
        const last = await trainObservingLast(recipe, [3, 1, 2, 3]);
        expect(last.outcome).toEqual(unobserved);
        expectGradients(last.gradients, expected);
      });
    }
  }

  it('learns', async () => {
    const { losses } = await trainCompiled(
      { device: 'cpu', layers: plainLayers, optimizer: p => new optim.Adam(p, { lr: 0.03 }) },
      [150],
    );
    const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(losses.slice(-20))).toBeLessThan(0.6 * mean(losses.slice(0, 5)));
  });
});

describe('a compiled step', () => {
  /** A step that adds a number from the host to a counter. */
  async function counting(next: () => number) {
    const counter = zeros([]);
    const step = await CompiledStep.compile('cpu', [counter], () => {
      const given = hostInput({ shape: [], dtype: 'float32' }, 'cpu', (target, start) => {
        if (target instanceof Float32Array) target[start] = next();
      });
      counter.add_(given);
      return [counter.mul(2), given];
    });
    return { counter, step };
  }

  it('gives the outputs of every step, and the state after the last one', async () => {
    let turn = 0;
    const { counter, step } = await counting(() => ++turn);
    expect((await step.run(3)).map(data => Array.from(data, Number))).toEqual([
      [2, 6, 12],
      [1, 2, 3],
    ]);
    expect(await counter.item()).toBe(6);
    expect(Array.from((await step.run(1))[0] ?? [], Number)).toEqual([20]);
    await step.release();
  });

  it('compiling changes nothing and draws nothing', async () => {
    const { counter } = await counting(() => {
      throw new Error('asked while compiling');
    });
    expect(await counter.item()).toBe(0);
    const training = new Training({ device: 'cpu', layers: fullLayers, optimizer: p => new optim.Adam(p) });
    const before = {
      state: await Promise.all(training.state.map(t => t.tolist())),
      drawn: defaultGenerator.getState(),
    };
    await CompiledStep.compile('cpu', training.state, () => [training.step()]);
    expect(await Promise.all(training.state.map(t => t.tolist()))).toEqual(before.state);
    expect(defaultGenerator.getState()).toEqual(before.drawn);
    expect(training.network.parameters().every(({ grad }) => grad === undefined)).toBe(true);
    expect([...training.optimizer.stateDict().state.values()].every(({ step }) => step === 0)).toBe(true);
  });

  it('sees what was changed between two runs', async () => {
    const { counter, step } = await counting(() => 1);
    await step.run(2);
    counter.mul_(10);
    await compute(counter);
    await step.run(1);
    expect(await counter.item()).toBe(21);
  });

  it('asks for the learning rate at every step', async () => {
    const weight = new nn.Parameter(ones([1]));
    const optimizer = new optim.SGD([weight], { lr: 0.5 });
    const step = await CompiledStep.compile('cpu', optimizer.stateTensors(), () => {
      optimizer.zeroGrad();
      weight.sum().backward();
      optimizer.step();
      return [weight.clone()];
    });
    await step.run(1);
    optimizer.lr = 0.25;
    expect(Array.from((await step.run(2))[0] ?? [], Number)).toEqual([0.25, 0]);
  });

  it('continues where ordinary steps stopped, and they go on where it stopped', async () => {
    const recipe: Recipe = {
      device: 'cpu',
      layers: fullLayers,
      optimizer: p => new optim.Adam(p, { lr: 0.01 }),
    };
    const training = new Training(recipe);
    const losses = [await training.step().item(), await training.step().item()];
    const compiled = await CompiledStep.compile('cpu', training.state, () => [training.step()]);
    losses.push(...Array.from((await compiled.run(4))[0] ?? [], Number));
    losses.push(await training.step().item());
    const whole = await trainEagerly(recipe, 7);
    for (const [i, loss] of losses.entries()) expect(loss).toBeCloseTo(whole.losses[i] ?? Number.NaN, 4);
    expect([...training.optimizer.stateDict().state.values()].map(({ step }) => step)).toEqual(whole.steps);
  });

  it('draws the dropout masks that ordinary steps draw', async () => {
    const masks = async (compiled: boolean) => {
      manualSeed(11);
      const seen: number[] = [];
      const count = zeros([]);
      const body = () => {
        count.add_(hostInput({ shape: [], dtype: 'float32' }, 'cpu', () => undefined));
        return [dropout(ones([5]), 0.5), randn([2])];
      };
      if (!compiled) {
        for (let i = 0; i < 3; i++)
          for (const tensor of body()) seen.push(...Array.from(await tensor.data(), Number));
        return { seen: seen.sort(), state: defaultGenerator.getState() };
      }
      const step = await CompiledStep.compile('cpu', [count], body);
      for (const data of [...(await step.run(2)), ...(await step.run(1))])
        seen.push(...Array.from(data, Number));
      return { seen: seen.sort(), state: defaultGenerator.getState() };
    };
    expect(await masks(true)).toEqual(await masks(false));
  });

  it('uses constants of its surroundings as they were', async () => {
    const [counter, constant] = [zeros([2]), tensor([1, 2], { dtype: 'float32' }).mul(3)];
    const step = await CompiledStep.compile('cpu', [counter], () => {
      counter.add_(hostInput({ shape: [], dtype: 'float32' }, 'cpu', () => undefined));
      counter.add_(constant);
      return [];
    });
    await step.run(2);
    expect(await counter.tolist()).toEqual([6, 12]);
  });

  it('a body that fails leaves everything as it was', async () => {
    const counter = zeros([2]);
    const failing = CompiledStep.compile('cpu', [counter], () => {
      counter.add_(1);
      return [counter.add(ones([3]))];
    });
    await expect(failing).rejects.toThrow('The size of tensor a (2) must match the size of tensor b (3)');
    expect(await counter.tolist()).toEqual([0, 0]);
    expect(executorFor('cpu')).toBeDefined();
  });
});
