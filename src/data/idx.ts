/**
 * The IDX format, in which MNIST and its family come: two zero bytes, a type code, the number of
 * dimensions, their sizes, then the numbers, all big-endian. Pure functions of bytes; the reading of files
 * is in `idx-file.ts`.
 */
import { count, DataError } from './data-error';

/** The number types of IDX by name. */
export type IdxType = 'ubyte' | 'byte' | 'short' | 'int' | 'float' | 'double';

/** An array as IDX holds it: a type, a shape, and the numbers in row-major order. */
export type IdxArray =
  | { readonly type: 'ubyte'; readonly shape: readonly number[]; readonly data: Uint8Array }
  | { readonly type: 'byte'; readonly shape: readonly number[]; readonly data: Int8Array }
  | { readonly type: 'short'; readonly shape: readonly number[]; readonly data: Int16Array }
  | { readonly type: 'int'; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly type: 'float'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'double'; readonly shape: readonly number[]; readonly data: Float64Array };

/** What the first bytes of an IDX file say about the rest. */
export interface IdxHeader {
  readonly type: IdxType;
  readonly shape: readonly number[];
  /** Bytes before the numbers. */
  readonly headerSize: number;
  /** Bytes of the whole file. May be beyond every file when the header is damaged, but is never NaN. */
  readonly byteLength: number;
}

const TYPES: readonly { code: number; type: IdxType; size: number }[] = [
  { code: 0x08, type: 'ubyte', size: 1 },
  { code: 0x09, type: 'byte', size: 1 },
  { code: 0x0b, type: 'short', size: 2 },
  { code: 0x0c, type: 'int', size: 4 },
  { code: 0x0d, type: 'float', size: 4 },
  { code: 0x0e, type: 'double', size: 8 },
];

/** More than any array in use; keeps the sizes' product finite. */
const MAX_DIMENSIONS = 8;
const AGAIN = 'download or copy it again';

/**
 * Reads the header of an IDX file from its first bytes, at most 36 of which are looked at.
 * @param file the name that an error gives.
 */
export function parseIdxHeader(bytes: Uint8Array, file: string): IdxHeader {
  const [zero0, zero1, code, dimensions] = bytes;
  if (zero0 === undefined) throw new DataError(file, `the file is empty; ${AGAIN}`);
  if (zero0 !== 0 || (zero1 ?? 0) !== 0) {
    const found = Array.from(bytes.subarray(0, 4), hex).join(' ');
    throw new DataError(
      file,
      `not an IDX file: expected it to begin with the bytes 00 00, found ${found}; choose an IDX file`,
    );
  }
  if (code === undefined || dimensions === undefined) throw truncatedHeader(file, 4, bytes.length);
  const entry = TYPES.find(known => known.code === code);
  if (entry === undefined) {
    const known = TYPES.map(({ code, type }) => `0x${hex(code)} ${type}`).join(', ');
    throw new DataError(file, `unknown IDX number type 0x${hex(code)}: expected one of ${known}; ${AGAIN}`);
  }
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new DataError(
      file,
      `expected an IDX array of 1 to ${MAX_DIMENSIONS} dimensions, found ${dimensions}; ${AGAIN}`,
    );
  }
  const headerSize = 4 + 4 * dimensions;
  if (bytes.length < headerSize) throw truncatedHeader(file, headerSize, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerSize);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const byteLength = shape.reduce((product, size) => product * size, entry.size) + headerSize;
  return { type: entry.type, shape, headerSize, byteLength };
}

/**
 * Reads an IDX file from its bytes. Unsigned bytes are not copied: the array is a view of `bytes`.
 * @param file the name that an error gives.
 */
