/**
 * The format of `torch.save` since PyTorch 1.6: a zip archive with a pickle, `data.pkl`, and a record
 * `data/<key>` for each storage that the pickle refers to.
 */
import { CheckpointError, quote } from '../errors';
import { Cursor } from '../pickle/cursor';
import { Machine } from '../pickle/machine';
import type { Stored } from '../stored';
import { ZipArchive } from '../zip/archive';
import { torchConstructors } from './constructors';
import { StorageLoader } from './storages';

/** The value in a zip archive of PyTorch. */
export function readZip(bytes: Uint8Array): Stored {
  const archive = new ZipArchive(bytes);
  const root = findRoot(archive);
  const pickle = archive.read(`${root}data.pkl`);
  if (pickle === undefined) throw new CheckpointError('is a zip archive without data.pkl');
  const storages = new StorageLoader(
    key => {
      const content = archive.read(`${root}data/${key}`);
      if (content === undefined) throw new CheckpointError(`lacks the record data/${quote(key)} of a tensor`);
      return content;
    },
    isBigEndian(archive.read(`${root}byteorder`)),
    bytes.length,
  );
  const machine = new Machine(new Cursor(pickle, 'data.pkl'), torchConstructors(storages), id =>
    storages.load(id),
  );
  return machine.run();
}

/** The folder of the archive that everything is in, as a prefix: PyTorch names it after the file. */
function findRoot(archive: ZipArchive): string {
  const pickles = archive.names.filter(name => name === 'data.pkl' || name.endsWith('/data.pkl'));
  const shortest = pickles.sort((a, b) => a.length - b.length)[0];
  if (shortest !== undefined) return shortest.slice(0, -'data.pkl'.length);
  const names = archive.names;
  if (names.some(name => name.endsWith('.npy'))) {
    throw new CheckpointError('expected a PyTorch zip archive, found a NumPy archive (.npz)');
  }
  const found = names[0] === undefined ? 'an empty one' : `one with ${quote(names[0])}`;
  throw new CheckpointError(`expected a PyTorch zip archive with the entry data.pkl, found ${found}`);
}

/** What the record `byteorder` says; files before PyTorch 2.1 have none and are little-endian. */
function isBigEndian(record: Uint8Array | undefined): boolean {
  if (record === undefined) return false;
  const order = new TextDecoder().decode(record.subarray(0, 10));
  if (order !== 'little' && order !== 'big') {
    throw new CheckpointError(`is damaged: expected a byte order, found ${quote(order)}`);
  }
  return order === 'big';
}
