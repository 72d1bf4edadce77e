/**
 * Zip archives that are wrong in one thing: each is refused, with a line that says in which.
 */
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { find, readCheckpoint } from '../../src/checkpoint';
import { crc32, crc32ByTable } from '../../src/checkpoint/zip/crc32';
import { archiveOf, bytesOf, legacyFile, problemOf } from './support';

describe('zip archives', () => {
  const good = () => archiveOf('\x80\x02N.', { 'archive/data/0': bytesOf('x'.repeat(200)) });
  const read = (bytes: Uint8Array) => readCheckpoint(bytes, 'x.pt').value;
  const at = (bytes: Uint8Array, text: string) => Buffer.from(bytes).lastIndexOf(Buffer.from(text, 'latin1'));

  test('the one that is changed below is good', () => expect(read(good())).toBeNull());

  test('an entry that unpacks to more than it says is stopped', () => {
    const bomb = zipSync({ 'archive/data.pkl': new Uint8Array(2 ** 20) }, { level: 6 });
    const entry = at(bomb, 'PK\x01\x02');
    new DataView(bomb.buffer).setUint32(entry + 24, 1000, true);
    expect(problemOf(() => read(bomb))).toBe(
      'x.pt: is a damaged zip archive: "archive/data.pkl" does not unpack to its 1000 bytes',
    );
    new DataView(bomb.buffer).setUint32(entry + 24, 0xf0000000, true);
    expect(problemOf(() => read(bomb))).toMatch(/announces 4026531840 bytes|far too much/);
  });

  test('an honest bomb is stopped too', () => {
    // Refused for its size before anything is unpacked, so that the content does not matter.
    const bytes = zipSync({ 'archive/data.pkl': new Uint8Array(500_000) }, { level: 0 });
    const view = new DataView(bytes.buffer);
    const entry = at(bytes, 'PK\x01\x02');
    view.setUint16(entry + 10, 8, true);
    view.setUint32(entry + 24, 400 * 2 ** 20, true);
    expect(problemOf(() => read(bytes))).toBe('x.pt: is a zip archive that unpacks to far too much');
  });

  test('entries that lie over each other are refused', () => {
    const bytes = archiveOf(
      `\x80\x02(${[0, 1].map(key => `(X\x07\x00\x00\x00storagectorch\nByteStorage\nX\x01\x00\x00\x00${key}NM\x10\x27tQ`).join('')}t.`,
      { 'archive/data/0': new Uint8Array(10_000), 'archive/data/1': new Uint8Array(10_000) },
    );
    expect(read(bytes)).toMatchObject({ items: [{ shape: [10_000] }, { shape: [10_000] }] });
    // The second entry refers to the bytes of the first, and the bytes of the second are cut out.
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const second = at(bytes, 'archive/data/1') - 46;
    const [from, to] = [view.getUint32(second - 60 + 42, true), view.getUint32(second + 42, true)];
    const end = at(bytes, 'PK\x05\x06');
    const directory = view.getUint32(end + 16, true);
    view.setUint32(second + 42, from, true);
    view.setUint32(end + 16, to, true);
    const shorter = Buffer.concat([bytes.subarray(0, to), bytes.subarray(directory)]);
    expect(problemOf(() => read(shorter))).toBe('x.pt: is a zip archive whose entries overlap');
  });

  test.each<[string, (view: DataView, entry: number, end: number) => void, RegExp]>([
    [
      'is encrypted',
      (view, entry) => view.setUint16(entry + 8, 1, true),
      /encrypted entry "archive\/data.pkl"/,
    ],
    [
      'is compressed otherwise',
      (view, entry) => view.setUint16(entry + 10, 14, true),
      /unknown compression 14/,
    ],
    ['has two sizes', (view, entry) => view.setUint32(entry + 24, 3, true), /two different sizes/],
    ['lies outside', (view, entry) => view.setUint32(entry + 42, 0x7fffffff, true), /outside of the file/],
    [
      'has no header',
      (view, entry) => view.setUint32(entry + 42, 2, true),
      /expected "archive\/data.pkl" at byte 2/,
    ],
    [
      'is longer than the file',
      (view, entry) => view.setUint32(entry + 20, 9999, true),
      /cut off: expected 9999 bytes/,
    ],
    [
      'has another checksum',
      (view, entry) => view.setUint32(entry + 16, 1, true),
      /checksum of "archive\/data.pkl"/,
    ],
    [
      'says that there are more',
      (view, _, end) => view.setUint16(end + 10, 999, true),
      /table of contents is too short/,
    ],
    [
      'has its contents elsewhere',
      (view, _, end) => view.setUint32(end + 16, 5, true),
      /damaged zip archive/,
    ],
    ['announces 64 bits', (view, _, end) => view.setUint16(end + 10, 0xffff, true), /its end is incomplete/],
  ])('an archive that %s', (_, change, problem) => {
    const bytes = good();
    change(
      new DataView(bytes.buffer, bytes.byteOffset),
      at(bytes, 'archive/data.pkl') - 46,
      at(bytes, 'PK\x05\x06'),
    );
    expect(problemOf(() => read(bytes))).toMatch(problem);
  });

  test('a checksum of 0 says that there is none', () => {
    const bytes = good();
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at(bytes, 'archive/data.pkl') - 46 + 16, 0, true);
    expect(read(bytes)).toBeNull();
  });

  test('the checksum is that of the standard, in both ways', () => {
    for (const sum of [crc32, crc32ByTable]) {
      expect(sum(bytesOf('123456789'))).toBe(0xcbf43926);
      expect(sum(new Uint8Array(0))).toBe(0);
    }
  });

  test('two entries of one name are refused', () => {
    const bytes = Buffer.from(archiveOf('\x80\x02N.', { 'archive/data.pk_': bytesOf('\x80\x02K\x01.') }));
    bytes[bytes.lastIndexOf('data.pk_') + 7] = 'l'.charCodeAt(0);
    expect(problemOf(() => read(bytes))).toBe(
      'x.pt: is a damaged zip archive: it has two entries named "archive/data.pkl"',
    );
  });

  test('the old format lists only storages that are used', () => {
    const bytes = Buffer.from(legacyFile());
    expect(find(read(bytes), 'weight')).toMatchObject({ data: Float32Array.of(1, 2, 3) });
    bytes[bytes.lastIndexOf('77')] = '8'.charCodeAt(0);
    expect(problemOf(() => read(bytes))).toBe('x.pt: has a storage "87" of an unknown type');
  });
});
