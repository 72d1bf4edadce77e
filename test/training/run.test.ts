/** A run and what it leaves behind. */
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { dictAt, find, intAt, readCheckpoint, tensorAt } from '../../src/checkpoint';
import { generateDigits } from '../../src/data/digits';
import { manualSeed } from '../../src/engine';
import { evaluate, evaluateCheckpoint, messageOf } from '../../src/training';
import { buildModel } from '../../src/training/models';
import { RunFolder } from '../../src/training/run-folder';
import { allFinite, saveWeights } from '../../src/training/run-state';
import {
  checkpointOf,
  digitsFolder,
  failureOf,
  lossesOf,
  metricsOf,
  resumeRun,
  smallConfig,
  temporaryFolder,
  trainRun,
  writeDataset,
} from './support';

describe('a run', () => {
  test('tells what it does and keeps it: run.json, metrics.jsonl, checkpoints', async () => {
    const dataset = path.relative(process.cwd(), digitsFolder());
    const { run, events } = await trainRun(temporaryFolder(), smallConfig({ dataset, epochs: 2 }));
    const start = events[0];
    expect(start).toMatchObject({
      event: 'start',
      model: 'mnist-mlp 784-16-10',
      parameters: 784 * 16 + 16 + 16 * 10 + 10,
      device: 'cpu',
      dataset: { train: 270, validation: 30, test: 100, shape: [28, 28], classes: [...'0123456789'] },
      epochs: 2,
      stepsPerEpoch: 27,
      step: 0,
    });
    const { info } = RunFolder.open(run);
    const end = events.at(-1);
    expect(end).toMatchObject({ event: 'end', run, checkpoint: path.join(run, 'checkpoints', 'best.pt') });
    expect(info).toMatchObject({ status: 'finished', error: null, device: 'cpu' });
    expect(info.config.dataset).toBe(path.resolve(dataset));
    expect(info.testAccuracy).toBe(end?.event === 'end' ? end.testAccuracy : Number.NaN);
    expect(readdirSync(run).toSorted()).toEqual([
      'checkpoints',
      expect.stringMatching(/^events\.out\.tfevents\.\d+\.descent$/),
      'graph.json',
      'looks.jsonl',
      'metrics.jsonl',
      'run.json',
    ]);
    expect(readdirSync(path.join(run, 'checkpoints')).toSorted()).toEqual(['best.pt', 'last.pt']);
    expect(metricsOf(run).filter(({ event }) => event === 'epoch')).toHaveLength(2);
    expect(metricsOf(run).at(-1)?.event).toBe('end');
    expect(lossesOf(run).map(({ step }) => step)).toEqual(Array.from({ length: 54 }, (_, i) => i + 1));
  });

  test('the mean loss of an epoch counts samples, also those of a short last batch', async () => {
    const config = smallConfig({ dataset: digitsFolder(), epochs: 1, batchSize: 100 });
    const { run, events } = await trainRun(temporaryFolder(), config);
    const losses = lossesOf(run).map(({ loss }) => loss);
    expect(losses).toHaveLength(3);
    const [a = 0, b = 0, c = 0] = losses;
    const epoch = events.find(event => event.event === 'epoch');
    expect(epoch?.trainLoss).toBeCloseTo((a * 100 + b * 100 + c * 70) / 270, 12);
  });

  test('learns, and reports the best epoch on the test set', async () => {
    const config = smallConfig({ dataset: digitsFolder({ train: 1000 }), epochs: 8, lr: 0.1 });
    const { run, events } = await trainRun(temporaryFolder(), config);
    const epochs = events.filter(event => event.event === 'epoch');
    const accuracies = epochs.map(({ validationAccuracy }) => validationAccuracy ?? 0);
    const best = accuracies.indexOf(Math.max(...accuracies)) + 1;
    const end = events.at(-1);
    expect(end).toMatchObject({ bestEpoch: best });
    expect(end?.event === 'end' ? end.testAccuracy : 0).toBeGreaterThan(0.75);
    expect(epochs.at(-1)?.trainLoss).toBeLessThan((epochs[0]?.trainLoss ?? 0) / 2);
    const last = readCheckpoint(checkpointOf(run, 'last'), 'last.pt').value;
    expect(intAt(last, 'best', 'epoch')).toBe(best);
    expect([...tensorAt(last, 'best', 'score').data]).toEqual([Math.max(...accuracies)]);
  });

  test('tests the best weights, not the last', async () => {
    const config = smallConfig({ dataset: digitsFolder(), epochs: 3 });
    const { run, events } = await trainRun(temporaryFolder(), config);
    const best = events.at(-1);
    // A learning rate that unlearns everything.
    const worse = await resumeRun(run, { epochs: 4, lr: 5 });
    const accuracy = worse.events.find(event => event.event === 'epoch')?.validationAccuracy;
    expect(accuracy).toBeLessThan(0.3);
    const end = worse.events.at(-1);
    if (best?.event !== 'end' || end?.event !== 'end') throw new Error('expected two ends');
    const { bestEpoch, testAccuracy, testLoss } = best;
    expect(end).toMatchObject({ bestEpoch, testAccuracy, testLoss });
    expect(testAccuracy).toBeGreaterThan(0.4);
  });

  test('works without validation, and without a test set', async () => {
    const { train } = generateDigits({ train: 60, test: 0 });
    const dataset = writeDataset({ train, test: undefined });
    const config = smallConfig({ dataset, epochs: 1, validation: 0, batchSize: 1000 });
    const { run, events } = await trainRun(temporaryFolder(), config);
    expect(events.find(event => event.event === 'epoch')).toMatchObject({
      validationLoss: null,
      validationAccuracy: null,
    });
    expect(events.at(-1)).toMatchObject({ testLoss: null, testAccuracy: null, bestEpoch: 1 });
    expect(
      await failureOf(evaluateCheckpoint({ file: path.join(run, 'checkpoints/best.pt') }, 'test')),
    ).toMatch(/has no test set$/);
  });

  test('tells at most 20 steps a second, however short the epochs are', async () => {
    const dataset = digitsFolder({ train: 20, test: 10 });
    const began = performance.now();
    const config = smallConfig({ dataset, epochs: 40, batchSize: 20 });
    const { events } = await trainRun(temporaryFolder(), config);
    const seconds = (performance.now() - began) / 1000;
    const told = events.filter(({ event }) => event === 'step').length;
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(seconds * 20 + 1);
    expect(events.filter(({ event }) => event === 'epoch')).toHaveLength(40);
  });

  test('leaves nothing behind when it is stopped before training begins', async () => {
    const runs = path.join(temporaryFolder(), 'runs');
    const { train } = await import('../../src/training');
    const signal = AbortSignal.abort();
    const config = smallConfig({ dataset: digitsFolder() });
    const message = await failureOf(train(config, { runs, signal, onEvent: () => undefined }));
    expect(message).toMatch(/^interrupted before training began/);
    expect(existsSync(runs)).toBe(false);
  });

  test('tells what it is prepared by, and leaves nothing behind wherever that is stopped', async () => {
    const { train } = await import('../../src/training');
    const config = smallConfig({ dataset: digitsFolder() });
    const prepareUntil = async (last: number) => {
      const runs = path.join(temporaryFolder(), 'runs');
      const stop = new AbortController();
      const told: string[] = [];
      const tell = (name: string) => {
        told.push(name);
        if (told.length === last) stop.abort();
      };
      const onEvent = ({ event }: { event: string }) => tell(event);
      const options = { runs, signal: stop.signal, onEvent, onStage: tell };
      const message = await train(config, options).then(() => '', messageOf);
      return { told, message, left: existsSync(runs) };
    };
    const stages = ['data', 'device', 'model', 'model'];
    for (let last = 1; last <= stages.length; last++) {
      const { told, message, left } = await prepareUntil(last);
      expect(told).toEqual(stages.slice(0, last));
      expect(message).toMatch(/^interrupted before training began/);
      expect(left).toBe(false);
    }
    const begun = await prepareUntil(stages.length + 1);
    expect(begun).toMatchObject({ told: [...stages, 'start', 'stopped'], message: '', left: true });
  });

  test('leaves nothing behind when nothing is left to train on', async () => {
    const runs = path.join(temporaryFolder(), 'runs');
    const config = smallConfig({ dataset: digitsFolder({ train: 10 }), validation: 0.9999999 });
    expect(await failureOf(trainRun(runs, config))).toMatch(/of 10 samples none is left .* --validation$/);
    expect(existsSync(runs)).toBe(false);
  });
});

