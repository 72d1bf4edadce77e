/** PyTorch opens the checkpoints of a run, and finds in them what the run reported. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
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

function inTorch(run: string, folder: string): z.infer<typeof reportSchema> {
  const { status, stdout, stderr } = spawnSync(python, [script, run, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`);
  return reportSchema.parse(JSON.parse(stdout));
}

async function compare(folder: string, settings: Partial<RunConfig>) {
  const config = smallConfig({ dataset: folder, epochs: 1, seed: 3, ...settings });
  const { run, events } = await trainRun(temporaryFolder(), config);
  const end = events.at(-1);
  if (end?.event !== 'end' || end.testLoss === null) throw new Error('expected an end with a test loss');
  const found = inTorch(run, folder);
  expect(found.correct / found.total).toBe(end.testAccuracy);
  expect(found.loss).toBeCloseTo(end.testLoss, 5);
  expect(found).toMatchObject({ lr: config.lr, epoch: 1, generator: { seed: 3 } });
  return found;
}

describe.skipIf(skip)('PyTorch', () => {
  test.each<[string, Partial<RunConfig>, string[]]>([
    ['SGD', { momentum: 0.9, lr: 0.01 }, ['momentum_buffer', 'step']],
    ['Adam', { optimizer: 'adam', lr: 0.01 }, ['exp_avg', 'exp_avg_sq', 'step']],
  ])('loads weights and the state of %s, and goes on with them', async (_, settings, state) => {
    const found = await compare(digitsFolder({ test: 300 }), settings);
    expect(found.state).toEqual(state);
  });

  test('finds the same accuracy on MNIST', async context => {
    const folder = realData('mnist');
    if (folder === undefined) return context.skip();
    const found = await compare(folder, { hidden: [256], batchSize: 64, lr: 0.2 });
    expect(found.total).toBe(10_000);
    expect(found.correct).toBeGreaterThan(9_300);
  });
});
