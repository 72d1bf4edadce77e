/**
 * Files that PyTorch of several ages wrote for others, against a list of what is in them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  isTensor,
  openCheckpoint,
  readCheckpoint,
  type Stored,
  type StoredTensor,
  Unresolved,
} from '../../src/checkpoint';
import { givenData, problemOf } from './support';

const folder = givenData('checkpoints');
if (folder === undefined) {
  console.warn(
    'Skipped: no checkpoints at ../shared/data/checkpoints or in $DESCENT_DATA, so that none were read.',
  );
}

/** Storage type, shape, first values, and the sum of a tensor; or a plain number. */
const truth = z.tuple([z.string(), z.array(z.number()), z.array(z.number()), z.number()]);
const truths = z.record(z.string(), z.record(z.string(), z.union([truth, z.number()])));

/** Tensors and numbers by the paths of the list: classes of objects stand before their attributes. */
function* leaves(value: Stored, path = ''): Generator<readonly [string, StoredTensor | number]> {
  const inside = path === '' ? '' : `${path}/`;
  if (typeof value === 'number') yield [path, value];
  else if (typeof value === 'bigint') yield [path, Number(value)];
  else if (value instanceof Map)
    for (const [key, item] of value) yield* leaves(item, `${inside}${String(key)}`);
  else if (value instanceof Unresolved) {
    if (value.state !== undefined) yield* leaves(value.state, `${path}<${value.name}>`);
  } else if (isTensor(value)) yield [path, value];
}

function summary({ dtype, shape, data }: StoredTensor) {
  const values = Array.from(data, Number);
  const storage = { float32: 'Float', int64: 'Long' }[String(dtype)];
  return [storage, [...shape], values.slice(0, 3), values.reduce((sum, value) => sum + value, 0)];
}

describe.skipIf(folder === undefined)('given checkpoints', () => {
  const list =
    folder === undefined ? {} : truths.parse(JSON.parse(readFileSync(join(folder, 'TENSORS.json'), 'utf8')));
  const read = (name: string) => readCheckpoint(readFileSync(join(folder ?? '', name)), name);
  const files = Object.keys(list).filter(name => !name.endsWith('.safetensors'));

  test('are there', () => {
    const names = readdirSync(folder ?? '').filter(name => /^(zip|legacy)-/.test(name));
    expect(files.sort()).toEqual(names.sort());
    expect(files.length).toBeGreaterThan(5);
  });

  test.each(files)('%s', name => {
    const { value, format } = read(name);
    expect(format).toBe(name.startsWith('legacy') ? 'legacy' : 'zip');
    const found = new Map(leaves(value));
    const expected = Object.entries(list[name] ?? {});
    for (const [path, content] of expected) {
      const leaf = found.get(path);
      if (leaf === undefined) throw new Error(`${path} is missing`);
      if (typeof content === 'number') {
        expect(leaf, path).toBe(content);
        continue;
      }
      const [storage, shape, first, sum] = content;
      expect(typeof leaf === 'object' && summary(leaf), path).toEqual([
        storage,
        shape,
        first,
        expect.closeTo(sum, 3),
      ]);
    }
    const tensors = [...found.values()].filter(leaf => typeof leaf === 'object');
    expect(tensors.length).toBe(expected.filter(([, content]) => typeof content !== 'number').length);
  });

  test.each(files)('%s, opened without reading its tensors', async name => {
    const file = await openCheckpoint(join(folder ?? '', name));
    const expected = Object.entries(list[name] ?? {}).filter(([, content]) => typeof content !== 'number');
    expect(file.tensors).toHaveLength(expected.length);
    for (const [i, tensor] of file.tensors.entries()) {
      const [path = '', content] = expected[i] ?? [];
      if (typeof content !== 'object') throw new Error(`${path} is missing`);
      const [, shape, first, sum] = content;
      const own = path.replace(/<[^>]*>/g, '').replace(/\/?_(modules|parameters|buffers)\//g, '.');
      expect(tensor.name).toBe(own.replace(/^\./, ''));
      const { data } = await file.readTensor(tensor.name);
      const values = Array.from(data, Number);
      expect([tensor.shape, values.slice(0, 3)], path).toEqual([shape, first]);
      expect(
        values.reduce((total, value) => total + value, 0),
        path,
      ).toBeCloseTo(sum, 3);
    }
    file.close();
  });

  test('other formats are named', () => {
    for (const name of readdirSync(folder ?? '').filter(file => file.endsWith('.safetensors'))) {
      expect(problemOf(() => read(name))).toBe(
        `${name}: expected a PyTorch zip archive, found a safetensors file`,
      );
    }
  });
});
