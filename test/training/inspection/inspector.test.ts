/** What is seen of a network is what is there, and seeing it changes nothing. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compute, defaultGenerator, manualSeed, nn, optim, type Tensor } from '../../../src/engine';
import { graphSchema } from '../../../src/protocol/graph';
import { lookSchema } from '../../../src/protocol/looks';
import { statisticsOf } from '../../../src/statistics/statistics';
import { BatchOrder } from '../../../src/training/batch-order';
import { findCulprit } from '../../../src/training/inspection/culprit';
import { describeInputs } from '../../../src/training/inspection/graph-inputs';
import { Inspector } from '../../../src/training/inspection/inspector';
import { nextLook } from '../../../src/training/inspection/look-schedule';
import { prepare } from '../../../src/training/preparation';
import { Stepper } from '../../../src/training/stepper';
import { classification } from '../../../src/training/tasks';
import { digitsFolder, smallConfig, temporaryFolder, trainRun } from '../support';

const batchSize = 10;

function plainNetwork(): nn.Module {
  return new nn.Sequential({
    flatten: new nn.Flatten(),
    fc1: new nn.Linear(784, 12),
    bn1: new nn.BatchNorm1d(12),
    relu1: new nn.ReLU(),
    dropout1: new nn.Dropout(0.3),
    fc2: new nn.Linear(12, 10),
  });
}

/** Two layers that are gone around, one behind the other. */
class Residual extends nn.Module {
  readonly fc1 = new nn.Linear(784, 12);
  readonly fc2 = new nn.Linear(12, 12);
  readonly fc3 = new nn.Linear(12, 12);
  readonly fc4 = new nn.Linear(12, 10);

  override forward(images: Tensor): Tensor {
    const first = this.fc1.call(images.flatten(1)).relu();
    const second = first.add(this.fc2.call(first).relu());
    return this.fc4.call(second.add(this.fc3.call(second).relu()));
  }
}

/** A training that draws random numbers and keeps statistics, before its first step. */
async function setUp(dataset: string, build: () => nn.Module = plainNetwork) {
  const { samples, data, training } = await prepare(smallConfig({ dataset, batchSize }));
  manualSeed(3);
  const network = build();
  const optimizer = new optim.SGD(network.parameters(), { lr: 0.1, momentum: 0.9 });
  const learner = { network, optimizer, task: classification };
  const order = new BatchOrder(training, defaultGenerator);
  order.startEpoch();
  const setting = { learner, samples, classes: data.classes.length, device: 'cpu' } as const;
  return {
    network,
    order,
    stepper: new Stepper(setting, order, batchSize),
    inspector: new Inspector(setting, order, batchSize),
  };
}

async function stateOf(network: nn.Module): Promise<number[][]> {
  const tensors = [...network.stateDict().values()];
  await compute(...tensors);
  return Promise.all(tensors.map(async tensor => Array.from(await tensor.data(), Number)));
}

describe('looking', () => {
  test('changes nothing: not a bit of the weights, of running statistics, of random numbers', async () => {
    const dataset = digitsFolder({ train: 100 });
    const plain = await setUp(dataset);
    const losses = [...(await plain.stepper.take(4, batchSize)).losses];
    const expected = await stateOf(plain.network);
    const drawn = defaultGenerator.getState();

    const seen = await setUp(dataset);
    const found: number[] = [];
    for (let step = 0; step < 4; step++) {
      const look = await seen.inspector.begin(step, 1);
      found.push(...(await seen.stepper.take(1, batchSize)).losses);
      await look.finish();
      await seen.inspector.next().loss.item();
    }
    expect(found).toEqual(losses);
    expect(await stateOf(seen.network)).toEqual(expected);
    expect(defaultGenerator.getState()).toEqual(drawn);
  });

  test('shows the step that comes next, with the random numbers that it will draw', async () => {
    const { stepper, inspector, order } = await setUp(digitsFolder({ train: 30 }));
    for (let step = 0; step < 6; step++) {
      const foreseen = await inspector.next().loss.item();
      // Also over the end of an epoch, when the next one draws its order first.
      if (order.left === 0) order.startEpoch();
      const { losses } = await stepper.take(1, Math.min(batchSize, order.left));
      expect(Math.abs(foreseen - (losses[0] ?? Number.NaN))).toBeLessThan(1e-5);
    }
  });

  test('sees parameters before the step, their gradients, the change, and dead units', async () => {
    const { stepper, inspector, network } = await setUp(digitsFolder({ train: 100 }));
    await stepper.take(2, batchSize);
    const before = await stateOf(network);
    const names = [...network.stateDict().keys()];
    const pending = await inspector.begin(2, 1);
    await stepper.take(1, batchSize);
    const after = await stateOf(network);
    const look = lookSchema.parse(JSON.parse(JSON.stringify(await pending.finish())));
    expect(look.parameters.map(({ name }) => name)).toEqual(network.namedParameters().map(([name]) => name));
    for (const { name, value, gradient, updateRatio } of look.parameters) {
      const i = names.indexOf(name);
      const was = before[i] ?? [];
      expect(value.statistics).toEqual(statisticsOf(Float32Array.from(was)));
      expect(gradient?.statistics.count).toBe(was.length);
      const change = Math.hypot(...was.map((x, j) => x - (after[i]?.[j] ?? 0)));
      expect((updateRatio ?? 0) / (change / Math.hypot(...was))).toBeCloseTo(1, 6);
    }
    const relu = look.activations.find(({ module }) => module === 'relu1');
    expect(relu?.name).toBe('ReluBackward0');
    expect(relu?.dead).toBeGreaterThanOrEqual(0);
    expect(look.activations.map(({ module }) => module)).toEqual([
      'fc1',
      'bn1',
      'relu1',
      'dropout1',
      'fc2',
      null,
    ]);
    expect(look.activations.filter(({ dead }) => dead !== null)).toHaveLength(1);
  });

  test('sees activations in the order in which they are computed, where ways part and meet again, too', async () => {
    const { stepper, inspector } = await setUp(digitsFolder({ train: 30 }), () => new Residual());
    const pending = await inspector.begin(0, 1);
    await stepper.take(1, batchSize);
    const { activations } = await pending.finish();
    const around = (layer: string) => [layer, 'ReluBackward0', 'AddBackward0'];
    expect(activations.map(({ module, name }) => module || name)).toEqual([
      ...['fc1', 'ReluBackward0', ...around('fc2'), ...around('fc3')],
      ...['fc4', 'LogSoftmaxBackward0'],
    ]);
  });
});