describe('a run that diverges', () => {
  test('stops, says at which step, and keeps no checkpoint of the first epoch', async () => {
    const runs = temporaryFolder();
    const message = await failureOf(trainRun(runs, smallConfig({ dataset: digitsFolder(), lr: 1e30 })));
    expect(message).toMatch(
      /^the loss became NaN \(first in AddmmBackward0 of fc2\) at step [2-8] \(epoch 1\) and training was stopped/,
    );
    expect(message).toMatch(/try a learning rate below 1e\+30; no epoch was completed/);
    const [name = ''] = readdirSync(runs);
    const run = path.join(runs, name);
    expect(RunFolder.open(run).info).toMatchObject({ status: 'failed', error: message });
    expect(readdirSync(path.join(run, 'checkpoints'))).toEqual([]);
    expect(lossesOf(run).every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect(lossesOf(run).length).toBe(Number(/step (\d+)/.exec(message)?.[1]) - 1);
    await resumeRun(run, { lr: 0.05 });
    expect(RunFolder.open(run).info).toMatchObject({ status: 'finished', error: null });
  });

  test('keeps the last good checkpoint', async () => {
    const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset: digitsFolder(), epochs: 1 }));
    const [last, best] = [checkpointOf(run, 'last'), checkpointOf(run, 'best')];
    const message = await failureOf(resumeRun(run, { epochs: 3, lr: 1e30 }));
    expect(message).toMatch(/at step (28|29|3\d) \(epoch 2\)/);
    expect(message).toContain(`${path.join(run, 'checkpoints', 'last.pt')} holds the state after epoch 1`);
    expect(checkpointOf(run, 'last').equals(last)).toBe(true);
    expect(checkpointOf(run, 'best').equals(best)).toBe(true);
  });

  test('by the very last step of an epoch, too', async () => {
    // One step an epoch: its loss is that of the weights before it, and finite.
    const config = smallConfig({ dataset: digitsFolder(), batchSize: 1000, epochs: 1, lr: 1e38 });
    for (const validation of [0.1, 0]) {
      const runs = temporaryFolder();
      const message = await failureOf(trainRun(runs, { ...config, lr: 3e38, validation, weightDecay: 100 }));
      expect(message).toMatch(/at step 1 \(epoch 1\) and training was stopped/);
      const [name = ''] = readdirSync(runs);
      expect(readdirSync(path.join(runs, name, 'checkpoints'))).toEqual([]);
    }
  });
});

