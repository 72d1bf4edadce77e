/**
 * The format of `torch.save` since PyTorch 1.6: a zip archive with a pickle, `data.pkl`, and a record
 * `data/<key>` for each storage that the pickle refers to.
 */
import { CheckpointError, quote } from '../errors';
import { Cursor } from '../pickle/cursor';
import { Machine } from '../pickle/machine';
import type { ByteSource } from '../source/byte-source';
import { ZipArchive } from '../zip/archive';
import { torchConstructors } from './constructors';
import { StorageLoader, type StorageRecords } from './storages';
import type { TorchValue } from './torch-value';

/** The value in a zip archive of PyTorch. */
export function readZip(source: ByteSource, keep: boolean): TorchValue {
  return readArchive(new ZipArchive(source), source.size, keep);
}

/**
 * {@link readZip} of an archive that is open.
 *
 * @param name the pickle that is read, and the folder of its storages
 */
export function readArchive(
  archive: ZipArchive,
  fileSize: number,
  keep: boolean,
  name: 'data' | 'constants' = 'data',
): TorchValue {
  const root = findRoot(archive);
  const pickle = archive.read(`${root}${name}.pkl`);
  if (pickle === undefined) throw new CheckpointError(`is a zip archive without ${name}.pkl`);
  const storages = new StorageLoader(recordsOf(archive, root, name), fileSize, keep);
  const machine = new Machine(new Cursor(pickle, `${name}.pkl`), torchConstructors(storages), id =>
    storages.load(id),
  );
  return { value: machine.run(), storages, globals: machine.globals };
}

function recordsOf(archive: ZipArchive, root: string, folder: string): StorageRecords {
  const missing = (key: string) =>
    new CheckpointError(`lacks the record ${folder}/${quote(key)} of a tensor`);
  return {
    bigEndian: isBigEndian(archive.read(`${root}byteorder`)),
    sizeOf(key) {
      const size = archive.sizeOf(`${root}${folder}/${key}`);
      if (size === undefined) throw missing(key);
      return size;
    },
    read(key, start, length) {
      const part = archive.part(`${root}${folder}/${key}`, start, length);
      if (part === undefined) throw missing(key);
      return part;
    },
  };
}

/** The folder of the archive that everything is in, as a prefix: PyTorch names it after the file. */
export function findRoot(archive: ZipArchive): string {
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
