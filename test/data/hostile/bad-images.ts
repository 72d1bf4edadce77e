/** Image files that are not what they promise, byte by byte: no library writes them. */
import { Buffer } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';
import { folderWith } from '../helpers';
import { grey } from '../support';

/** A chunk of a PNG file, with its length and checksum. */
export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A grey PNG whose header says one thing and whose pixels may be another. */
export function png(width: number, height: number, raw: Buffer, before: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A GIF of one picture that says it is this large on a screen of 4×3. */
export function gif(width: number, height: number): Buffer {
  const bytes = Buffer.from(
    '47494638396104000300800000000000ffffff2c00000000000000000002080408102040804001003b',
    'hex',
  );
  bytes.writeUInt16LE(width, 24);
  bytes.writeUInt16LE(height, 26);
  return bytes;
}

/** Codes of LZW that each are the string of the one before and a zero more. */
export function lzwBomb(): Buffer {
  const codes = [256, 0, ...Array.from({ length: 3800 }, (_, i) => 258 + i)];
  const repeated = Array.from({ length: 50 }, () => codes).flat();
  let [bits, width, next] = ['', 9, 258];
  for (const code of repeated) {
    bits += code.toString(2).padStart(width, '0');
    if (code === 256) [width, next] = [9, 257];
    else next++;
    if (next === 511 || next === 1023 || next === 2047) width++;
  }
  return Buffer.from(bits.match(/.{8}/g)?.map(byte => Number.parseInt(byte, 2)) ?? []);
}

/** A grey TIFF of 4×3 pixels whose strips all are these deflated bytes, or bytes packed in another way. */
export function tiff(raw: Buffer, strips = 1, compression = 8): Buffer {
  const pixels = compression === 8 ? deflateSync(raw, { level: 9 }) : raw;
  const list = 8 + pixels.length;
  const directory = list + 4 * strips;
  const [offset, length] = strips === 1 ? [8, pixels.length] : [list, list];
  const tags: readonly (readonly [tag: number, length: number, value: number])[] = [
    [256, 1, 4],
    [257, 1, 3],
    [258, 1, 8],
    [259, 1, compression],
    [262, 1, 1],
    [273, strips, offset],
    [278, 1, 3],
    [279, strips, length],
  ];
  const bytes = Buffer.alloc(directory + 2 + 12 * tags.length + 4);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(directory, 4);
  bytes.set(pixels, 8);
  for (let i = 0; i < strips; i++) bytes.writeUInt32LE(8, list + 4 * i);
  bytes.writeUInt16LE(tags.length, directory);
  for (const [i, [tag, values, value]] of tags.entries()) {
    const at = directory + 2 + 12 * i;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(values, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  return bytes;
}

/** Two good images of two classes, and one more file. */
export const withBad = (name: string, bytes: Uint8Array | string): string =>
  folderWith({ 'a/good.png': grey(1), 'b/good.png': grey(2), [`a/${name}`]: bytes });
