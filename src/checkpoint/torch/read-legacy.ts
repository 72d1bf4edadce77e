/**
 * The format of `torch.save` before PyTorch 1.6: five pickles in a row (a magic number, the version, facts
 * about the machine, the value, the keys of its storages), and then the storages one after the other.
 */

import type { ElementType } from '../elements';
import { CheckpointError, quote } from '../errors';
import { Cursor } from '../pickle/cursor';
import { Machine } from '../pickle/machine';
import type { ByteSource } from '../source/byte-source';
import { kindOf, type Stored, Tuple } from '../stored';
import { torchConstructors } from './constructors';
import { parseStorageId, StorageLoader } from './storages';
import type { TorchValue } from './torch-value';

const magic = 0x1950a86a20f9469cfc6cn;
const version = 1001n;
/** A pickle of `magic`, but for its end. */
const magicPickle = Uint8Array.of(
  0x80,
  2,
  0x8a,
  10,
  0x6c,
  0xfc,
  0x9c,
  0x46,
  0xf9,
  0x20,
  0x6a,
  0xa8,
  0x50,
  0x19,
);

/** Whether `bytes` begin as this format does. */
export function isLegacy(bytes: Uint8Array): boolean {
  return magicPickle.every((byte, index) => bytes[index] === byte);
}

/** The value in a file of the old format. */
export function readLegacy(source: ByteSource, keep: boolean): TorchValue {
  const header = new Cursor(source, 'the header');
  if (plain(header) !== magic) throw new CheckpointError('is damaged: expected the magic number of PyTorch');
  const found = plain(header);
  if (found !== version)
    throw new CheckpointError(`expected version ${version} of the old format, found ${found}`);
  const system = plain(header);
  const bigEndian = system instanceof Map && system.get('little_endian') === false;

  // The storages come last, and how long an element of each is, only the value says.
  const types = new Map<string, ElementType>();
  let records: ReadonlyMap<string, Record> = new Map();
  const recordOf = (key: string) => {
    const record = records.get(key);
    if (record === undefined) throw new CheckpointError(`lacks the storage ${quote(key)} of a tensor`);
    return record;
  };
  const storages = new StorageLoader(
    {
      bigEndian,
      sizeOf: key => recordOf(key).length,
      read: (key, start, length) => source.read(recordOf(key).start + start, length),
    },
    source.size,
    keep,
  );
  const input = new Cursor(source, 'the value', header.position);
  const machine = new Machine(input, torchConstructors(storages), id => {
    const storage = parseStorageId(id);
    if (storage !== undefined) types.set(storage.key, storage.type);
    return moduleOf(id) ?? storages.load(id);
  });
  const value = machine.run();
  records = findRecords(source, input.position, types);
  return { value, storages, globals: machine.globals };
}

/** A pickle of numbers and strings. */
function plain(input: Cursor): Stored {
  return new Machine(input, new Map(), () => null).run();
}

/** Classes of whole modules come with their source code: `('module', class, file, source)`. */
function moduleOf(id: Stored): Stored | undefined {
  return id instanceof Tuple && id.items[0] === 'module' ? id.items[1] : undefined;
}

/** Where the elements of a storage lie in the file. */
interface Record {
  readonly start: number;
  readonly length: number;
}

/** The place of each storage: a count of elements in eight bytes, and the elements. */
function findRecords(
  source: ByteSource,
  start: number,
  types: ReadonlyMap<string, ElementType>,
): Map<string, Record> {
  const list = new Cursor(source, 'the list of storages', start);
  const keys = plain(list);
  if (!Array.isArray(keys)) throw new CheckpointError('is damaged: expected the list of its storages');
  const records = new Map<string, Record>();
  let at = list.position;
  for (const item of keys) {
    const key = typeof item === 'string' || typeof item === 'bigint' ? String(item) : kindOf(item);
    const type = types.get(key);
    if (type === undefined) throw new CheckpointError(`has a storage ${quote(key)} of an unknown type`);
    const count = new Cursor(source, 'the data of its tensors', at);
    const length = count.u64() * type.bytes;
    if (!(length <= count.left)) throw count.cutOff(length);
    records.set(key, { start: count.position, length });
    at = count.position + length;
  }
  return records;
}
