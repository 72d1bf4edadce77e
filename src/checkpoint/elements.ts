/**
 * PyTorch's element types: how many bytes an element takes in a file, and how a run of them becomes an
 * array of one of the engine's types. What the engine has no type for is widened without loss.
 */
import type { DType, TypedArray } from '../engine/dtype';
import { CheckpointError } from './errors';

/** One element type of PyTorch. */
export interface ElementType {
  /** PyTorch's name: `bfloat16`. */
  readonly name: string;
  /** Bytes that one element takes in a file. */
  readonly bytes: number;
  /** Size of what is turned around in a file of the other byte order: a part of a complex number. */
  readonly word: number;
  /** Type of the elements that are read. */
  readonly dtype: DType;
  /** Elements that are read for one in the file: 2 for complex numbers, else 1. */
  readonly parts: number;
  /** Turns little-endian bytes, aligned to a multiple of 8, into an array. May take over the buffer. */
  readonly decode: (buffer: ArrayBuffer) => TypedArray;
}

/**
 * All values of a floating point type of at most 16 bits, by its bit pattern. `kind` says what the largest
 * exponent means: `ieee` infinity and NaN, `fn` (finite) an ordinary number except for the last pattern,
 * `fnuz` an ordinary number, with NaN in the place of negative zero.
 */
function smallFloats(exponentBits: number, mantissaBits: number, bias: number, kind: 'ieee' | 'fn' | 'fnuz') {
  const maxExponent = 2 ** exponentBits - 1;
  const scale = 2 ** mantissaBits;
  const half = 2 ** (exponentBits + mantissaBits);
  const table = new Float32Array(2 * half);
  for (let bits = 0; bits < half; bits++) {
    const exponent = Math.floor(bits / scale);
    const mantissa = bits % scale;
    let value =
      exponent === 0 ? (mantissa / scale) * 2 ** (1 - bias) : (1 + mantissa / scale) * 2 ** (exponent - bias);
    if (kind === 'ieee' && exponent === maxExponent)
      value = mantissa === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    if (kind === 'fn' && bits === half - 1) value = Number.NaN;
    table[bits] = value;
    table[half + bits] = -value;
  }
  if (kind === 'fnuz') table[half] = Number.NaN;
  return table;
}

/** A decoder that looks each pattern up in a table, which is made when it is first needed. */
function lookUp(Patterns: typeof Uint8Array | typeof Uint16Array, makeTable: () => Float32Array) {
  let table: Float32Array | undefined;
  return (buffer: ArrayBuffer) => {
    table ??= makeTable();
    const patterns = new Patterns(buffer);
    const values = new Float32Array(patterns.length);
    for (let i = 0; i < values.length; i++) values[i] = table[patterns[i] ?? 0] ?? Number.NaN;
    return values;
  };
}

const decodeHalf = lookUp(Uint16Array, () => smallFloats(5, 10, 15, 'ieee'));

/** bfloat16 is the upper half of a float32. */
function decodeBfloat16(buffer: ArrayBuffer): Float32Array {
  const bits = new Uint32Array(new Uint16Array(buffer));
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}

function decodeUint64(buffer: ArrayBuffer): BigInt64Array {
  const values = new BigInt64Array(buffer);
  if (values.some(value => value < 0n)) {
    throw new CheckpointError('holds a uint64 tensor with values from 2^63, which int64 cannot hold');
  }
  return values;
}

function decodeUint32(buffer: ArrayBuffer): BigInt64Array {
  const numbers = new Uint32Array(buffer);
  const values = new BigInt64Array(numbers.length);
  for (let i = 0; i < values.length; i++) values[i] = BigInt(numbers[i] ?? 0);
  return values;
}

type Decode = ElementType['decode'];

function element(name: string, bytes: number, dtype: DType, decode: Decode, parts = 1): ElementType {
  return { name, bytes, word: bytes / parts, dtype, parts, decode };
}

const decodeFloat32: Decode = buffer => new Float32Array(buffer);
const decodeFloat64: Decode = buffer => new Float64Array(buffer);
const decodeInt32: Decode = buffer => new Int32Array(buffer);
const decodeInt8: Decode = buffer => new Int32Array(new Int8Array(buffer));
const decodeUint8: Decode = buffer => new Uint8Array(buffer);

/** Powers of two, as scales of blocks: the exponent alone. */
function powersOfTwo(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, bits) => (bits === 255 ? Number.NaN : 2 ** (bits - 127)));
}

/** The element types, by PyTorch's names. */
export const elementTypes: ReadonlyMap<string, ElementType> = new Map(
  [
    element('float32', 4, 'float32', decodeFloat32),
    element('float64', 8, 'float64', decodeFloat64),
    element('int64', 8, 'int64', buffer => new BigInt64Array(buffer)),
    element('int32', 4, 'int32', decodeInt32),
    element('uint8', 1, 'uint8', decodeUint8),
    element('bool', 1, 'bool', buffer => new Uint8Array(buffer).map(byte => (byte === 0 ? 0 : 1))),
    element('float16', 2, 'float32', decodeHalf),
    element('bfloat16', 2, 'float32', decodeBfloat16),
    element('int16', 2, 'int32', buffer => new Int32Array(new Int16Array(buffer))),
    element('int8', 1, 'int32', decodeInt8),
    element('uint16', 2, 'int32', buffer => new Int32Array(new Uint16Array(buffer))),
    element('uint32', 4, 'int64', decodeUint32),
    element('uint64', 8, 'int64', decodeUint64),
    element('complex32', 4, 'float32', decodeHalf, 2),
    element('complex64', 8, 'float32', decodeFloat32, 2),
    element('complex128', 16, 'float64', decodeFloat64, 2),
    element('qint8', 1, 'int32', decodeInt8),
    element('quint8', 1, 'uint8', decodeUint8),
    element('qint32', 4, 'int32', decodeInt32),
    element(
      'float8_e4m3fn',
      1,
      'float32',
      lookUp(Uint8Array, () => smallFloats(4, 3, 7, 'fn')),
    ),
    element(
      'float8_e4m3fnuz',
      1,
      'float32',
      lookUp(Uint8Array, () => smallFloats(4, 3, 8, 'fnuz')),
    ),
    element(
      'float8_e5m2',
      1,
      'float32',
      lookUp(Uint8Array, () => smallFloats(5, 2, 15, 'ieee')),
    ),
    element(
      'float8_e5m2fnuz',
      1,
      'float32',
      lookUp(Uint8Array, () => smallFloats(5, 2, 16, 'fnuz')),
    ),
    element('float8_e8m0fnu', 1, 'float32', lookUp(Uint8Array, powersOfTwo)),
  ].map(type => [type.name, type]),
);

/**
 * Elements out of the bytes of a file, as an array of their own.
 *
 * @param bigEndian whether the file has the byte order that is rare today
 */
export function decodeElements(type: ElementType, bytes: Uint8Array, bigEndian: boolean): TypedArray {
  const copy = new Uint8Array(bytes);
  if (bigEndian && type.word > 1) {
    for (let at = 0; at < copy.length; at += type.word) copy.subarray(at, at + type.word).reverse();
  }
  return type.decode(copy.buffer);
}
