/** The parts of the extension that need no editor: progress, what is shown of it, and crashes written down. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ago, counted, duration, lossText, percent } from '../../src/extension/common/format';
import { Throttled } from '../../src/extension/common/throttled';
import { recognise } from '../../src/extension/datasets/recognise';
import { listBelow, type WalkLimits } from '../../src/extension/datasets/walk';
import { checkRunName } from '../../src/extension/runs/run-name';
import { recordCrash } from '../../src/extension/training/crash-record';
import { advance, noProgress, shareDone } from '../../src/extension/training/run-progress';
import { describeBreakpoint } from '../../src/protocol/breakpoints';
import type { StartEvent } from '../../src/protocol/training-events';

const start: StartEvent = {
  event: 'start',
  run: '/runs/a',
  model: 'mnist-mlp 784-256-10',
  parameters: 203_530,
  device: 'cpu',
  deviceReason: 'as asked',
  dataset: { name: 'mnist', train: 54_000, validation: 6000, test: 10_000, shape: [28, 28], classes: [] },
  epochs: 5,
  stepsPerEpoch: 100,
  learning: [],
  step: 0,
};

describe('the progress of a run', () => {
  it('is put together from what it tells', () => {
    const after = [
      start,
      { event: 'step', step: 250, epoch: 3, loss: 0.5, learningRate: 0.05 } as const,
      { event: 'stopped', step: 260, epoch: 2, checkpoint: '', run: '' } as const,
    ].reduce(advance, noProgress);
    expect(after).toMatchObject({ step: 250, epoch: 3, loss: 0.5, outcome: { event: 'stopped' } });
    expect(shareDone(after)).toBe(0.5);
    expect(advance(after, start)).toMatchObject({ outcome: undefined, loss: undefined });
  });

  it('has no share before it began', () => expect(shareDone(noProgress)).toBe(0));
});

describe('numbers as a person reads them', () => {
  it('are rounded to what matters', () => {
    expect(percent(0.97951)).toBe('98.0 %');
    expect([0.84, 12.3, 185, 7800].map(duration)).toEqual(['0.8 s', '12 s', '3 min 5 s', '2 h 10 min']);
    expect([0, 1, 5].map(n => counted(n, 'epoch'))).toEqual(['0 epochs', '1 epoch', '5 epochs']);
    expect([0, 0.12345, 0.0000123].map(lossText)).toEqual(['0.0000', '0.1235', '1.23e-5']);
    const now = Date.parse('2026-11-22T12:00:00Z');
    const before = (minutes: number) => ago(now - minutes * 60_000, now);
    expect([0, 5, 180, 1500, 5000].map(before)).toEqual([
      'just now',
      '5 min ago',
      '3 h ago',
      'yesterday',
      '2026-11-19',
    ]);
  });
});

describe('Throttled', () => {
  afterEach(() => vi.useRealTimers());

  it('calls at once, and then once for all that comes while it rests', () => {
    vi.useFakeTimers();
    const body = vi.fn();
    const throttled = new Throttled(100, body);
    for (let i = 0; i < 5; i++) throttled.call();
    expect(body).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(100);
    expect(body).toHaveBeenCalledTimes(2);
    throttled.call();
    throttled.dispose();
    vi.advanceTimersByTime(1000);
    expect(body).toHaveBeenCalledTimes(2);
  });
});

describe('a crash', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-test-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is written into run.json, and nothing else is changed', async () => {
    const file = path.join(folder, 'run.json');
    writeFileSync(file, JSON.stringify({ status: 'running', error: null, seed: 7, config: { lr: 0.1 } }));
    await recordCrash(folder, { code: null, signal: 'SIGKILL' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      status: 'failed',
      error: 'the training process stopped unexpectedly (it was ended by SIGKILL)',
      seed: 7,
      config: { lr: 0.1 },
    });
    expect(readdirSync(folder)).toEqual(['run.json']);
  });
});

describe('the name of a run', () => {
  it('is that of a folder in the folder of runs', () => {
    for (const name of ['a', '2026-11-22_08-19-00_mnist-mlp', 'with dropout 0.3', 'größer']) {
      expect(checkRunName(name), name).toBeUndefined();
    }
    for (const name of [
      '',
      ' ',
      '.',
      '..',
      '../a',
      'a/b',
      'a\\b',
      'C:a',
      '.hidden',
      'a\0',
      'nul',
      'a.',
      'x'.repeat(300),
    ]) {
      expect(checkRunName(name), name).toBeDefined();
    }
  });
});

/** The folders that hold a file with such a name. */
async function foldersWith(root: string, name: RegExp, limits?: WalkLimits): Promise<string[]> {
  const listings = await listBelow(root, limits);
  return listings.filter(({ files }) => files.some(file => name.test(file))).map(({ folder }) => folder);
}