export function parseIdx(bytes: Uint8Array, file = 'IDX data'): IdxArray {
  const header = parseIdxHeader(bytes, file);
  if (bytes.length < header.byteLength) throw truncated(file, header, count(bytes.length, 'byte'));
  if (bytes.length > header.byteLength) throw tooLong(file, header, count(bytes.length, 'byte'));
  const { shape, headerSize } = header;
  const start = bytes.byteOffset + headerSize;
  const size = bytes.length - headerSize;
  const view = new DataView(bytes.buffer, start, size);
  switch (header.type) {
    case 'ubyte':
      return { type: 'ubyte', shape, data: new Uint8Array(bytes.buffer, start, size) };
    case 'byte':
      return { type: 'byte', shape, data: new Int8Array(bytes.buffer, start, size) };
    case 'short':
      return { type: 'short', shape, data: decode(new Int16Array(size / 2), i => view.getInt16(2 * i)) };
    case 'int':
      return { type: 'int', shape, data: decode(new Int32Array(size / 4), i => view.getInt32(4 * i)) };
    case 'float':
      return { type: 'float', shape, data: decode(new Float32Array(size / 4), i => view.getFloat32(4 * i)) };
    case 'double':
      return {
        type: 'double',
        shape,
        data: decode(new Float64Array(size / 8), i => view.getFloat64(8 * i)),
      };
  }
}

/** The bytes of an IDX file that holds the array. */
export function writeIdx(array: IdxArray): Uint8Array {
  const { type, shape, data } = array;
  const entry = TYPES.find(known => known.type === type);
  if (entry === undefined) throw new TypeError(`unknown IDX number type ${type}`);
  if (shape.length < 1 || shape.length > MAX_DIMENSIONS) {
    throw new RangeError(`an IDX array has 1 to ${MAX_DIMENSIONS} dimensions, got ${shape.length}`);
  }
  if (shape.some(size => !Number.isInteger(size) || size < 0 || size >= 2 ** 32)) {
    throw new RangeError(`the sizes of an IDX array are 32-bit whole numbers, got ${shape.join('×')}`);
  }
  const expected = shape.reduce((product, size) => product * size, 1);
  if (data.length !== expected) {
    throw new RangeError(`an IDX array of ${shape.join('×')} holds ${expected} numbers, got ${data.length}`);
  }
  const headerSize = 4 + 4 * shape.length;
  const bytes = new Uint8Array(headerSize + data.byteLength);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, entry.code, shape.length]);
  for (const [i, size] of shape.entries()) view.setUint32(4 + 4 * i, size);
  if (entry.size === 1) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.length), headerSize);
    return bytes;
  }
  data.forEach((value: number, i: number) => {
    const at = headerSize + entry.size * i;
    if (type === 'short') view.setInt16(at, value);
    else if (type === 'int') view.setInt32(at, value);
    else if (type === 'float') view.setFloat32(at, value);
    else view.setFloat64(at, value);
  });
  return bytes;
}

/** The error for a file with fewer bytes than its header promises; `found` says how many there are. */
export function truncated(file: string, header: IdxHeader, found: string): DataError {
  return new DataError(file, `truncated: ${needs(header)}, found ${found}; ${AGAIN}`);
}

/** The error for a file with more bytes than its header promises; `found` says how many there are. */
export function tooLong(file: string, header: IdxHeader, found: string): DataError {
  return new DataError(file, `too long: ${needs(header)}, found ${found}; ${AGAIN}`);
}

function truncatedHeader(file: string, expected: number, found: number): DataError {
  return new DataError(
    file,
    `truncated: expected an IDX header of ${expected} bytes, found ${count(found, 'byte')}; ${AGAIN}`,
  );
}

function needs({ type, shape, byteLength }: IdxHeader): string {
  return `an IDX array of ${shape.join('×')} ${type} needs ${count(byteLength, 'byte')}`;
}

function decode<A extends Int16Array | Int32Array | Float32Array | Float64Array>(
  into: A,
  read: (index: number) => number,
): A {
  for (let i = 0; i < into.length; i++) into[i] = read(i);
  return into;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
