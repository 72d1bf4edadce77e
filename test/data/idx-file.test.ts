/** IDX files as they lie on disk: plain, gzip, or something else under their name. */
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/data/data-error';
import { writeIdx } from '../../src/data/idx';
import { decodeIdx, readIdx } from '../../src/data/idx-file';
import { Generator } from '../../src/engine/random/generator';
import { dataError, folderWith, images, labels } from './helpers';

/** Random pixels, which gzip does not make smaller: the file is longer than what is unzipped for a look. */
function noise(): Uint8Array {
  const bytes = images(200);
  const random = new Generator(1);
  for (let i = 16; i < bytes.length; i++) bytes[i] = random.uint32();
  return bytes;
}

/** The bytes, the byte at `at` changed. */
function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = value;
  return changed;
}

describe('decodeIdx', () => {
  const large = noise();
  const small = labels(3, 1, 4);

  it.each([
    ['small', small],
    ['large', large],
  ])('reads a %s gzip file as it reads the plain one', (_, bytes) => {
    const [zipped, plain] = [decodeIdx(gzipSync(bytes), 'f'), decodeIdx(bytes, 'f')];
    expect(zipped.shape).toEqual(plain.shape);
    expect(zipped.data.length).toBe(plain.data.length);
    expect(writeIdx(zipped).every((byte, i) => byte === bytes[i])).toBe(true);
  });

  it('goes by the content, not by the name', () => {
    const folder = folderWith({ 'plain.gz': small, zipped: gzipSync(small) });
    expect([...readIdx(path.join(folder, 'plain.gz')).data]).toEqual([3, 1, 4]);
    expect([...readIdx(path.join(folder, 'zipped')).data]).toEqual([3, 1, 4]);
  });

  it('refuses a gzip file that is cut anywhere', () => {
    const bytes = gzipSync(small);
    for (let length = 0; length < bytes.length; length++) {
      dataError(() => decodeIdx(bytes.subarray(0, length), 'f'));
    }
    const long = gzipSync(large);
    for (let length = 0; length < long.length; length += 9973) {
      dataError(() => decodeIdx(long.subarray(0, length), 'f'));
    }
  });

  it('meets a gzip file with any byte changed with the right array or a DataError', () => {
    const bytes = gzipSync(small);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        try {
          expect([...decodeIdx(withByte(bytes, at, value), 'f').data]).toEqual([3, 1, 4]);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('does not unzip more than the header promises', () => {
    const bomb = gzipSync(Buffer.concat([labels(1, 2), Buffer.alloc(2 ** 25)]), { level: 1 });
    expect(bomb.length).toBeGreaterThan(2 ** 16);
    expect(dataError(() => decodeIdx(bomb, 'f'))).toBe(
      'f: too long: an IDX array of 2 ubyte needs 10 bytes, found more in the gzip data; download or copy it again',
    );
  });

  it('allocates nothing for a header that promises more than the gzip data can hold', () => {
    const liar = withByte(withByte(large, 4, 0x7f), 8, 0x7f);
    expect(dataError(() => decodeIdx(gzipSync(liar), 'f'))).toMatch(
      /^f: truncated: an IDX array of 2130706632×2130706460×28 ubyte needs 1\.3e\+20 bytes, found gzip data of [\d,]+ bytes that cannot hold so many; download or copy it again$/,
    );
  });

  const gzip = gzipSync(small);
  const bad: [string, Uint8Array | string, string][] = [
    ['an empty file', '', 'f: the file is empty; download or copy it again'],
    ['an empty gzip file', gzipSync(''), 'f: the file is empty; download or copy it again'],
    [
      'a web page',
      '\n  <!DOCTYPE html>\n<html><body>404</body></html>',
      'f: looks like an HTML page: the download failed; download the file again',
    ],
    [
      'a web page without a doctype',
      '<HTML>',
      'f: looks like an HTML page: the download failed; download the file again',
    ],
    [
      'an error page of a file store',
      '\ufeff<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
      'f: looks like an HTML page: the download failed; download the file again',
    ],
    [
      'a zipped web page',
      gzipSync('<html>'),
      'f: looks like an HTML page: the download failed; download the file again',
    ],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 9912422\n',
      'f: is a Git LFS pointer, not the file itself; run `git lfs pull`',
    ],
    ['a ZIP archive', 'PK\x03\x04\x14', 'f: is a ZIP archive; unpack it first'],
    [
      'a cut gzip file',
      gzip.subarray(0, 20),
      'f: truncated: an IDX array of 3 ubyte needs 11 bytes, found gzip data that ends after 9 bytes; download or copy it again',
    ],
    [
      'a gzip file that is cut before anything',
      gzip.subarray(0, 11),
      'f: the gzip data ends too early; download or copy it again',
    ],
    [
      'a gzip file whose checksum is wrong',
      withByte(gzip, gzip.length - 8, (gzip.at(-8) ?? 0) ^ 1),
      'f: the gzip data is damaged (incorrect data check); download or copy it again',
    ],
    [
      'a large gzip file that is cut',
      gzipSync(large).subarray(0, 100_000),
      'f: truncated: an IDX array of 200×28×28 ubyte needs 156,816 bytes, found gzip data that ends after 99,955 bytes; download or copy it again',
    ],
    [
      'a gzip file of too few numbers',
      gzipSync(large.subarray(0, 100_000)),
      'f: truncated: an IDX array of 200×28×28 ubyte needs 156,816 bytes, found 100,000 bytes; download or copy it again',
    ],
    [
      'a gzip file of another format',
      gzipSync('hello'),
      'f: not an IDX file: expected it to begin with the bytes 00 00, found 68 65 6c 6c; choose an IDX file',
    ],
  ];
  it.each(bad)('refuses %s', (_, content, message) => {
    expect(dataError(() => decodeIdx(new Uint8Array(Buffer.from(content)), 'f'))).toBe(message);
  });

  it('says when a file is not there', () => {
    const file = path.join(folderWith(), 'gone');
    expect(dataError(() => readIdx(file))).toBe(
      `${file}: cannot be read (ENOENT); check that it exists and that you may read it`,
    );
  });
});