describe('looking for files', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'descent-test-'));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('finds folders by the names in them, nearest first, and looks neither too far nor where nothing is kept', async () => {
    for (const folder of ['a/b/c', 'node_modules/x', '.git', 'near', '1/2/3/4/5/6']) {
      mkdirSync(path.join(root, folder), { recursive: true });
      writeFileSync(path.join(root, folder, 'data.idx'), '');
    }
    const found = await foldersWith(root, /\.idx$/);
    expect(found.map(folder => path.relative(root, folder))).toEqual(['near', path.join('a', 'b', 'c')]);
    // Data often lies elsewhere and is linked to; links can also lead in circles.
    symlinkSync(path.join(root, 'a', 'b'), path.join(root, 'linked'));
    symlinkSync(root, path.join(root, 'near', 'circle'));
    const linked = await foldersWith(path.join(root, 'linked'), /\.idx$/);
    expect(linked).toEqual([path.join(root, 'linked', 'c')]);
    expect(await foldersWith(root, /\.idx$/)).toHaveLength(2);
    expect(await foldersWith(path.join(root, 'missing'), /x/)).toEqual([]);
    expect(await foldersWith(root, /\.idx$/, { depth: 5, folders: 1 })).toEqual([]);
  });

  it('recognises datasets of every kind by names, and tables by their beginning', async () => {
    const files = {
      'mnist/train-images-idx3-ubyte.gz': '',
      'pets/train/cat/1.jpg': '',
      'pets/train/dog/1.jpg': '',
      'pets/test/cat/2.jpg': '',
      'pets/test/dog/2.jpg': '',
      'arrays/digits.npz': '',
      'pairs/x_train.npy': '',
      'pairs/y_train.npy': '',
      'numbered/labels.npy': '',
      'numbered/images/0.png': '',
      'flowers/iris.csv': 'a,b,species\n1,2,x\n3,4,y\n',
      'notes/todo.csv': 'what,when\nbuy milk,today\n',
      'site/media/logo.png': '',
      'site/media/style.css': '',
      'site/docs/picture.png': '',
      'site/docs/index.md': '',
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    const found = await recognise(await listBelow(root));
    const shown = found.map(({ folder, what }) => `${path.relative(root, folder)}: ${what}`).sort();
    expect(shown).toEqual([
      'arrays: arrays in digits.npz',
      'flowers: 2 features in iris.csv',
      'mnist: IDX files',
      'numbered: images with labels.npy',
      'pairs: arrays in .npy files',
      'pets: images in 2 class folders',
    ]);
  });
});

describe('a run that has paused by itself', () => {
  it('is told of with the step, the reason and the place', () => {
    const event = {
      event: 'breakpoint',
      epoch: 1,
      step: 10,
      reason: 'the loss became NaN',
      node: 8,
    } as const;
    expect(describeBreakpoint({ ...event, of: 'update', name: 'fc1.weight' })).toBe(
      'paused before step 11: the loss became NaN; it goes wrong first in fc1.weight, when the optimizer changes it.',
    );
    expect(describeBreakpoint({ ...event, of: 'gradient', name: 'ReluBackward0 of relu1' })).toContain(
      'in the gradient that arrives at ReluBackward0 of relu1.',
    );
    expect(describeBreakpoint({ ...event, node: null, of: null, name: null })).toBe(
      'paused before step 11: the loss became NaN.',
    );
  });
});
