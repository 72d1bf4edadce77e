/** The cache of the generated digits: used when it is whole, made anew when it is not, never in the way. */
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateDigits } from '../../src/data/digits';
import { cachedDigits, cacheFolder } from '../../src/data/digits-cache';
import { loadIdxFolder } from '../../src/data/idx-folder';
import { folderWith } from './helpers';

const options = { seed: 3, train: 40, test: 20 };
const NAMES = [
  'sha256.txt',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
];

/** The only entry of a folder. */
function onlyIn(folder: string): string {
  const names = readdirSync(folder);
  expect(names).toHaveLength(1);
  return path.join(folder, names[0] ?? '');
}

/** A cache with these digits in it. */
function folderWithDigits(which: typeof options): string {
  const cache = folderWith();
  cachedDigits(which, cache);
  return cache;
}

/** Changes one bit of a file. */
function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

describe('cachedDigits', () => {
  const fresh = generateDigits(options);

  it('keeps the digits as IDX files that open like any others', () => {
    const cache = path.join(folderWith(), 'not', 'yet', 'there');
    expect(cachedDigits(options, cache)).toEqual(fresh);
    const kept = onlyIn(cache);
    expect(path.basename(kept)).toBe('digits-v1-seed3-40-20');
    expect(readdirSync(kept).sort()).toEqual(NAMES);
    expect(loadIdxFolder(kept).fingerprint).toBe(fresh.fingerprint);
  });

  it('reads them the second time, and writes nothing', () => {
    const cache = folderWith();
    cachedDigits(options, cache);
    const before = statSync(onlyIn(cache)).ino;
    expect(cachedDigits(options, cache)).toEqual(fresh);
    expect(statSync(onlyIn(cache)).ino).toBe(before);
    // They come from the files indeed: a file that is put there with its fingerprint is what is given.
    const other = onlyIn(folderWithDigits({ ...options, seed: 4 }));
    for (const name of NAMES)
      writeFileSync(path.join(onlyIn(cache), name), readFileSync(path.join(other, name)));
    expect(cachedDigits(options, cache).fingerprint).toBe(
      generateDigits({ ...options, seed: 4 }).fingerprint,
    );
  });

  it('keeps other seeds and sizes apart', () => {
    const cache = folderWith();
    cachedDigits(options, cache);
    expect(cachedDigits({ ...options, seed: 4 }, cache).fingerprint).not.toBe(fresh.fingerprint);
    expect(cachedDigits({ ...options, test: 0 }, cache).test).toBeUndefined();
    expect(cachedDigits({ ...options, test: 0 }, cache).test).toBeUndefined();
    expect(readdirSync(cache)).toHaveLength(3);
  });

  const damages: [string, (kept: string) => void][] = [
    ['a file is missing', kept => rmSync(path.join(kept, 't10k-labels-idx1-ubyte'))],
    ['a file is cut', kept => truncateSync(path.join(kept, 'train-images-idx3-ubyte'), 1000)],
    ['a label is changed', kept => flip(path.join(kept, 'train-labels-idx1-ubyte'), 20)],
    ['a pixel is changed', kept => flip(path.join(kept, 't10k-images-idx3-ubyte'), 5000)],
    ['the fingerprint is missing', kept => rmSync(path.join(kept, 'sha256.txt'))],
    [
      'there is a file in the place of the folder',
      kept => {
        rmSync(kept, { recursive: true });
        writeFileSync(kept, '');
      },
    ],
  ];
  it.each(damages)('makes them anew when %s', (_, damage) => {
    const cache = folderWithDigits(options);
    damage(onlyIn(cache));
    expect(cachedDigits(options, cache)).toEqual(fresh);
    expect(readdirSync(onlyIn(cache)).sort()).toEqual(NAMES);
    expect(loadIdxFolder(onlyIn(cache)).fingerprint).toBe(fresh.fingerprint);
  });

  it('works where nothing can be written', () => {
    const folder = folderWith({ 'a file': '' });
    expect(cachedDigits(options, path.join(folder, 'a file', 'cache'))).toEqual(fresh);
    expect(readdirSync(folder)).toEqual(['a file']);
  });
});

describe('cacheFolder', () => {
  const home = path.resolve('/home/ada');

  it("is the platform's usual place", () => {
    const none = { env: {}, home };
    expect(cacheFolder({ ...none, platform: 'linux' })).toBe(path.join(home, '.cache', 'descent'));
    expect(cacheFolder({ ...none, platform: 'darwin' })).toBe(
      path.join(home, 'Library', 'Caches', 'descent'),
    );
    expect(cacheFolder({ ...none, platform: 'win32' })).toBe(
      path.join(home, 'AppData', 'Local', 'descent', 'cache'),
    );
  });

  it('follows the environment', () => {
    const xdg = path.resolve('/xdg');
    expect(cacheFolder({ env: { XDG_CACHE_HOME: xdg }, home, platform: 'linux' })).toBe(
      path.join(xdg, 'descent'),
    );
    expect(cacheFolder({ env: { XDG_CACHE_HOME: 'relative' }, home, platform: 'linux' })).toBe(
      path.join(home, '.cache', 'descent'),
    );
    expect(cacheFolder({ env: { LOCALAPPDATA: xdg }, home, platform: 'win32' })).toBe(
      path.join(xdg, 'descent', 'cache'),
    );
    const own = { DESCENT_CACHE: xdg, XDG_CACHE_HOME: '/other' };
    expect(cacheFolder({ env: own, home, platform: 'linux' })).toBe(xdg);
  });
});
