/** The model presets: their networks, what they refuse, and that each learns, is resumed and is evaluated. */
import { describe, expect, test } from 'vitest';
import { generateDigits } from '../../src/data/digits';
import { selectClasses } from '../../src/data/select-classes';
import { fromArray, nn, zeros } from '../../src/engine';
import { completeConfig, evaluateCheckpoint } from '../../src/training';
import { buildModel } from '../../src/training/models';
import { threshold } from '../../src/training/tasks';
import {
  afterEpoch,
  checkpointOf,
  digitsFolder,
  failureOf,
  lossesOf,
  resumeRun,
  temporaryFolder,
  trainRun,
} from './support';

const build = (choices: Parameters<typeof completeConfig>[0], sample = [28, 28], classes = 10) =>
  buildModel(completeConfig(choices), sample, classes);

describe('the network of', () => {
  test('mnist-mlp, with dropout after every ReLU', () => {
    const { network, description, parameters } = build({ hidden: [20, 15], dropout: 0.5 });
    expect(description).toBe('mnist-mlp 784-20-15-10');
    expect(parameters).toBe(784 * 20 + 20 + 20 * 15 + 15 + 15 * 10 + 10);
    expect(network.namedChildren().map(([name]) => name)).toEqual([
      'flatten',
      'fc1',
      'relu1',
      'dropout1',
      'fc2',
      'relu2',
      'dropout2',
      'fc3',
    ]);
  });

  test('mnist-mlp without hidden layers', () => {
    expect(build({ hidden: [] }).description).toBe('mnist-mlp 784-10');
  });

  test('notes-mlp: five layers, normalised, dropout 0.3', () => {
    const { network, description } = build({ model: 'notes-mlp' }, [10, 10], 4);
    expect(description).toBe('notes-mlp 100-512-256-128-64-4');
    const names = network.namedChildren().map(([name]) => name);
    expect(names.filter(name => name.startsWith('fc'))).toEqual(['fc0', 'fc1', 'fc2', 'fc3', 'fc4']);
    expect(names.slice(1, 5)).toEqual(['fc0', 'bn0', 'relu0', 'dropout0']);
    const dropouts = network
      .namedModules()
      .flatMap(([, module]) => (module instanceof nn.Dropout ? module.p : []));
    expect(dropouts).toEqual([0.3, 0.3, 0.3, 0.3]);
  });

  test('linear', () => {
    const { network, description } = build({ model: 'linear' }, [8, 8], 3);
    expect([description, [...network.stateDict().keys()]]).toEqual(['linear 64-3', ['fc.weight', 'fc.bias']]);
  });

  test('three-seven: raw tensors', () => {
    const { network, description } = build({ model: 'three-seven' }, [28, 28], 2);
    expect(description).toBe('three-seven 784-30-1');
    const shapes = [...network.stateDict()].map(([name, { shape }]) => `${name} ${shape.join()}`);
    expect(shapes).toEqual(['w1 784,30', 'b1 30', 'w2 30,1', 'b2 1']);
    expect(network.namedChildren()).toEqual([]);
  });
});

describe('the convolutional networks', () => {
  const shapesOf = (network: nn.Module) =>
    [...network.stateDict()].map(([name, { shape }]) => `${name} ${shape.join()}`);

  test('cnn: 32 and 64 channels, dropout before the last layer', () => {
    const { network, description } = build({ model: 'cnn' });
    expect(description).toBe('cnn 3136-128-10');
    expect(shapesOf(network)).toEqual([
      ...['conv1.weight 32,1,3,3', 'conv1.bias 32', 'conv2.weight 64,32,3,3', 'conv2.bias 64'],
      ...['fc1.weight 128,3136', 'fc1.bias 128', 'fc2.weight 10,128', 'fc2.bias 10'],
    ]);
    expect(network.namedChildren().map(([name]) => name)).toContain('dropout');
    expect(network.forward(zeros([2, 1, 28, 28])).shape).toEqual([2, 10]);
  });

  test('lenet', () => {
    const { network, description } = build({ model: 'lenet' });
    expect(description).toBe('lenet 400-120-84-10');
    expect(shapesOf(network).filter(text => text.includes('conv'))).toEqual([
      ...['conv1.weight 6,1,5,5', 'conv1.bias 6', 'conv2.weight 16,6,5,5', 'conv2.bias 16'],
    ]);
    expect(network.forward(zeros([2, 1, 28, 28])).shape).toEqual([2, 10]);
  });

  test('take images of other sizes, and refuse what is none', () => {
    expect(build({ model: 'cnn' }, [17, 10], 3).network.forward(zeros([1, 1, 17, 10])).shape).toEqual([1, 3]);
    expect(build({ model: 'lenet' }, [20, 16], 3).network.forward(zeros([1, 1, 20, 16])).shape).toEqual([
      1, 3,
    ]);
    expect(() => build({ model: 'cnn' }, [3, 3])).toThrow(
      'the model cnn takes images of at least 4×4 pixels, found samples of 3×3',
    );
    expect(() => build({ model: 'lenet' }, [784])).toThrow(
      'the model lenet takes images of at least 16×16 pixels, found samples of 784',
    );
  });
});

