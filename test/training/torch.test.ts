/** PyTorch opens the checkpoints of a run, and finds in them what the run reported. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { RunConfig } from '../../src/training';
import { digitsFolder, realData, smallConfig, temporaryFolder, trainRun } from './support';

const { CI, DESCENT_PYTHON: python = '/usr/bin/python3' } = process.env;
const script = path.join(import.meta.dirname, 'torch_peer.py');
const hasTorch =
  spawnSync(python, ['-c', 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)'])
    .status === 0;
/** Where it is not checked whether the tests ran, they are skipped without PyTorch; in CI they fail. */
const skip = !hasTorch && CI !== 'true';
if (skip) console.warn(`Skipped: ${python} has no PyTorch (python3-torch on Debian).`);

const reportSchema = z.object({
  correct: z.number(),
  total: z.number(),
  loss: z.number(),
  lr: z.number(),
  state: z.array(z.string()),
  stepped: z.literal(true),
  epoch: z.number(),
  generator: z.object({ seed: z.number(), offset: z.number() }),
});

type Report = z.infer<typeof reportSchema>;

/** What PyTorch finds in runs, each with the optimizer of this name. */
function inTorch(folder: string, runs: readonly (readonly [run: string, kind: string])[]): Report[] {
  const { status, stdout, stderr } = spawnSync(python, [script, folder, ...runs.flat()], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`);
  return z.array(reportSchema).parse(JSON.parse(stdout));
}

/** Trains for an epoch. */
async function trainOn(folder: string, settings: Partial<RunConfig>) {
  const config = smallConfig({ dataset: folder, epochs: 1, seed: 3, ...settings });
  const { run, events } = await trainRun(temporaryFolder(), config);
  const end = events.at(-1);
  if (end?.event !== 'end' || end.testLoss === null) throw new Error('expected an end with a test loss');
  return { run, lr: config.lr, loss: end.testLoss, accuracy: end.testAccuracy };
}

function expectSame(found: Report | undefined, trained: Awaited<ReturnType<typeof trainOn>>): void {
  if (found === undefined) throw new Error('expected a report');
  expect(found.correct / found.total).toBe(trained.accuracy);
  expect(found.loss).toBeCloseTo(trained.loss, 5);
  expect(found).toMatchObject({ lr: trained.lr, epoch: 1, generator: { seed: 3 } });
}

const optimizers: readonly (readonly [kind: string, settings: Partial<RunConfig>, state: string[]])[] = [
  ['SGD', { momentum: 0.9, lr: 0.01 }, ['momentum_buffer', 'step']],
  ['Adam', { optimizer: 'adam', lr: 0.01 }, ['exp_avg', 'exp_avg_sq', 'step']],
  ['AdamW', { optimizer: 'adamw', lr: 0.01 }, ['exp_avg', 'exp_avg_sq', 'step']],
  ['Adamax', { optimizer: 'adamax', lr: 0.01 }, ['exp_avg', 'exp_inf', 'step']],
  ['NAdam', { optimizer: 'nadam', lr: 0.01 }, ['exp_avg', 'exp_avg_sq', 'mu_product', 'step']],
  ['RAdam', { optimizer: 'radam', lr: 0.01 }, ['exp_avg', 'exp_avg_sq', 'step']],
  ['RMSprop', { optimizer: 'rmsprop', momentum: 0.5, lr: 0.001 }, ['momentum_buffer', 'square_avg', 'step']],
  ['Adagrad', { optimizer: 'adagrad', lr: 0.01 }, ['step', 'sum']],
  ['Adadelta', { optimizer: 'adadelta', lr: 0.5 }, ['acc_delta', 'square_avg', 'step']],
];

describe.skipIf(skip)('PyTorch', () => {
  test('loads weights and the state of every optimizer, and goes on with them', async () => {
    const folder = digitsFolder({ test: 300 });
    const trained = [];
    for (const [, settings] of optimizers) trained.push(await trainOn(folder, settings));
    const found = inTorch(
      folder,
      trained.map(({ run }, i) => [run, optimizers[i]?.[0] ?? '']),
    );
    for (const [i, each] of trained.entries()) {
      expectSame(found[i], each);
      expect(found[i]?.state, optimizers[i]?.[0]).toEqual(optimizers[i]?.[2]);
    }
  });

  test('finds the same accuracy on MNIST', async context => {
    const folder = realData('mnist');
    if (folder === undefined) return context.skip();
    const trained = await trainOn(folder, { hidden: [256], batchSize: 64, lr: 0.2 });
    const [found] = inTorch(folder, [[trained.run, 'SGD']]);
    expectSame(found, trained);
    expect(found?.total).toBe(10_000);
    expect(found?.correct).toBeGreaterThan(9_300);
  });
});
