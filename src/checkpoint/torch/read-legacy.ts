/**
 * The format of `torch.save` before PyTorch 1.6: five pickles in a row (a magic number, the version, facts
 * about the machine, the value, the keys of its storages), and then the storages one after the other.
 */
import { CheckpointError, quote } from '../errors';
import { Cursor } from '../pickle/cursor';
import { Machine } from '../pickle/machine';
import { kindOf, type Stored, Tuple, Unresolved } from '../stored';
import { torchConstructors } from './constructors';
import type { ElementType } from './elements';
import { parseStorageId, StorageLoader } from './storages';

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
export function readLegacy(bytes: Uint8Array): Stored {
  const input = new Cursor(bytes, 'the header');
  if (plain(input) !== magic) throw new CheckpointError('is damaged: expected the magic number of PyTorch');
  const found = plain(input);
  if (found !== version)
    throw new CheckpointError(`expected version ${version} of the old format, found ${found}`);
  const system = plain(input);
  const bigEndian = system instanceof Map && system.get('little_endian') === false;

  // The storages come last, and how long each of them is, only the value says: it is read twice.
  const start = input.position;
  const types = new Map<string, ElementType>();
  const scan = new Cursor(bytes, 'the value', start);
  run(scan, noStorages, id => {
    const storage = parseStorageId(id);
    if (storage !== undefined) types.set(storage.key, storage.type);
    return moduleOf(id) ?? new Unresolved('torch', 'storage', []);
  });
  const records = findRecords(new Cursor(bytes, 'the list of storages', scan.position), types);
  const storages = new StorageLoader(
    key => {
      const record = records.get(key);
      if (record === undefined) throw new CheckpointError(`lacks the storage ${quote(key)} of a tensor`);
      return record;
    },
    bigEndian,
    bytes.length,
  );
  return run(new Cursor(bytes, 'the value', start), storages, id => moduleOf(id) ?? storages.load(id));
}

const noStorages = new StorageLoader(() => new Uint8Array(0), false, 0);

function run(input: Cursor, storages: StorageLoader, persistent: (id: Stored) => Stored): Stored {
  return new Machine(input, torchConstructors(storages), persistent).run();
}

/** A pickle of numbers and strings. */
function plain(input: Cursor): Stored {
  return new Machine(input, new Map(), () => null).run();
}

/** Classes of whole modules come with their source code: `('module', class, file, source)`. */
function moduleOf(id: Stored): Stored | undefined {
  return id instanceof Tuple && id.items[0] === 'module' ? id.items[1] : undefined;
}

/** The bytes of each storage: a count of elements in eight bytes, and the elements. */
function findRecords(input: Cursor, types: ReadonlyMap<string, ElementType>): Map<string, Uint8Array> {
  const keys = plain(input);
  if (!Array.isArray(keys)) throw new CheckpointError('is damaged: expected the list of its storages');
  const records = new Map<string, Uint8Array>();
  const data = new Cursor(input.bytes, 'the data of its tensors', input.position);
  for (const item of keys) {
    const key = typeof item === 'string' || typeof item === 'bigint' ? String(item) : kindOf(item);
    const type = types.get(key);
    if (type === undefined) throw new CheckpointError(`has a storage ${quote(key)} of an unknown type`);
    records.set(key, data.take(data.u64() * type.bytes));
  }
  return records;
}