describe('the loss of three-seven', () => {
  test('is how far the probability is from the label', async () => {
    const scores = fromArray(Float32Array.of(2, -1, 0.5), [3, 1]);
    const labels = fromArray(BigInt64Array.of(1n, 0n, 0n), [3]);
    const far = [1 - 1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(1)), 1 / (1 + Math.exp(-0.5))];
    const mean = far.reduce((a, b) => a + b, 0) / 3;
    expect(await threshold.loss(scores, labels).item()).toBeCloseTo(mean, 6);
    expect([0, 1, 2, 3].map(i => threshold.predict([2, -1, 0.5, 0], i, 2))).toEqual([1, 0, 1, 0]);
  });
});

describe('refused', () => {
  test.each([
    [{ model: 'linear', hidden: [30] }, /linear takes no sizes of hidden layers, found 30/],
    [{ model: 'notes-mlp', hidden: [30, 20] }, /notes-mlp takes 4 sizes of hidden layers, found 30,20/],
    [{ model: 'linear', dropout: 0.5 }, /linear has no layer for dropout; set it to 0/],
    [{ model: 'three-seven', dropout: 0.5 }, /three-seven has no layer for dropout/],
    [{ hidden: [], dropout: 0.5 }, /mnist-mlp without hidden layers has no layer for dropout/],
  ] as const)('%j', async (choices, expected) => {
    expect(
      await failureOf(
        Promise.resolve().then(() =>
          completeConfig({ ...choices, hidden: 'hidden' in choices ? [...choices.hidden] : undefined }),
        ),
      ),
    ).toMatch(expected);
  });

  test('data without a 3', async () => {
    const { classes, ...digits } = generateDigits({ train: 20, test: 10, seed: 1 });
    const letters = { ...digits, classes: classes.map(name => `letter ${name}`) };
    await expect(selectClasses(letters, ['7', '3'])).rejects.toThrow(
      /expected the classes “3” and “7”, found letter 0, letter 1, .*; use data with handwritten digits/,
    );
  });
});

describe('a run of', () => {
  // A convolutional network takes longer over a sample, and fewer to learn.
  test.each([
    ['notes-mlp', 600, 5],
    ['linear', 600, 5],
    ['three-seven', 600, 5],
    ['cnn', 300, 3],
    ['lenet', 300, 3],
  ] as const)('%s learns, resumes bit for bit, and is evaluated', async (model, train, epochs) => {
    const dataset = digitsFolder({ train, test: 200 });
    const choices = { model, dataset, epochs, batchSize: 10, device: 'cpu' } as const;
    const config = completeConfig(model === 'notes-mlp' ? { ...choices, hidden: [24, 20, 16, 12] } : choices);
    const runs = temporaryFolder();
    const whole = await trainRun(runs, config);
    const losses = lossesOf(whole.run).map(({ loss }) => loss);
    const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    expect(mean(losses.slice(-10))).toBeLessThan(0.8 * mean(losses.slice(0, 5)));

    const stopped = await trainRun(runs, config, afterEpoch(1));
    await resumeRun(stopped.run);
    expect(lossesOf(stopped.run)).toEqual(lossesOf(whole.run));
    expect(checkpointOf(stopped.run, 'best')).toEqual(checkpointOf(whole.run, 'best'));

    const end = whole.events.at(-1);
    const report = await evaluateCheckpoint({ file: `${whole.run}/checkpoints/best.pt` }, 'test');
    expect(end).toMatchObject({ event: 'end', testAccuracy: report.accuracy, testLoss: report.loss });
    expect(report.perClass.map(({ label }) => label)).toEqual(
      model === 'three-seven' ? ['7', '3'] : [...'0123456789'],
    );
  });
});
