/** IDX files, as MNIST and its relatives come in. */
import path from 'node:path';
import { idxByContent } from '../idx-content';
import { findIdx } from '../idx-folder';
import { type IdxFiles, loadIdx } from '../idx-images';
import { type Findings, type FolderFormat, nothing, type Place, type Reading } from './format';

function readingOf(files: IdxFiles, sureness: Reading['sureness']): Reading {
  const { train, test } = files;
  const pairs = [train, ...(test === undefined ? [] : [test])];
  const reason = `IDX files (${pairs.map(({ images }) => path.basename(images)).join(', ')})`;
  const open = async () => ({ ...loadIdx(files), reading: reason });
  return { format: 'idx', reason, sureness, file: train.images, open };
}

/** IDX files under the names of MNIST, or under any names. */
export const idxFolders: FolderFormat = {
  name: 'idx',
  expected: "IDX files under MNIST's names (train-images-idx3-ubyte, …)",
  find({ folder, listing, file }: Place): Findings {
    const files = findIdx(file === undefined ? folder : path.join(folder, file));
    if (files !== undefined) return { readings: [readingOf(files, 3)], doubts: [] };
    const all = idxByContent(listing);
    const chosen = all.filter(({ train }) => {
      const own = [train.images, train.labels].map(each => path.basename(each));
      return file === undefined || own.includes(file);
    });
    if (chosen.length === 0) return nothing;
    return { readings: chosen.map(found => readingOf(found, 2)), doubts: [] };
  },
};
