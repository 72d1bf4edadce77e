/** Pickles that PyTorch did not write: their structure, and the arrays of NumPy in them. */
import type { OpenedContent } from '../checkpoint-file';
import { CheckpointError } from '../errors';
import { pythonConstructors } from '../pickle/constructors';
import { Cursor } from '../pickle/cursor';
import { Machine } from '../pickle/machine';
import type { ByteSource } from '../source/byte-source';
import { Unresolved } from '../stored';
import { contentOf } from './open-torch';
import { StorageLoader } from './storages';

/** Whether a file begins, or is called, as a pickle. */
export function isPickle(start: Uint8Array, name: string): boolean {
  const [proto, version = 255] = start;
  // Protocols 0 and 1 begin with the value itself: a mark, a list or a dict.
  return (
    (proto === 0x80 && version <= 5) ||
    (/\.(pkl|pickle)$/i.test(name) && /^[(\]}]/.test(String.fromCharCode(proto ?? 0)))
  );
}

/** Opens a pickle. */
export function openPickle(source: ByteSource): OpenedContent {
  const noStorages = () => {
    throw new CheckpointError('is a pickle without storages');
  };
  const storages = new StorageLoader(
    { bigEndian: false, sizeOf: noStorages, read: noStorages },
    source.size,
    false,
  );
  const machine = new Machine(
    new Cursor(source, 'the pickle'),
    new Map(pythonConstructors),
    id => new Unresolved('pickle', 'persistent_id', [id]),
  );
  const value = machine.run();
  return {
    format: 'pickle',
    writer: 'Python',
    metadata: [],
    ...contentOf({ value, storages, globals: machine.globals }, source.size),
  };
}
