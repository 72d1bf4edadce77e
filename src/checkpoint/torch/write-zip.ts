/**
 * Writes the zip archive of `torch.save`: a pickle, and the elements of every tensor in a record of its own.
 */
import { zipSync } from 'fflate';
import { type EncodedTensor, encodeTensor } from '../encode-elements';
import { CheckpointError } from '../errors';
import { PickleWriter } from '../pickle/writer';
import type { Stored, StoredTensor } from '../stored';
import { storageClassOf } from './storage-classes';

const archiveName = 'archive';
/** Every record begins at a multiple of this, as in PyTorch's own files, so that it can be mapped into memory. */
const alignment = 64;
/** Length of a local header without the name and the extra field. */
const headerLength = 30;
/** The extra field that pads a record: `FB`, as PyTorch marks it. */
const paddingId = 0x4246;
/** Any fixed time, so that the same value gives the same file. */
const time = new Date(1980, 0, 1);
/** What an archive without 64-bit fields can hold. */
const maxBytes = 0xffff_ffff;

/** The archive for a value. */
export function writeZip(value: Stored): Uint8Array {
  const storages = new StorageKeys();
  const pickle = new PickleWriter((writer, tensor) => writeTensor(writer, tensor, storages));
  pickle.save(value);
  const text = new TextEncoder();
  return zip([
    ['data.pkl', pickle.finish()],
    ['byteorder', text.encode('little')],
    ...storages.contents.map((bytes, key): Record => [`data/${key}`, bytes]),
    ['version', text.encode('3\n')],
  ]);
}

type Record = readonly [name: string, bytes: Uint8Array];

/** The storages to be written; tensors of one type on the same memory get the same one. */
class StorageKeys {
  readonly #keys = new Map<ArrayBufferLike, Map<string, number>>();
  readonly contents: Uint8Array[] = [];

  keyOf({ data }: StoredTensor, { type, bytes }: EncodedTensor): number {
    const within = this.#keys.get(data.buffer) ?? new Map<string, number>();
    this.#keys.set(data.buffer, within);
    const place = `${data.byteOffset}:${data.byteLength}:${type.name}`;
    const known = within.get(place);
    if (known !== undefined) return known;
    const key = this.contents.push(bytes) - 1;
    within.set(place, key);
    return key;
  }
}

/** `_rebuild_tensor_v2(storage, offset 0, shape, strides, requires_grad False, no hooks)`. */
function writeTensor(writer: PickleWriter, tensor: StoredTensor, storages: StorageKeys): void {
  const encoded = attempt(writer, () => encodeTensor(tensor));
  const { shape, type, bytes } = encoded;
  writer.global('torch._utils', '_rebuild_tensor_v2');
  writer.op('(', '(');
  writer.string('storage');
  writer.global('torch', storageClassOf(type.name));
  writer.string(String(storages.keyOf(tensor, encoded)));
  writer.string('cpu');
  writer.int(bytes.length / type.bytes);
  writer.op('t', 'Q');
  writer.int(0);
  writer.intTuple(shape);
  writer.intTuple(contiguousStrides(shape));
  writer.op('\x89');
  writer.global('collections', 'OrderedDict');
  writer.op(')', 'R', 't', 'R');
}

/** Errors say where in the value they are. */
function attempt<T>(writer: PickleWriter, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof CheckpointError ? writer.error(error.problem) : error;
  }
}

/** Strides of a row-major tensor. */
function contiguousStrides(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const size of [...shape].reverse()) {
    strides.unshift(stride);
    stride *= size;
  }
  return strides;
}

/** Stores the records uncompressed, each aligned by padding in the extra field of its header. */
function zip(records: readonly Record[]): Uint8Array {
  const files: Parameters<typeof zipSync>[0] = {};
  let at = 0;
  for (const [name, bytes] of records) {
    const path = `${archiveName}/${name}`;
    const start = at + headerLength + path.length + 4;
    const padding = new Uint8Array((alignment - (start % alignment)) % alignment).fill(0x5a);
    files[path] = [bytes, { level: 0, mtime: time, extra: { [paddingId]: padding } }];
    at = start + padding.length + bytes.length;
  }
  if (at > maxBytes)
    throw new CheckpointError(`cannot write ${at} bytes: a checkpoint may have at most 4 GiB`);
  return zipSync(files);
}
