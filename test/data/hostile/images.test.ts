/** Odd and hostile images: each has an outcome, and a message that names the file. */
import { Buffer } from 'node:buffer';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../../src/data/find';
import { ImageThreads } from '../../../src/data/images/threads';
import golden from '../../golden/images.json';
import { folderWith } from '../helpers';
import { grey, whole } from '../support';
import { chunk, gif, lzwBomb, png, tiff, withBad } from './bad-images';

beforeEach(() => {
  vi.stubEnv('DESCENT_CACHE', folderWith());
});

const good = Buffer.from(grey(7));

describe('an image that is', () => {
  it.each<[string, Uint8Array | string, string]>([
    ['empty', '', 'the file is empty'],
    ['cut off', good.subarray(0, good.length - 20), 'truncated: the file ends before the image does'],
    ['cut off within its pixels', png(4, 3, Buffer.alloc(9)), 'truncated: its pixels end too early'],
    ['no image', 'hello', 'is no image, or a damaged one: its first bytes are of no known format'],
    ['a web page', '<!DOCTYPE html><html>', 'is no image but an HTML page: the download failed'],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\n',
      'is no image but a Git LFS pointer',
    ],
    [
      'of 20,000×20,000 pixels',
      png(20_000, 20_000, Buffer.alloc(20_000)),
      'too large: 20000×20000 pixels, at most 89 megapixels are read',
    ],
    [
      'a decompression bomb',
      png(4, 3, Buffer.alloc(50_000_000)),
      'it unzips to more than its header promises',
    ],
    ['0 pixels large', png(0, 3, Buffer.alloc(3)), 'damaged: '],
    [
      'a GIF whose picture is larger than its screen',
      gif(65_535, 65_535),
      'damaged: its picture of 65535×65535 does not fit its 4×3',
    ],
    [
      'a TIFF that is a decompression bomb',
      tiff(Buffer.alloc(50_000_000)),
      'it unzips to more than its header promises',
    ],
    [
      'a TIFF with the same strip over and over',
      tiff(Buffer.alloc(12), 5000),
      'damaged: its sizes contradict',
    ],
    [
      'a TIFF whose LZW expands to gigabytes',
      tiff(lzwBomb(), 1, 5),
      'it unzips to more than its header promises',
    ],
    ['a TIFF that is cut off', tiff(Buffer.alloc(9)), 'it cannot be decoded as TIFF'],
  ])('%s ends the reading, or is left out', async (_, bytes, reason) => {
    const folder = withBad('odd name 🦝.png', bytes);
    const file = path.join(folder, 'a', 'odd name 🦝.png');
    const data = await openDataset(folder);
    await expect(data.train.pending?.all()).rejects.toThrow(`${file}: ${reason}`);
    await expect(data.fingerprint).rejects.toThrow('or leave out such files (--on-bad-file skip)');
    const skipping = await whole(folder, { onBadFile: 'skip' });
    expect(skipping.train.length).toBe(2);
    expect(skipping.skipped).toEqual([{ file, reason: expect.stringContaining(reason) }]);
  });

  it('a bomb in a chunk that holds no pixels is decoded without it', async () => {
    const profile = chunk(
      'iCCP',
      Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(50_000_000))]),
    );
    const data = await whole(withBad('c.png', png(4, 3, Buffer.alloc(15), [profile])));
    expect(data.train.length).toBe(3);
  });

  it.each([
    ['a GIF', gif(4, 3)],
    ['a TIFF', tiff(Buffer.alloc(12))],
  ])('%s that keeps what it promises is decoded', async (_, bytes) => {
    expect((await whole(withBad('c.png', bytes))).train.length).toBe(3);
  });

  it('of another kind than its name says is decoded as what it is', async () => {
    const data = await whole(withBad('c.jpg', good));
    expect([...data.train.images.subarray(0, 12)]).toEqual(Array<number>(12).fill(7));
  });

  it.skipIf(process.getuid?.() === 0)('not to be read is named', async () => {
    const folder = withBad('c.png', good);
    chmodSync(path.join(folder, 'a/c.png'), 0);
    await expect(whole(folder)).rejects.toThrow('a/c.png: cannot be read (EACCES)');
  });
});

describe('an image of which the file holds the first half', () => {
  /** What is wrong with files of these contents. */
  async function reasons(files: readonly (readonly [name: string, bytes: Buffer])[]): Promise<string[]> {
    const folder = folderWith(Object.fromEntries(files));
    const threads = new ImageThreads(1);
    const job = { size: { width: 4, height: 3 }, channels: 1, kind: 'decode' } as const;
    const { bad } = await threads.ask({ ...job, files: files.map(([name]) => path.join(folder, name)) });
    threads.close();
    return bad.map(({ index, reason }) => `${files[index]?.[0]}: ${reason}`);
  }

  it('is left out, not read as half an image, whatever its kind', async () => {
    const halves = golden.map(({ name, bytes }) => {
      const whole = Buffer.from(bytes, 'base64');
      return [name, whole.subarray(0, whole.length >> 1)] as const;
    });
    const found = await reasons(halves);
    expect(found.map(reason => reason.split(':')[0])).toEqual(golden.map(({ name }) => name));
    for (const reason of found) expect(reason).toMatch(/: (truncated|damaged|it cannot be decoded)/);
  });

  it('is truncated even if it ends as a whole JPEG does', async () => {
    const jpeg = golden.find(({ name }) => name.endsWith('.jpg'));
    const bytes = Buffer.from(jpeg?.bytes ?? '', 'base64');
    const cut = Buffer.concat([bytes.subarray(0, bytes.length - 60), Buffer.from([0xff, 0xd9])]);
    expect(await reasons([['a.jpg', cut]])).toEqual([
      'a.jpg: truncated: the file ends before the image does',
    ]);
  });
});
