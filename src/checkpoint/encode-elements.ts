/**
 * Tensors as bytes, in the type that they had in the file that they come from: what was widened when it was read is made
 * narrow again, without loss.
 */
import { allocate } from '../engine/dtype';
import { decodeElements, type ElementType, elementTypes } from './elements';
import { CheckpointError } from './errors';
import { elementCount, type StoredTensor } from './stored';

/** A tensor that is ready to be written. */
export interface EncodedTensor {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Its elements, little-endian, in row-major order. */
  readonly bytes: Uint8Array;
}

/** What quantized integers are without their scale. */
const plainTypes: Readonly<Record<string, string>> = { qint8: 'int8', quint8: 'uint8', qint32: 'int32' };

/** The type that a tensor is written with. */
function typeOf({ dtype, storedAs = dtype }: StoredTensor): ElementType {
  const type = elementTypes.get(plainTypes[storedAs] ?? storedAs);
  if (type === undefined || type.dtype !== dtype)
    throw new CheckpointError(`cannot write a tensor of type ${storedAs}`);
  return type;
}

/**
 * A tensor as bytes; those of its own array where nothing has to be changed.
 * @throws CheckpointError where array, shape and type do not belong together
 */
export function encodeTensor(tensor: StoredTensor): EncodedTensor {
  const { dtype, shape, data } = tensor;
  const expected = allocate(dtype, 0);
  if (!(data instanceof expected.constructor)) {
    throw new CheckpointError(`cannot write a ${dtype} tensor whose data is a ${data.constructor.name}`);
  }
  if (!shape.every(size => Number.isSafeInteger(size) && size >= 0) || elementCount(shape) !== data.length) {
    throw new CheckpointError(
      `cannot write a tensor of shape (${shape.join(', ')}) with ${data.length} elements`,
    );
  }
  const type = typeOf(tensor);
  if (type.parts === 2 && shape.at(-1) !== 2) {
    throw new CheckpointError(`cannot write a complex tensor of shape (${shape.join(', ')})`);
  }
  return { type, shape: type.parts === 2 ? shape.slice(0, -1) : shape, bytes: encode(type, data) };
}

function encode(type: ElementType, data: StoredTensor['data']): Uint8Array {
  const asBytes = (array: ArrayBufferView) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  if (data.BYTES_PER_ELEMENT === type.word) return asBytes(data);
  if (data instanceof Float32Array)
    return asBytes(type.word === 2 ? narrowed(type, data) : narrowed8(type, data));
  if (data instanceof BigInt64Array)
    return asBytes(Uint32Array.from(data, value => Number(value & 0xffffffffn)));
  // Integers keep their low bytes.
  return asBytes(type.word === 2 ? Uint16Array.from(data, Number) : Uint8Array.from(data, Number));
}

/** The bit pattern of each value of a small type, by the bits of the float32 that it is widened to. */
const patternsOf = new Map<string, Map<number, number>>();

function patterns(type: ElementType): Map<number, number> {
  const known = patternsOf.get(type.name);
  if (known !== undefined) return known;
  const count = type.word === 2 ? 2 ** 16 : 2 ** 8;
  const all =
    type.word === 2
      ? Uint16Array.from({ length: count }, (_, i) => i)
      : Uint8Array.from({ length: count }, (_, i) => i);
  const values = decodeElements(type, new Uint8Array(all.buffer), false);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const made = new Map<number, number>();
  bits.forEach((value, pattern) => {
    if (!made.has(value)) made.set(value, pattern);
  });
  patternsOf.set(type.name, made);
  return made;
}

function lookUp(type: ElementType, data: Float32Array, to: Uint8Array | Uint16Array): typeof to {
  const table = patterns(type);
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < bits.length; i++) {
    const pattern = table.get(bits[i] ?? 0);
    if (pattern === undefined) throw new CheckpointError(`cannot write ${data[i]} as ${type.name}`);
    to[i] = pattern;
  }
  return to;
}

const narrowed = (type: ElementType, data: Float32Array) => lookUp(type, data, new Uint16Array(data.length));
const narrowed8 = (type: ElementType, data: Float32Array) => lookUp(type, data, new Uint8Array(data.length));