describe('resuming', () => {
  test('is refused with one line where it cannot go on', async () => {
    const runs = temporaryFolder();
    const dataset = digitsFolder();
    const { run } = await trainRun(runs, smallConfig({ dataset, epochs: 2 }));
    const before = readFileSync(path.join(run, 'metrics.jsonl'), 'utf8');
    expect(await failureOf(resumeRun(run, { dataset: digitsFolder({ seed: 2 }) }))).toMatch(
      /is not what the run was trained on .*give the folder that holds the same data$/,
    );
    expect(await failureOf(resumeRun(run, { epochs: 1 }))).toMatch(/has 2 epochs already.*found 1$/);
    expect(await failureOf(resumeRun(dataset))).toMatch(/run\.json: expected the folder of a run/);
    writeFileSync(path.join(run, 'checkpoints', 'last.pt'), 'no checkpoint');
    expect(await failureOf(resumeRun(run, { epochs: 3 }))).toMatch(
      /last\.pt: expected a PyTorch zip archive/,
    );
    const other = await trainRun(runs, smallConfig({ dataset, epochs: 1, hidden: [8] }));
    writeFileSync(path.join(run, 'checkpoints', 'last.pt'), checkpointOf(other.run, 'last'));
    expect(await failureOf(resumeRun(run, { epochs: 3 }))).toMatch(
      /last\.pt: .*size mismatch for fc1\.weight: the checkpoint has \[8, 784\], the model \[16, 784\]/,
    );
    expect(readFileSync(path.join(run, 'metrics.jsonl'), 'utf8')).toBe(before);
  });

  test('finds the same data in another folder', async () => {
    const dataset = digitsFolder();
    const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset, epochs: 1 }));
    rmSync(dataset, { recursive: true });
    expect(await failureOf(resumeRun(run, { epochs: 2 }))).toContain(dataset);
    const moved = digitsFolder();
    await resumeRun(run, { epochs: 2, dataset: moved });
    expect(RunFolder.open(run).info.config).toMatchObject({ dataset: moved, epochs: 2 });
  });

  test.runIf(existsSync('/dev/full'))('says that the disk is full, and keeps the checkpoint', async () => {
    const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset: digitsFolder(), epochs: 1 }));
    const last = checkpointOf(run, 'last');
    const metrics = path.join(run, 'metrics.jsonl');
    rmSync(metrics);
    symlinkSync('/dev/full', metrics);
    expect(await failureOf(resumeRun(run, { epochs: 2 }))).toMatch(
      /metrics\.jsonl: cannot be written: the disk is full/,
    );
    expect(checkpointOf(run, 'last').equals(last)).toBe(true);
    expect(RunFolder.open(run).info.status).toBe('failed');
  });
});

