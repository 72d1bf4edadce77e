/**
 * Files go to PyTorch and come from it, both of its formats, and mean the same on both sides.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  dict,
  dictAt,
  int,
  readCheckpoint,
  type Stored,
  stateDict,
  tensorAt,
  tensorsIn,
  writeCheckpoint,
} from '../../src/checkpoint';
import { runPython, withoutPython } from './python';
import { describeValue } from './support';

const peer = (command: string, folder: string) => runPython('torch_peer.py', command, folder);

const results = z.record(z.string(), z.record(z.string(), z.unknown()));

const samples = [
  'trained',
  'trained-legacy',
  'types',
  'types-legacy',
  'views',
  'views-legacy',
  'plain',
  'parameters',
  'module',
  'module-legacy',
  'tensor',
  'parameter',
  'repacked',
  ...[0, 1, 2, 3, 4, 5].map(protocol => `protocol-${protocol}`),
];

describe.skipIf(withoutPython)('PyTorch', () => {
  let folder: string;
  let expected: Record<string, unknown>;

  const read = (name: string): Stored =>
    readCheckpoint(readFileSync(join(folder, 'theirs', `${name}.pt`)), `${name}.pt`).value;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'descent-torch-'));
    mkdirSync(join(folder, 'theirs'));
    mkdirSync(join(folder, 'ours'));
    peer('write', join(folder, 'theirs'));
    const text = readFileSync(join(folder, 'theirs', 'expected.json'), 'utf8');
    expected = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the list of samples is complete', () => {
    const written = readdirSync(join(folder, 'theirs')).filter(name => name.endsWith('.pt'));
    expect(written.sort()).toEqual(samples.map(name => `${name}.pt`).sort());
  });

  test.each(samples.filter(name => !name.startsWith('module')))('reads %s.pt', name => {
    expect(describeValue(read(name))).toEqual(expected[name]);
  });

  test.each(['module', 'module-legacy'])('finds the weights in a whole module, %s.pt', name => {
    const found = [...tensorsIn(read(name))].map(({ path, tensor }): [string, Stored] => [
      path.join('/'),
      tensor,
    ]);
    const byName = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    const [, theirs] = z.tuple([z.string(), z.array(z.unknown())]).parse(expected[name]);
    const [, ours] = describeValue(new Map(found));
    expect(Array.isArray(ours) && [...ours].sort(byName)).toEqual([...theirs].sort(byName));
  });

  test('views of one storage share their memory', () => {
    const views = read('views');
    expect(tensorAt(views, 'slice').data.buffer).toBe(tensorAt(views, 'base').data.buffer);
    expect(tensorAt(views, 'strange stride of 1').data.buffer).toBe(tensorAt(views, 'base').data.buffer);
    expect(tensorAt(views, 'transposed').data.buffer).not.toBe(tensorAt(views, 'base').data.buffer);
  });

  test('notes the type of what was widened', () => {
    const types = read('types');
    expect(tensorAt(types, 'torch.bfloat16').storedAs).toBe('bfloat16');
    expect(tensorAt(types, 'torch.complex64').storedAs).toBe('complex64');
    expect(tensorAt(types, 'torch.float32')).not.toHaveProperty('storedAs');
  });

  test('opens what is written here, with weights_only', () => {
    const trained = read('trained');
    const shared = new Float32Array(100).fill(0.5);
    const ours: Record<string, Stored> = {
      weights: dictAt(trained, 'model'),
      trained,
      plain: read('plain'),
      tied: dict({
        a: { dtype: 'float32', shape: [10, 10], data: shared },
        b: { dtype: 'float32', shape: [100], data: shared },
      }),
      types: dict({
        float32: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, -0, Number.NaN, 1e-45) },
        float64: { dtype: 'float64', shape: [1, 3], data: Float64Array.of(1e308, 0.1, -1) },
        int64: { dtype: 'int64', shape: [2], data: BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n)) },
        int32: { dtype: 'int32', shape: [], data: Int32Array.of(-7) },
        uint8: { dtype: 'uint8', shape: [3, 1], data: Uint8Array.of(0, 128, 255) },
        bool: { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
        scalar: { dtype: 'float64', shape: [], data: Float64Array.of(2.5) },
        empty: { dtype: 'float32', shape: [0], data: new Float32Array(0) },
        'empty inside': { dtype: 'int64', shape: [3, 0, 2], data: new BigInt64Array(0) },
        'part of a buffer': {
          dtype: 'float32',
          shape: [2],
          data: Float32Array.of(1, 2, 3, 4).subarray(1, 3),
        },
      }),
      scripts: dict({ model: stateDict({}), epoch: int(3), nested: [[], [[1n]], dict({})] }),
    };
    for (const [name, value] of Object.entries(ours)) {
      writeFileSync(join(folder, 'ours', `${name}.pt`), writeCheckpoint(value));
    }
    const found = results.parse(JSON.parse(peer('check', join(folder, 'ours'))));
    for (const [name, value] of Object.entries(ours)) {
      expect(found[name], name).toMatchObject({ value: describeValue(value), problems: [] });
    }
    expect(found).toMatchObject({ tied: { shared: true }, resumed: { equal: true } });
  });
});
