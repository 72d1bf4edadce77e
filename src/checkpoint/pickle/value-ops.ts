/**
 * Opcodes that push a single value: None, booleans, numbers, text and bytes.
 */
import type { Stored } from '../stored';
import { type Cursor, decodeUtf8 } from './cursor';
import type { Machine, OpTable } from './machine';

/** Longest int that is read, in bytes or decimal digits: turning a long one into a bigint is slow. */
const maxIntLength = 1024;

/** A little-endian two's complement number of `length` bytes. */
function longInt(input: Cursor, length: number): bigint {
  if (!(length <= maxIntLength)) throw input.error(`expected an int of at most ${maxIntLength} bytes`);
  if (length === 0) return 0n;
  const bytes = input.take(length);
  let hex = '0x';
  for (let i = bytes.length - 1; i >= 0; i--) hex += (bytes[i] ?? 0).toString(16).padStart(2, '0');
  return BigInt.asIntN(8 * length, BigInt(hex));
}

/** A decimal int on a line of its own, as protocol 0 writes it: `42`, or `42L`. */
function decimalInt(machine: Machine, line: string): bigint {
  const digits = line.endsWith('L') ? line.slice(0, -1) : line;
  if (line.length > maxIntLength || !/^[+-]?\d+$/.test(digits)) throw machine.input.error('expected an int');
  return BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
}

/** INT: also how protocol 0 and 1 write booleans. */
function intOrBool(machine: Machine): Stored {
  const line = machine.input.line();
  if (line === '00') return false;
  return line === '01' ? true : decimalInt(machine, line);
}

const specialFloats: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
]);

function decimalFloat(machine: Machine): number {
  const line = machine.input.line();
  const value = specialFloats.get(line) ?? Number(line);
  if (line.trim() === '' || (Number.isNaN(value) && line !== 'nan'))
    throw machine.input.error('expected a float');
  return value;
}

/** A string of Python 2: text where it is UTF-8, else bytes. */
function binaryString(bytes: Uint8Array): Stored {
  return decodeUtf8(bytes) ?? new Uint8Array(bytes);
}

const textEscape = /\\u([\dA-Fa-f]{4})|\\U(00(?:0[\dA-Fa-f]|10)[\dA-Fa-f]{4})/g;

/** Text of protocol 0: Latin-1 with the escapes `\uXXXX` and `\UXXXXXXXX`. */
function escapedText(machine: Machine): string {
  let text = '';
  for (const byte of machine.input.lineBytes()) text += String.fromCharCode(byte);
  return text.replace(textEscape, (_, short?: string, long?: string) =>
    String.fromCodePoint(Number.parseInt(short ?? long ?? '', 16)),
  );
}

/** The opcodes, by Python's names. */
export const valueOps: OpTable = {
  NONE: [0x4e, m => m.push(null)],
  NEWTRUE: [0x88, m => m.push(true)],
  NEWFALSE: [0x89, m => m.push(false)],
  INT: [0x49, m => m.push(intOrBool(m))],
  LONG: [0x4c, m => m.push(decimalInt(m, m.input.line()))],
  BININT: [0x4a, m => m.push(BigInt(m.input.i32()))],
  BININT1: [0x4b, m => m.push(BigInt(m.input.u8()))],
  BININT2: [0x4d, m => m.push(BigInt(m.input.u16()))],
  LONG1: [0x8a, m => m.push(longInt(m.input, m.input.u8()))],
  LONG4: [0x8b, m => m.push(longInt(m.input, m.input.u32()))],
  FLOAT: [0x46, m => m.push(decimalFloat(m))],
  BINFLOAT: [0x47, m => m.push(m.input.f64())],
  UNICODE: [0x56, m => m.push(escapedText(m))],
  BINUNICODE: [0x58, m => m.push(m.input.text(m.input.u32()))],
  SHORT_BINUNICODE: [0x8c, m => m.push(m.input.text(m.input.u8()))],
  BINUNICODE8: [0x8d, m => m.push(m.input.text(m.input.u64()))],
  BINSTRING: [0x54, m => m.pushNew(binaryString(m.input.take(m.input.u32())))],
  SHORT_BINSTRING: [0x55, m => m.pushNew(binaryString(m.input.take(m.input.u8())))],
  BINBYTES: [0x42, m => m.pushNew(new Uint8Array(m.input.take(m.input.u32())))],
  SHORT_BINBYTES: [0x43, m => m.pushNew(new Uint8Array(m.input.take(m.input.u8())))],
  BINBYTES8: [0x8e, m => m.pushNew(new Uint8Array(m.input.take(m.input.u64())))],
  BYTEARRAY8: [0x96, m => m.pushNew(new Uint8Array(m.input.take(m.input.u64())))],
};
