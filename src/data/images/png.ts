/**
 * PNG. Chunks that hold no pixels are passed over, and the pixels are unzipped by Node's zlib into no more
 * room than the header promises, so that a small file cannot fill the memory. The common kinds (8 bits a
 * channel, not interlaced, no palette) are unfiltered here: on 28×28 digits that takes 15 µs, a fifth of what
 * whole libraries take. All other kinds go to fast-png.
 */
import { inflateSync } from 'node:zlib';
import { decode } from 'fast-png';
import { unzlibSync } from 'fflate';
import { errorCode } from '../data-error';
import { CUT_OFF, ImageError } from './image-error';
import type { Picture } from './picture';

/** The chunks that say something about the pixels. */
const NEEDED = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
const SIGNATURE = 8;
/** Channels by the header's colour type. */
const CHANNELS: ReadonlyMap<number, 1 | 2 | 3 | 4> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);
const PALETTE = 3;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
  readonly channels: 1 | 2 | 3 | 4;
}

/** Decodes a PNG file whose size was found to be acceptable. */
export function decodePng(bytes: Buffer): Picture {
  const chunks = chunksOf(bytes);
  const header = headerOf(chunks);
  const data = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const [first] = data;
  if (first === undefined) throw new ImageError('damaged: it has no pixels (no IDAT chunk)');
  const expected = bytesOf(header);
  const raw = inflate(data.length === 1 ? first : Buffer.concat(data), expected, header.interlaced);
  if (header.depth === 8 && header.colour !== PALETTE && !header.interlaced) return unfilter(raw, header);
  return decodeOther(chunks, header);
}

interface Chunk {
  readonly type: string;
  /** What it holds. */
  readonly data: Buffer;
  /** With its length, type and checksum. */
  readonly whole: Buffer;
}

function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (NEEDED.has(type)) {
      chunks.push({ type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) });
    }
    if (type === 'IEND') return chunks;
    at = end;
  }
  throw new ImageError(CUT_OFF);
}

function headerOf(chunks: readonly Chunk[]): Header {
  const [first] = chunks;
  if (first?.type !== 'IHDR' || first.data.length !== 13) throw new ImageError('damaged: no PNG header');
  const { data } = first;
  const colour = data[9] ?? 0;
  const channels = CHANNELS.get(colour);
  if (channels === undefined) throw new ImageError(`damaged: PNG knows no colour type ${colour}`);
  return {
    width: data.readUInt32BE(0),
    height: data.readUInt32BE(4),
    depth: data[8] ?? 0,
    colour,
    interlaced: data[12] !== 0,
    channels,
  };
}

/** The bytes of the unzipped rows, each with its filter in front. */
function bytesOf({ width, height, depth, channels, interlaced }: Header): number {
  const whole = height * (1 + Math.ceil((width * depth * channels) / 8));
  // The seven passes of Adam7 have rows of their own, rounded up each.
  return interlaced ? 2 * whole + 64 : whole;
}

/** Bytes that are unzipped in JavaScript: for so few, making a stream of zlib takes longer than unzipping, and litters. */
const FEW = 4096;

/**
 * The unzipped rows. What is given is valid until the next call.
 * @param expected how many bytes they are; at most so many with `atMost`
 */
function inflate(data: Buffer, expected: number, atMost: boolean): Uint8Array {
  if (data.length <= FEW && expected <= 16 * FEW && !atMost) {
    const raw = inflateFew(data, expected);
    if (raw !== undefined) return raw;
  }
  return inflateMany(data, expected, atMost);
}

const few = new Uint8Array(16 * FEW + 1);

/** Unzips a few bytes; undefined where something is wrong with them, which zlib tells better. */
function inflateFew(data: Buffer, expected: number): Uint8Array | undefined {
  try {
    // One byte more than expected, so that too many are noticed: fflate stops writing at the end.
    const raw = unzlibSync(data, { out: few.subarray(0, expected + 1) });
    const whole = raw.length === expected && data.readUInt32BE(data.length - 4) === adler32(raw);
    return whole ? raw : undefined;
  } catch {
    return undefined;
  }
}