describe('evaluating', () => {
  test('changes no weight, no mode and no random number', async () => {
    manualSeed(7);
    const digits = generateDigits({ train: 1500, test: 0 });
    const { train } = digits;
    const model = buildModel(smallConfig(), train.shape, 10);
    const { network } = model;
    const file = path.join(temporaryFolder(), 'weights.pt');
    await saveWeights(file, network);
    const before = readFileSync(file);
    const first = await evaluate(model, { split: train }, digits, 'cpu');
    expect(await evaluate(model, { split: train }, digits, 'cpu')).toEqual(first);
    expect(network.training).toBe(true);
    network.eval();
    await evaluate(model, { split: train }, digits, 'cpu');
    expect(network.training).toBe(false);
    await saveWeights(file, network);
    expect(readFileSync(file).equals(before)).toBe(true);

    expect(first.total).toBe(1500);
    expect(first.accuracy).toBe(first.correct / 1500);
    expect(first.confusion.flat().reduce((a, b) => a + b, 0)).toBe(1500);
    expect(first.confusion.reduce((sum, row, i) => sum + (row[i] ?? 0), 0)).toBe(first.correct);
    const labels = first.confusion.map(row => row.reduce((a, b) => a + b, 0));
    expect(labels).toEqual(labels.map((_, digit) => train.labels.filter(label => label === digit).length));
    expect(first.loss).toBeGreaterThan(1.5);
    expect(first.loss).toBeLessThan(4);
  });

  test('the best checkpoint has exactly the accuracy and loss that the run reported', async () => {
    const dataset = digitsFolder();
    const { run, events } = await trainRun(temporaryFolder(), smallConfig({ dataset, epochs: 3 }));
    const file = path.join(run, 'checkpoints', 'best.pt');
    const end = events.at(-1);
    for (const folder of [undefined, dataset]) {
      const report = await evaluateCheckpoint({ file, folder }, 'test');
      expect(end).toMatchObject({ testAccuracy: report.accuracy, testLoss: report.loss });
      expect(report.perClass.map(({ label }) => label)).toEqual([...'0123456789']);
    }
    expect((await evaluateCheckpoint({ file, folder: dataset }, 'train')).total).toBe(300);
    const last = path.join(run, 'checkpoints', 'last.pt');
    expect((await evaluateCheckpoint({ file: last, folder: dataset }, 'test')).total).toBe(100);
  });

  test('tells in one line why a checkpoint cannot be evaluated', async () => {
    const folder = temporaryFolder();
    const dataset = digitsFolder();
    const { network } = buildModel(smallConfig(), [10, 10], 10);
    const file = path.join(folder, 'other.pt');
    await saveWeights(file, network);
    expect(await failureOf(evaluateCheckpoint({ file, folder: dataset }, 'test'))).toMatch(
      /other\.pt: the model does not fit the data in .*takes 100 numbers .* the data has 784 \(28×28\) and 10$/,
    );
    writeFileSync(file, '<!DOCTYPE html><html></html>');
    expect(await failureOf(evaluateCheckpoint({ file, folder: dataset }, 'test'))).toMatch(
      /other\.pt: expected .*found .*HTML/,
    );
    const absent = path.join(folder, 'absent.pt');
    expect(await failureOf(evaluateCheckpoint({ file: absent, folder: dataset }, 'test'))).toBe(
      `${absent}: expected a checkpoint: there is no such file or folder`,
    );
  });

  test('allFinite sees a weight that is no number', async () => {
    const { network } = buildModel(smallConfig(), [28, 28], 10);
    expect(await allFinite(network)).toBe(true);
    const state = network.stateDict();
    const bias = state.get('fc2.bias');
    if (bias === undefined) throw new Error('expected a bias');
    network.loadStateDict(state.set('fc2.bias', bias.mul(Number.POSITIVE_INFINITY)));
    expect(await allFinite(network)).toBe(false);
  });
});

describe('last.pt', () => {
  test('holds optimizer, epoch, generator and sums under the names of PyTorch users', async () => {
    const config = smallConfig({ dataset: digitsFolder(), epochs: 1, optimizer: 'adam', lr: 0.01 });
    const { run } = await trainRun(temporaryFolder(), config);
    const { value } = readCheckpoint(checkpointOf(run, 'last'), 'last.pt');
    expect(intAt(value, 'epoch')).toBe(1);
    expect(intAt(value, 'step')).toBe(27);
    expect(tensorAt(value, 'model_state_dict', 'fc1.weight').shape).toEqual([16, 784]);
    expect(tensorAt(value, 'optimizer_state_dict', 'state', 0, 'exp_avg').shape).toEqual([16, 784]);
    expect(intAt(value, 'optimizer_state_dict', 'state', 0, 'step')).toBe(27);
    expect([...tensorAt(value, 'optimizer_state_dict', 'param_groups', 0, 'lr').data]).toEqual([0.01]);
    expect(intAt(value, 'generator', 'seed')).toBe(0);
    expect(intAt(value, 'generator', 'offset')).toBeGreaterThan(784 * 16);
    expect(find(value, 'order', 'position')).toBe(270n);
    const best = readCheckpoint(checkpointOf(run, 'best'), 'best.pt').value;
    expect([...dictAt(best).keys()]).toEqual(['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias']);
  });
});
