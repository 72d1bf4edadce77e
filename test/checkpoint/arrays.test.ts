/** NumPy's files and `.safetensors`, as NumPy and a reader of a few lines of Python write and read them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openCheckpoint } from '../../src/checkpoint';
import { runPython, withoutPython } from './python';
import { givenData } from './support';

/** Type, shape and elements. */
const truth = z.record(z.string(), z.tuple([z.string(), z.array(z.number()), z.array(z.number())]));

/** What is in a file, in the form of the peer. */
async function contentOf(path: string): Promise<Record<string, unknown>> {
  const file = await openCheckpoint(path);
  const found: Record<string, unknown> = {};
  for (const { name, dtype, shape } of file.tensors) {
    const { data } = await file.readTensor(name);
    found[name] = [dtype, shape, Array.from(data, Number)];
  }
  file.close();
  return found;
}

describe.skipIf(withoutPython)('arrays', () => {
  let folder: string;
  let expected: Record<string, z.infer<typeof truth>>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'descent-arrays-'));
    runPython('formats_peer.py', 'write', folder);
    const text = readFileSync(join(folder, 'expected.json'), 'utf8');
    expected = z.record(z.string(), truth).parse(JSON.parse(text));
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('of every type, order and byte order are read', async () => {
    const names = Object.keys(expected);
    expect(names.length).toBeGreaterThan(120);
    for (const name of names) expect(await contentOf(join(folder, name)), name).toEqual(expected[name]);
  });

  test('metadata of .safetensors is given', async () => {
    const file = await openCheckpoint(join(folder, 'all.safetensors'));
    expect(file.metadata).toEqual([
      ['format', 'pt'],
      ['note', 'é'],
    ]);
    expect(file.writer).toBe('safetensors, for PyTorch');
  });

  test.each([
    ['objects.npy', /: is an array of Python objects: its elements are a pickle, which is not opened/],
    ['text.npy', /: is an array of text, not of numbers; save numbers instead$/],
    ['records.npy', /: is an array of records/],
    ['dates.npy', /: is an array of dates/],
  ])('%s is refused with the reason', async (name, reason) => {
    await expect(openCheckpoint(join(folder, name))).rejects.toThrow(reason);
  });
});

const given = { checkpoints: givenData('checkpoints'), npy: givenData('npy') };

describe.skipIf(withoutPython || given.npy === undefined)('given arrays', () => {
  test('are what others find in them', async () => {
    const files = [...filesIn(given.npy, /\.np[yz]$/), ...filesIn(given.checkpoints, /\.safetensors$/)];
    const opened: string[] = [];
    for (const path of files) {
      const refusal = await openCheckpoint(path).then(
        file => file.close(),
        (error: unknown) => String(error),
      );
      if (refusal === undefined) opened.push(path);
      else expect(refusal).toMatch(/is an array of Python objects/);
    }
    expect(opened.length).toBeGreaterThan(6);
    const found = z
      .record(z.string(), truth)
      .parse(JSON.parse(runPython('formats_peer.py', 'read', ...opened)));
    for (const path of opened) expect(await contentOf(path), path).toEqual(found[path]);
  });
});

function filesIn(folder: string | undefined, names: RegExp): string[] {
  if (folder === undefined) return [];
  return readdirSync(folder)
    .filter(name => names.test(name))
    .map(name => join(folder, name));
}
