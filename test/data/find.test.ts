/** The entrance to the data: any folder, or none. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DataError } from '../../src/data/data-error';
import { FORMATS, openDataset } from '../../src/data/find';
import { folderWith, images, labels } from './helpers';

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
