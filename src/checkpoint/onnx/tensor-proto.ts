/**
 * ONNX's tensors: little-endian bytes (`raw_data`), numbers in a field of their own, or a part of another file. Field
 * numbers are those of onnx.proto.
 */
import { type ElementType, elementTypes } from '../elements';
import { CheckpointError, quote } from '../errors';
import type { ByteSource } from '../source/byte-source';
import { elementCount } from '../stored';
import { type Part, signed, type Wire } from './wire';

/** `TensorProto.DataType` by PyTorch's names; those that no array here can hold are missing. */
const typeNames: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8_e4m3fn',
  18: 'float8_e4m3fnuz',
  19: 'float8_e5m2',
  20: 'float8_e5m2fnuz',
  24: 'float8_e8m0fnu',
};

/** ONNX's names of the types that are not read. */
const unread: Readonly<Record<number, string>> = { 8: 'string', 21: 'uint4', 22: 'int4', 23: 'float4e2m1' };

/** The name of an element type by its number. */
export function typeName(number: number): string {
  return typeNames[number] ?? unread[number] ?? `type ${number}`;
}

/** A tensor, not yet read. */
export interface TensorProto {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dataType: number;
  readonly message: Part;
  readonly raw: Part | undefined;
  /** Where in another file it lies. */
  readonly external: ReadonlyMap<string, string> | undefined;
}

/** Fields that hold elements one by one. */
const floatData = 4;
const doubleData = 10;
const varintData: ReadonlySet<number> = new Set([5, 7, 11]);
const external = 1n;

/** The description of the tensor in this part. */
export function readTensorProto(wire: Wire, message: Part): TensorProto {
  const shape: number[] = [];
  const places = new Map<string, string>();
  let [name, dataType, raw, location]: [string, number, Part | undefined, bigint] = ['', 0, undefined, 0n];
  for (const field of wire.read(message)) {
    if (field.id === 1) for (const size of wire.varints(field)) shape.push(toSize(size, shape.length));
    else if (field.id === 2) dataType = signed(field.int);
    else if (field.id === 8) name = wire.text(field.part);
    else if (field.id === 9) raw = field.part;
    else if (field.id === 13) places.set(...readEntry(wire, field.part));
    else if (field.id === 14) location = field.int;
  }
  return { name, shape, dataType, message, raw, external: location === external ? places : undefined };
}

function toSize(size: bigint, axis: number): number {
  const value = Number(BigInt.asIntN(64, size));
  if (axis >= 64 || !Number.isSafeInteger(value) || value < 0) {
    throw new CheckpointError(`is a damaged ONNX file: expected the size of a dimension, found ${value}`);
  }
  return value;
}

/** A `StringStringEntryProto`. */
export function readEntry(wire: Wire, part: Part): [key: string, value: string] {
  let [key, value] = ['', ''];
  for (const field of wire.read(part)) {
    if (field.id === 1) key = wire.text(field.part);
    else if (field.id === 2) value = wire.text(field.part);
  }
  return [key, value];
}

/** What reading a tensor needs to know. */
export interface Elements {
  readonly type: ElementType;
  /** Why the elements cannot be read. */
  readonly problem?: string;
  readonly read: () => Uint8Array;
}

/** Where the elements of a tensor come from, as far as that is known without reading them. */
export function elementsOf(wire: Wire, source: ByteSource, tensor: TensorProto): Elements {
  const type = elementTypes.get(typeNames[tensor.dataType] ?? '');
  const none = () => new Uint8Array(0);
  if (type === undefined) {
    const name = typeName(tensor.dataType);
    const unknown: ElementType = { name, bytes: 0, word: 0, dtype: 'uint8', parts: 1, decode: none };
    return { type: unknown, problem: `has elements of ${name}, which are not read`, read: none };
  }
  const expected = elementCount(tensor.shape) * type.bytes;
  if (!Number.isSafeInteger(expected))
    return { type, problem: 'is damaged: has more elements than a file can hold', read: none };
  try {
    if (tensor.external !== undefined)
      return { type, read: externalReader(source, tensor.external, expected) };
    if (tensor.raw !== undefined) checkLength(expected, tensor.raw.length);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return { type, problem: error.problem, read: none };
  }
  const { raw } = tensor;
  return { type, read: raw === undefined ? () => collect(wire, tensor, type) : () => wire.bytes(raw) };
}

function checkLength(expected: number, found: number): void {
  if (found !== expected) throw new CheckpointError(`is damaged: expected ${expected} bytes, found ${found}`);
}

/** A part of another file in the same folder; that it is there is checked at once. */
function externalReader(
  source: ByteSource,
  places: ReadonlyMap<string, string>,
  expected: number,
): () => Uint8Array {
  const location = places.get('location') ?? '';
  const offset = Number(places.get('offset') ?? 0);
  const length = Number(places.get('length') ?? expected);
  checkLength(expected, length);
  const file = source.beside(location);
  if (!(offset >= 0 && offset + length <= file.size)) {
    throw new CheckpointError(
      `lies in ${quote(location)} at byte ${offset}, which ends at ${file.size}; copy that file again`,
    );
  }
  return () => file.read(offset, length);
}

/** Elements that are fields, as the bytes of an array. */
function collect(wire: Wire, tensor: TensorProto, type: ElementType): Uint8Array {
  const expected = elementCount(tensor.shape) * type.bytes;
  // Every element takes a byte at least.
  if (expected > 16 * tensor.message.length) throw new CheckpointError('is damaged: it has too few elements');
  const bytes = new Uint8Array(expected);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const reserve = (length: number) => {
    at += length;
    if (at > expected) throw new CheckpointError('is damaged: it has too many elements');
    return at - length;
  };
  for (const field of wire.read(tensor.message)) {
    if (field.id === floatData || field.id === doubleData) {
      bytes.set(wire.bytes(field.part), reserve(field.part.length));
    } else if (varintData.has(field.id)) {
      for (const value of wire.varints(field)) putLow(view, reserve(type.bytes), type.bytes, value);
    }
  }
  checkLength(expected, at);
  return bytes;
}

/** Writes the low bytes of a number. */
function putLow(view: DataView, at: number, length: number, value: bigint): void {
  for (let i = 0; i < length; i++) view.setUint8(at + i, Number((value >> BigInt(8 * i)) & 0xffn));
}
