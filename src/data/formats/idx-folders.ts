/** IDX files, as MNIST and its relatives come in. */
import path from 'node:path';
import { findIdx } from '../idx-folder';
import { loadIdx } from '../idx-images';
import { type Findings, type FolderFormat, nothing, type Place } from './format';

/** IDX files under the names of MNIST. */
export const idxFolders: FolderFormat = {
  name: 'idx',
  expected: "IDX files under MNIST's names (train-images-idx3-ubyte, …)",
  find({ folder, file }: Place): Findings {
    const files = findIdx(file === undefined ? folder : path.join(folder, file));
    if (files === undefined) return nothing;
    const { train, test } = files;
    const reason = `IDX files (${[train, ...(test === undefined ? [] : [test])].map(({ images }) => path.basename(images)).join(', ')})`;
    const open = async () => ({ ...loadIdx(files), reading: reason });
    return { readings: [{ format: 'idx', reason, sureness: 3, open }], doubts: [] };
  },
};
