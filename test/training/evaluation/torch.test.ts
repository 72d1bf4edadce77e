/** Models that PyTorch trained are evaluated as PyTorch evaluates them, and the reverse. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { evaluateCheckpoint } from '../../../src/training';
import { digitsFolder, smallConfig, temporaryFolder, trainRun } from '../support';

const { CI, DESCENT_PYTHON: python = '/usr/bin/python3' } = process.env;
const script = path.join(import.meta.dirname, 'torch_models.py');
const hasTorch =
  spawnSync(python, ['-c', 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)'])
    .status === 0;
/** Where it is not checked whether the tests ran, they are skipped without PyTorch; in CI they fail. */
const skip = !hasTorch && CI !== 'true';
if (skip) console.warn(`Skipped: ${python} has no PyTorch (python3-torch on Debian).`);

const measured = z.object({
  correct: z.number(),
  loss: z.number(),
  confusion: z.array(z.array(z.number())),
});

function inTorch(...args: string[]): unknown {
  const { status, stdout, stderr } = spawnSync(python, [script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`);
  return JSON.parse(stdout);
}

/** What has to be found out about each file that PyTorch wrote. */
const files: Readonly<Record<string, readonly [model: RegExp, input: RegExp]>> = {
  'tanh.pt': [
    /^Flatten, Linear\(784, 64\), Tanh, Linear\(64, 32\), Tanh, Linear\(32, 10\)$/,
    /normalised with .* mean 0\.1/,
  ],
  'relu.pth': [/^Flatten, Linear\(784, 64\), ReLU/, /^pixels from 0 to 1/],
  'convolutions.pt': [
    /^Conv2d\(1, 8, 3, padding=1\), BatchNorm2d\(8\), ReLU, MaxPool2d\(2\), Conv2d\(8, 12, 5\), BatchNorm2d\(12\)/,
    /normalised with .* mean 0\.1/,
  ],
  'module.pt': [/^Conv2d\(1, 8, 3, padding=1\), BatchNorm2d\(8\), ReLU/, /^pixels /],
};

describe.skipIf(skip)('PyTorch', () => {
  test('trained what is read off the weights, and finds the same', async () => {
    const data = digitsFolder({ train: 1000, test: 300 });
    const out = temporaryFolder();
    const found = z.record(z.string(), measured).parse(inTorch(data, out));
    expect(Object.keys(found)).toEqual(Object.keys(files));
    for (const [name, [model, input]] of Object.entries(files)) {
      const subject = { file: path.join(out, name), folder: data };
      // What the generated digits are on average is so near to MNIST that the one is as good as the other.
      const understood = await evaluateCheckpoint(subject, 'test');
      expect(understood.assumptions.find(({ about }) => about === 'input')?.text, name).toMatch(input);
      const scaling = /tanh|convolutions|module/.test(name) ? 'mnist' : 'unit';
      const report = await evaluateCheckpoint({ ...subject, choices: { scaling } }, 'test');
      expect(report.model, name).toMatch(model);
      expect(report.tried.attempts.filter(({ chosen }) => chosen)).toHaveLength(1);
      expect(report.confusion, name).toEqual(found[name]?.confusion);
      expect(report.correct, name).toBe(found[name]?.correct);
      expect(report.loss, name).toBeCloseTo(found[name]?.loss ?? 0, 4);
      expect(report.accuracy, name).toBeGreaterThan(0.8);
    }
  });

  test('finds of a convolutional network that was trained here what its evaluation says', async () => {
    const data = digitsFolder({ train: 600, test: 300 });
    const config = smallConfig({ dataset: data, model: 'cnn', hidden: [128], epochs: 1, dropout: 0.25 });
    const { run } = await trainRun(temporaryFolder(), config);
    const report = await evaluateCheckpoint({ file: path.join(run, 'checkpoints', 'best.pt') }, 'test');
    const found = measured.parse(inTorch(data, '--run', run));
    expect(report.assumptions).toEqual([]);
    expect(report.confusion).toEqual(found.confusion);
    expect(report.loss).toBeCloseTo(found.loss, 5);
  });
});
