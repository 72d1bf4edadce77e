/** The entrance to the data: any folder, or none. */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DataError } from '../../src/data/data-error';
import { DataQuestion } from '../../src/data/data-question';
import { keepOptions, readOptions } from '../../src/data/descent-json';
import { FORMATS, openDataset } from '../../src/data/find';
import { dataError, folderWith, images, labels } from './helpers';
import { grey } from './support';

const expected = `expected ${FORMATS.map(format => format.expected).join(', ')}`;

describe('openDataset', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('opens a folder of IDX files', async () => {
    const folder = folderWith({
      'train-images-idx3-ubyte': images(2),
      'train-labels-idx1-ubyte': labels(3, 7),
    });
    const data = await openDataset(folder);
    expect([data.name, ...data.train.labels]).toEqual([path.basename(folder), 3, 7]);
  });

  it('gives the generated digits without a folder, from the cache', async () => {
    const cache = folderWith();
    vi.stubEnv('DESCENT_CACHE', cache);
    const data = await openDataset(undefined);
    expect([data.name, data.train.length, data.test?.length]).toEqual(['generated digits', 12_000, 2_000]);
    expect(readdirSync(cache)).toHaveLength(1);
    expect((await openDataset(undefined)).fingerprint).toBe(data.fingerprint);
  });

  it.each([
    ['an empty folder', {}, `the folder is empty: ${expected}; choose another folder`],
    [
      'a folder of something else',
      { 'a.txt': '', 'b.txt': '' },
      `no data set found: ${expected}, found 2 files (a.txt, b.txt); choose another folder`,
    ],
    [
      'a broken data set',
      { 'train-images-idx3-ubyte': images(2) },
      'expected train-labels-idx1-ubyte or train-labels.idx1-ubyte, plain or .gz, beside train-images-idx3-ubyte; found neither: add the missing file',
    ],
  ])('refuses %s', async (_, files: Record<string, Uint8Array | string>, message) => {
    const folder = folderWith(files);
    await expect(openDataset(folder)).rejects.toThrow(new DataError(folder, message));
  });

  it('refuses a folder that is not there', async () => {
    const folder = path.join(folderWith(), 'gone');
    await expect(openDataset(folder)).rejects.toThrow(
      new DataError(folder, 'there is no such folder; check the path'),
    );
  });
});

describe('what only the person can tell', () => {
  const choicesOf = async (folder: string) => {
    const error: unknown = await openDataset(folder).catch((failure: unknown) => failure);
    if (!(error instanceof DataQuestion)) throw new Error(`expected a question, found ${String(error)}`);
    return error.choices;
  };

  /** Answers with each of the choices in turn, and opens the folder then. */
  async function opensWithEach(folder: string): Promise<void> {
    for (const { options } of await choicesOf(folder)) {
      keepOptions(folder, options);
      const data = await openDataset(folder, readOptions(folder));
      await data.fingerprint;
      rmSync(path.join(folder, 'descent.json'));
    }
  }

  const rows = (...lines: string[]) => Array.from({ length: 6 }, () => lines.join('\n')).join('\n');

  it('is which of several tables', async () => {
    const folder = folderWith({ 'a.csv': rows('0.5,0', '1.5,1'), 'b.csv': rows('2.5,0', '1.5,1') });
    expect(await choicesOf(folder)).toEqual([
      { label: 'a.csv', description: expect.any(String), options: { format: 'csv', file: 'a.csv' } },
      { label: 'b.csv', description: expect.any(String), options: { format: 'csv', file: 'b.csv' } },
    ]);
    await opensWithEach(folder);
  });

  it('is which column the label is in', async () => {
    const folder = folderWith({ 'a.csv': `first,other,last\n${rows('1,0.5,0', '0,0.25,2', '1,0.75,3')}` });
    expect(await choicesOf(folder)).toEqual([
      { label: 'first', description: '2 values', options: { labelColumn: 'first' } },
      { label: 'last', description: '3 values', options: { labelColumn: 'last' } },
    ]);
    await opensWithEach(folder);
    const bare = folderWith({ 'a.csv': rows('1,0.5,0', '0,0.25,2', '1,0.75,3') });
    expect((await choicesOf(bare)).map(({ options }) => options)).toEqual([
      { labelColumn: 1 },
      { labelColumn: 3 },
    ]);
    await opensWithEach(bare);
  });

  it('is which of several formats', async () => {
    const picture = grey(1);
    const folder = folderWith({
      'cats/1.png': picture,
      'dogs/2.png': picture,
      'train-images-idx3-ubyte': images(2),
      'train-labels-idx1-ubyte': labels(3, 7),
    });
    expect((await choicesOf(folder)).map(({ options }) => options)).toEqual([
      { format: 'idx' },
      { format: 'class-folders' },
    ]);
    await opensWithEach(folder);
  });

  it('is which of several sets of IDX files', async () => {
    const folder = folderWith({
      'emnist-letters-train-images-idx3-ubyte': images(2),
      'emnist-letters-train-labels-idx1-ubyte': labels(3, 7),
      'emnist-digits-train-images-idx3-ubyte': images(2),
      'emnist-digits-train-labels-idx1-ubyte': labels(3, 7),
    });
    expect((await choicesOf(folder)).map(({ label }) => label)).toEqual(['emnist-digits', 'emnist-letters']);
    await opensWithEach(folder);
  });

  it('is what becomes of files that cannot be read', async () => {
    const folder = folderWith({ 'a/1.png': grey(1), 'a/2.png': '', 'b/1.png': grey(2) });
    const data = await openDataset(folder);
    await expect(data.fingerprint).rejects.toBeInstanceOf(DataQuestion);
    keepOptions(folder, { onBadFile: 'skip' });
    expect((await openDataset(folder, readOptions(folder))).skipped).toHaveLength(1);
  });

  it('is a file in the folder, and none outside of it', async () => {
    const folder = folderWith({ 'descent.json': '{"file": "../other.csv"}' });
    expect(dataError(() => readOptions(folder))).toContain('file: expected a file in the folder');
    const gone = folderWith({ 'a.csv': '' });
    await expect(openDataset(gone, { file: 'b.csv' })).rejects.toThrow('there is no file b.csv');
  });
});