/** The checksum at the end of what zlib has packed (RFC 1950), of fewer bytes than make its sums overflow. */
function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let i = 0; i < bytes.length; i++) {
    a += bytes[i] ?? 0;
    b += a;
    if ((i & 4095) === 4095) [a, b] = [a % 65_521, b % 65_521];
  }
  return (((b % 65_521) << 16) | (a % 65_521)) >>> 0;
}

function inflateMany(data: Buffer, expected: number, atMost: boolean): Buffer {
  let raw: Buffer;
  try {
    raw = inflateSync(data, { chunkSize: Math.max(64, expected + 1), maxOutputLength: expected + 1 });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new ImageError('it unzips to more than its header promises');
    if (code === 'Z_BUF_ERROR') throw new ImageError('truncated: its pixels end too early');
    throw new ImageError('damaged: its pixels cannot be unzipped', { cause: error });
  }
  if (raw.length > expected) throw new ImageError('it unzips to more than its header promises');
  if (raw.length < expected && !atMost) throw new ImageError('truncated: its pixels end too early');
  return raw;
}

/** Undoes the filters of the rows (PNG specification, section 9.2). */
function unfilter(raw: Uint8Array, { width, height, channels }: Header): Picture {
  const stride = width * channels;
  const data = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    const row = y * stride;
    data.set(raw.subarray(from + 1, from + 1 + stride), row);
    const filter = raw[from] ?? 0;
    if (filter > 4) throw new ImageError(`damaged: PNG knows no filter ${filter}`);
    if (filter !== 0) unfilterRow(data, row, stride, channels, filter);
  }
  return { width, height, channels, data };
}

/** Undoes the filter of the row that begins at `row`, in place. */
function unfilterRow(data: Uint8Array, row: number, stride: number, channels: number, filter: number): void {
  const above = row - stride;
  const first = above < 0;
  if (filter === 1) {
    for (let i = row + channels; i < row + stride; i++) data[i] = (data[i] ?? 0) + (data[i - channels] ?? 0);
    return;
  }
  if (filter === 2) {
    if (first) return;
    for (let i = 0; i < stride; i++) data[row + i] = (data[row + i] ?? 0) + (data[above + i] ?? 0);
    return;
  }
  for (let x = 0; x < stride; x++) {
    const left = x < channels ? 0 : (data[row + x - channels] ?? 0);
    const up = first ? 0 : (data[above + x] ?? 0);
    const corner = x < channels || first ? 0 : (data[above + x - channels] ?? 0);
    const guess = filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    data[row + x] = (data[row + x] ?? 0) + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Palettes, few or many bits, interlaced: decoded by fast-png from the chunks that were found to be sound. */
function decodeOther(chunks: readonly Chunk[], header: Header): Picture {
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const sound = Buffer.concat([signature, ...chunks.map(({ whole }) => whole)]);
  let decoded: ReturnType<typeof decode>;
  try {
    decoded = decode(sound);
  } catch (error) {
    throw new ImageError(`damaged: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const { width, height, palette, depth, data } = decoded;
  const values = depth < 8 ? unpack(data, width, height, depth) : data;
  if (palette === undefined) {
    const scaled = depth < 8 ? values.map(value => (value * 255) / (2 ** depth - 1)) : values;
    return { width, height, channels: header.channels, data: asPixels(scaled) };
  }
  const colours = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const colour = palette[values[i] ?? 0];
    if (colour === undefined)
      throw new ImageError('damaged: a pixel has a colour that is not in the palette');
    colours.set(colour.slice(0, 3), 3 * i);
  }
  return { width, height, channels: 3, data: colours };
}

function asPixels(data: ArrayLike<number>): Uint8Array | Uint16Array {
  return data instanceof Uint8Array || data instanceof Uint16Array ? data : Uint8Array.from(data);
}

/** Pixels of 1, 2 or 4 bits, packed into the bytes of each row, as a byte each. */
function unpack(packed: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const stride = Math.ceil((width * depth) / 8);
  const mask = 2 ** depth - 1;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = packed[y * stride + (bit >> 3)] ?? 0;
      data[y * width + x] = (byte >> (8 - depth - (bit & 7))) & mask;
    }
  }
  return data;
}
