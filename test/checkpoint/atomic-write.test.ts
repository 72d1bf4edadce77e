/**
 * A file is replaced as a whole or not at all, and what went wrong is said in a sentence.
 */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CheckpointError, writeFileAtomic } from '../../src/checkpoint';
import type { FileSystem } from '../../src/checkpoint/atomic-write';

let folder: string;
let path: string;
const content = Uint8Array.of(1, 2, 3);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'descent-atomic-'));
  path = join(folder, 'last.pt');
});

afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

/** The message of the error that writing ends in. */
async function problem(target: string, files?: FileSystem): Promise<string> {
  const error: unknown = await writeFileAtomic(target, content, files).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CheckpointError);
  return error instanceof Error ? error.message : '';
}

describe('writeFileAtomic', () => {
  test('writes a new file, replaces an old one, and leaves nothing else', async () => {
    await writeFileAtomic(path, Uint8Array.of(9));
    await writeFileAtomic(path, content);
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['last.pt']);
  });

  test('writes at the same time to the same file', async () => {
    const large = [1, 2, 3, 4].map(value => new Uint8Array(100_000).fill(value));
    await Promise.all(large.map(bytes => writeFileAtomic(path, bytes)));
    const written = readFileSync(path);
    expect(written).toHaveLength(100_000);
    expect(new Set(written).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['last.pt']);
  });

  test.skipIf(process.platform === 'win32')('keeps a link', async () => {
    const real = join(folder, 'real.pt');
    writeFileSync(real, 'old');
    symlinkSync('real.pt', path);
    await writeFileAtomic(path, content);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect([...readFileSync(real)]).toEqual([1, 2, 3]);
  });

  test('says that the folder does not exist', async () => {
    expect(await problem(join(folder, 'a', 'x.pt'))).toBe(
      `${join(folder, 'a', 'x.pt')}: could not be written: the folder ${join(folder, 'a')} does not exist`,
    );
  });

  test('says that there is a folder of that name', async () => {
    mkdirSync(path);
    expect(await problem(path)).toBe(`${path}: could not be written: there is a folder of that name`);
    expect(readdirSync(folder)).toEqual(['last.pt']);
  });

  test('says that the name is too long', async () => {
    expect(await problem(join(folder, 'x'.repeat(300)))).toMatch(
      /could not be written: the name is too long$/,
    );
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'says that the folder is read-only',
    async () => {
      chmodSync(folder, 0o555);
      expect(await problem(path)).toBe(
        `${path}: could not be written: the folder ${folder} cannot be written to`,
      );
    },
  );
});

/** The real file system with some operations replaced; `failing` makes one that ends in an error. */
function withFailure(step: 'open' | 'writeFile' | 'sync' | 'close' | 'rename', code: string): FileSystem {
  const fail = () => Promise.reject(Object.assign(new Error(`${code}: failed`), { code }));
  return {
    open: async (target, flags) => {
      if (step === 'open') return fail();
      const file = await fs.open(target, flags);
      return {
        writeFile: async bytes => {
          await file.writeFile(bytes.subarray(0, 1));
          return step === 'writeFile' ? fail() : file.writeFile(bytes.subarray(1));
        },
        sync: () => (step === 'sync' ? fail() : file.sync()),
        close: async () => {
          await file.close();
          if (step === 'close') return fail();
        },
      };
    },
    rename: step === 'rename' ? fail : fs.rename,
    unlink: fs.unlink,
    realpath: fs.realpath,
  };
}

describe('a failure', () => {
  test.each([
    ['open', 'EROFS', /the folder .* cannot be written to$/],
    ['open', 'EACCES', /the folder .* cannot be written to$/],
    ['writeFile', 'ENOSPC', /the disk is full; free some space$/],
    ['writeFile', 'EDQUOT', /the disk is full; free some space$/],
    ['sync', 'ENOSPC', /the disk is full; free some space$/],
    ['close', 'EIO', /EIO: failed$/],
    ['rename', 'EPERM', /the folder .* cannot be written to$/],
  ] as const)('of %s with %s leaves the old file and nothing else', async (step, code, message) => {
    writeFileSync(path, 'old');
    expect(await problem(path, withFailure(step, code))).toMatch(message);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['last.pt']);
  });
});
