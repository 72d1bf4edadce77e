import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { RunFolder, type RunInfo } from '../../src/training/run-folder';
import { failureOf, smallConfig, temporaryFolder } from './support';

const when = new Date(2026, 10, 2, 6, 7, 8);

const info: RunInfo = {
  format: 1,
  config: smallConfig(),
  created: when.toISOString(),
  status: 'running',
  model: 'mnist-mlp 784-16-10',
  parameters: 12730,
  device: 'cpu',
  deviceReason: 'as asked',
  dataset: { name: 'x', train: 1, validation: 0, test: 0, shape: [28, 28], classes: ['0'], fingerprint: 'f' },
  versions: { descent: '1' },
  testLoss: null,
  testAccuracy: null,
  error: null,
};

describe('the folder of a run', () => {
  test('is named by date and model, and no two runs share one', () => {
    const runs = path.join(temporaryFolder(), 'a', 'b');
    const [first, second, third] = [1, 2, 3].map(() => RunFolder.create(runs, 'net', when));
    expect(first?.path).toBe(path.join(runs, '2026-11-02_06-07-08_net'));
    expect(second?.path).toBe(path.join(runs, '2026-11-02_06-07-08_net-2'));
    expect(third?.path).toBe(path.join(runs, '2026-11-02_06-07-08_net-3'));
    expect(existsSync(path.join(runs, '2026-11-02_06-07-08_net-2', 'checkpoints'))).toBe(true);
  });

  test('opens as it was written', async () => {
    const folder = RunFolder.create(temporaryFolder(), 'net', when);
    await folder.writeInfo(info);
    expect(RunFolder.open(folder.path).info).toEqual(info);
    expect(folder.hasProgress).toBe(false);
    writeFileSync(folder.last, '');
    expect(folder.hasProgress).toBe(true);
  });

  test('is removed together with the folder of runs that was made for it, but not with others', () => {
    const base = temporaryFolder();
    RunFolder.create(path.join(base, 'new'), 'net').remove();
    expect(existsSync(path.join(base, 'new'))).toBe(false);
    mkdirSync(path.join(base, 'old'));
    RunFolder.create(path.join(base, 'old'), 'net').remove();
    expect(existsSync(path.join(base, 'old'))).toBe(true);
    const first = RunFolder.create(path.join(base, 'shared'), 'net');
    const second = RunFolder.create(path.join(base, 'shared'), 'net');
    first.remove();
    expect(existsSync(second.path)).toBe(true);
  });

  test.each([
    ['below a file', (base: string) => path.join(base, 'file', 'runs'), /there is a file where a folder/],
    ['in place of a file', (base: string) => path.join(base, 'file'), /there is a file where a folder/],
    ['where the system refuses', () => '/proc/descent/runs', /no such file or folder|no permission/],
  ])('cannot be made %s', async (_, placeIn, expected) => {
    const base = temporaryFolder();
    writeFileSync(path.join(base, 'file'), '');
    const runs = placeIn(base);
    const message = await failureOf((async () => RunFolder.create(runs, 'net', when))());
    expect(message).toContain(`${path.join(runs, '2026-11-02_06-07-08_net')}: the folder of the run cannot`);
    expect(message).toMatch(expected);
  });

  test.each([
    ['{"format":1', /the file: /],
    ['[]', /the file: /],
    [JSON.stringify({ ...info, config: { ...info.config, lr: -1 } }), /config\.lr: /],
    [JSON.stringify({ ...info, format: 2 }), /format: /],
  ])('does not open with a run.json of %s', async (text, expected) => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'run.json'), text);
    const message = await failureOf((async () => RunFolder.open(folder))());
    expect(message).toContain(path.join(folder, 'run.json'));
    expect(message).toMatch(expected);
  });
});
