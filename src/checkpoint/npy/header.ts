/**
 * The header of NumPy's `.npy` format: a Python dict literal with the type, the order and the shape of the array
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 */
import { CheckpointError, quote } from '../errors';
import { elementCount } from '../stored';
import { type ArrayType, readArrayType } from './array-type';

/** The longest header that NumPy reads without being asked to trust the file. */
const maxHeader = 10_000;

/** Enough of a file for every header. */
export const headerRoom = 12 + maxHeader;

/** What the header of an array says. */
export interface ArrayHeader extends ArrayType {
  /** Whether the first index is the one that changes fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly start: number;
}

/** Whether bytes begin as this format does. */
export function isNpy(start: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(start.subarray(0, 6)) === '\x93NUMPY';
}

/** Reads the header from the first bytes of a file, of which {@link headerRoom} suffice. */
export function readArrayHeader(start: Uint8Array): ArrayHeader {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  if (!isNpy(start) || start.length < 12)
    throw new CheckpointError('is cut off: expected the header of an array');
  const version = view.getUint8(6);
  if (version < 1 || version > 3) {
    throw new CheckpointError(`expected version 1 to 3 of the .npy format, found ${version}`);
  }
  const fixed = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maxHeader) throw new CheckpointError(`is damaged: announces a header of ${length} bytes`);
  if (fixed + length > start.length) throw new CheckpointError('is cut off: its header is incomplete');
  const text = new TextDecoder('latin1').decode(start.subarray(fixed, fixed + length));
  return { ...parse(text), start: fixed + length };
}

/** Takes the dict apart: the three entries that there always are, in any order, and nothing else. */
function parse(text: string): Omit<ArrayHeader, 'start'> {
  if (/'descr'\s*:\s*\[/.test(text)) return { ...readArrayType('V'), fortran: false, shape: [] };
  const entry = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([\d\s,L]*\))\s*(,|(?=\}))/gy;
  const found = new Map<string, string>();
  const body = text.trim();
  if (!body.startsWith('{') || !body.endsWith('}')) throw notOne(text);
  entry.lastIndex = 1;
  let end = 1;
  for (let match = entry.exec(body); match !== null; match = entry.exec(body)) {
    found.set(match[1] ?? '', match[2] ?? '');
    end = entry.lastIndex;
  }
  const [descr, order, shape] = ['descr', 'fortran_order', 'shape'].map(name => found.get(name));
  if (descr === undefined || order === undefined || shape === undefined || body.slice(end).trim() !== '}') {
    throw notOne(text);
  }
  return { ...readArrayType(descr.slice(1, -1)), fortran: order === 'True', shape: toShape(shape) };
}

function notOne(text: string): CheckpointError {
  return new CheckpointError(`is damaged: expected the header of an array, found ${quote(text.trim())}`);
}

function toShape(text: string): number[] {
  const sizes = text.slice(1, -1).split(',');
  const shape = sizes
    .map(size => size.trim().replace(/L$/, ''))
    .filter(size => size !== '')
    .map(Number);
  if (shape.length > 64 || !shape.every(Number.isSafeInteger) || !Number.isSafeInteger(elementCount(shape))) {
    throw new CheckpointError(`is damaged: expected the shape of an array, found ${quote(text)}`);
  }
  return shape;
}
