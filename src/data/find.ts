/** The entrance: from the folder that somebody chose to a data set, whatever its format. */
import type { DataError } from './data-error';
import { cachedDigits } from './digits-cache';
import { noDataset } from './folder';
import { findIdx, IDX_EXPECTED } from './idx-folder';
import { loadIdx } from './idx-images';
import type { ImageData } from './image-data';

/** A way in which a folder can hold a data set. */
export interface FolderFormat {
  /** What such a folder holds, as an error lists it. */
  readonly expected: string;
  /**
   * Opens the folder, or gives `undefined` when it holds nothing of the kind. A folder that is of the kind
   * and broken is a {@link DataError}.
   */
  open(folder: string): Promise<ImageData | undefined>;
}

const idx: FolderFormat = {
  expected: IDX_EXPECTED,
  async open(folder) {
    const files = findIdx(folder);
    return files === undefined ? undefined : loadIdx(files);
  },
};

/** The formats in the order in which they are tried. A new format is a line here. */
export const FORMATS: readonly FolderFormat[] = [idx];

/**
 * Opens the data set in a folder, or the generated digits when there is no folder.
 * @throws DataError when the folder holds no data set, or a broken one.
 */
export async function openDataset(folder: string | undefined): Promise<ImageData> {
  if (folder === undefined) return cachedDigits();
  for (const format of FORMATS) {
    const data = await format.open(folder);
    if (data !== undefined) return data;
  }
  throw noDataset(folder, FORMATS.map(format => format.expected).join(', or '));
}