test('a place outside of modules is told by the module before it, where there are several of its name', async () => {
  const { inspector, network } = await setUp(digitsFolder({ train: 30 }), () => new Residual());
  const { fc2, fc3 } = network as Residual;
  for (const { weight, bias } of [fc2, fc3]) {
    nn.init.zeros_(weight);
    nn.init.constant_(bias ?? weight, 300);
  }
  // Parameters that were used before are older than all operations of the step that is looked at.
  inspector.next();
  // What is added behind fc2 comes to some 300, and behind fc3 to some 600.
  const culprit = await findCulprit(inspector.next(), 500);
  expect(culprit).toMatchObject({ name: 'AddBackward0 after fc3', of: 'value' });
  expect(inspector.next().nodes[culprit?.node ?? -1]?.name).toBe('AddBackward0');
});

test('looks are many at the beginning, evenly spread in each power of two, and bounded', () => {
  const steps: number[] = [];
  for (let last: number | undefined, at = 0; at < 1_000_000; last = at, at = nextLook(last)) steps.push(at);
  expect(steps.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(steps.length).toBeLessThan(600);
  for (let octave = 6; octave < 19; octave++) {
    expect(steps.filter(step => step >= 2 ** octave && step < 2 ** (octave + 1))).toHaveLength(32);
  }
});

test('the inputs of a network lead to what is made of them alone', async () => {
  const { inspector } = await setUp(digitsFolder({ train: 30 }));
  const step = inspector.next();
  const names = describeInputs(step).map(({ name, into }) => [
    name,
    into.map(({ node, input }) => [step.nodes[node]?.name, input]),
  ]);
  // Not to the dropout, whose mask has no gradient either.
  expect(names).toEqual([
    ['images', [['AddmmBackward0', 1]]],
    ['labels', [['NllLossBackward0', null]]],
  ]);
});

test("a run's folder holds its graph and its looks", async () => {
  const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset: digitsFolder(), epochs: 2 }));
  const text = (name: string) => readFileSync(path.join(run, name), 'utf8');
  const graph = graphSchema.parse(JSON.parse(text('graph.json')));
  expect(graph.nodes.map(({ name }) => name)).toEqual([
    'NllLossBackward0',
    'LogSoftmaxBackward0',
    'AddmmBackward0',
    'AccumulateGrad',
    'ReluBackward0',
    'AddmmBackward0',
    'AccumulateGrad',
    'TBackward0',
    'AccumulateGrad',
    'TBackward0',
    'AccumulateGrad',
  ]);
  const first = graph.nodes[5];
  expect(first).toMatchObject({
    module: 'fc1',
    next: [6, null, 7],
    inputs: [
      { shape: [16], dtype: 'float32' },
      { shape: [10, 784], dtype: 'float32' },
      { shape: [784, 16], dtype: 'float32' },
    ],
    output: { shape: [10, 16], dtype: 'float32' },
    formula: 'bias + a @ b',
  });
  expect(graph.nodes[8]).toMatchObject({ parameter: 'fc1.weight', module: 'fc1' });
  expect(graph.modules.map(({ path: place, kind }) => `${place} ${kind}`)).toEqual([
    ' Sequential',
    'flatten Flatten',
    'fc1 Linear',
    'relu1 ReLU',
    'fc2 Linear',
  ]);
  expect(graph.inputs).toEqual([
    { name: 'images', meta: expect.objectContaining({ dtype: 'float32' }), into: [{ node: 5, input: 1 }] },
    { name: 'labels', meta: { shape: [10], dtype: 'int64' }, into: [{ node: 0, input: null }] },
  ]);
  const looks = text('looks.jsonl').trim().split('\n');
  const parsed = looks.map(line => lookSchema.parse(JSON.parse(line)));
  expect(parsed[0]).toMatchObject({ step: 0, epoch: 1 });
  // Whatever a look costs, the beginning is seen.
  expect(parsed.filter(({ step }) => step < 64).length).toBeGreaterThanOrEqual(4);
  expect(parsed.map(({ step }) => step)).toEqual(parsed.map(({ step }) => step).toSorted((a, b) => a - b));
});
