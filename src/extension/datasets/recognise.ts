/**
 * Which folders hold datasets, by the names of what is in them: enough for a list to choose from. What is in the files
 * is looked at when one of them is opened; of CSV files, which may be anything, the beginning is read here.
 */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { partOf } from '../../data/formats/parts';
import { isImage } from '../../data/loading/image-files';
import { layOut } from '../../data/tables/layout';
import { rowsOfText } from '../../data/tables/read-csv';
import type { Listing } from './walk';

/** A folder that holds a dataset, and what it is. */
export interface Recognised {
  readonly folder: string;
  /** Such as "images in 10 class folders". */
  readonly what: string;
}

/** The training images of MNIST and its relatives, or others with an ending that says so, plain or compressed. */
const idx = /(train-images[-.]idx3-ubyte|[-._]idx3([-._]ubyte)?)(\.gz)?$/i;
const idxFiles = 'IDX files';
const samplesFile = /(^|[^a-z])(x|images?|data|features?)(?=[^a-z]|train|test)[^/]*\.npy$/i;
const labelsFile = /(^|[^a-z])(y|labels?|targets?)(?=[^a-z]|train|test)[^/]*\.npy$/i;
const table = /\.(csv|tsv)$/i;

/** Enough of a CSV file to see what it is, in bytes; and no more files are looked into. */
const beginning = 1 << 16;
const mostTables = 30;

const named = (words: RegExp, { files }: Listing) => files.find(name => words.test(name));

/** What folders hold by the names of their files and of the folders in them. */
function byNames(listings: readonly Listing[]): Recognised[] {
  // Pictures beside programs and texts are no data.
  const isFull = ({ files }: Listing) => files.filter(isImage).length > 0.8 * files.length;
  const withImages = new Set(listings.filter(isFull).map(({ folder }) => folder));
  return listings.flatMap((listing): Recognised[] => {
    const { folder, folders } = listing;
    if (named(idx, listing)) return [{ folder, what: idxFiles }];
    const archive = named(/\.npz$/i, listing);
    if (archive !== undefined) return [{ folder, what: `arrays in ${archive}` }];
    const labels = named(labelsFile, listing);
    const images = withImages.has(folder) || folders.some(child => withImages.has(child));
    if (labels !== undefined && (images || named(samplesFile, listing) !== undefined)) {
      return [{ folder: wholeOf(folder), what: images ? `images with ${labels}` : 'arrays in .npy files' }];
    }
    const classes = folders.filter(
      child => withImages.has(child) && partOf(path.basename(child)) === undefined,
    );
    const strangers =
      folders.filter(child => partOf(path.basename(child)) === undefined).length - classes.length;
    if (classes.length < 2 || strangers > classes.length) return [];
    return [{ folder: wholeOf(folder), what: `images in ${classes.length} class folders` }];
  });
}

/** The dataset that a folder is a part of: `mnist` for `mnist/train`. */
function wholeOf(folder: string): string {
  return partOf(path.basename(folder)) === undefined ? folder : path.dirname(folder);
}

/** What the beginning of a CSV file shows it to be; undefined if it is no dataset. */
async function tableIn(file: string): Promise<string | undefined> {
  const bytes = new Uint8Array(beginning);
  try {
    const handle = await open(file, 'r');
    try {
      const { bytesRead } = await handle.read(bytes, 0, beginning, 0);
      const text = new TextDecoder().decode(bytes.subarray(0, bytesRead));
      // The last line may be cut off.
      const { csv, rows } = rowsOfText(file, bytesRead < beginning ? text : text.replace(/[^\r\n]*$/, ''));
      const layout = layOut(csv, rows, {});
      if (!('features' in layout)) return undefined;
      const what =
        layout.side === undefined
          ? `${layout.features.length} features`
          : `${layout.side}×${layout.side} pixels`;
      return `${what} in ${path.basename(file)}`;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/** The tables, one for each folder, that are not beside something that was recognised by its name. */
async function tables(listings: readonly Listing[], without: ReadonlySet<string>): Promise<Recognised[]> {
  const candidates = listings
    .filter(({ folder }) => !without.has(folder))
    .flatMap(({ folder, files }) => {
      const own = files.filter(name => table.test(name)).sort();
      const file = own.find(name => partOf(name) === 'train') ?? own[0];
      return file === undefined ? [] : [{ folder, file }];
    });
  const found = await Promise.all(
    candidates.slice(0, mostTables).map(async ({ folder, file }): Promise<Recognised[]> => {
      const what = await tableIn(path.join(folder, file));
      return what === undefined ? [] : [{ folder, what }];
    }),
  );
  return found.flat();
}

/** The datasets in some folders; what lies within one is a part of it, unless it is complete by itself. */
export async function recognise(listings: readonly Listing[]): Promise<Recognised[]> {
  const sure = byNames(listings);
  const all = [...sure, ...(await tables(listings, new Set(sure.map(({ folder }) => folder))))];
  const places = new Map(all.map(found => [found.folder, found]));
  const isInside = (folder: string) => {
    for (let above = path.dirname(folder); above !== path.dirname(above); above = path.dirname(above)) {
      if (places.has(above)) return true;
    }
    return false;
  };
  return [...places.values()].filter(({ folder, what }) => what === idxFiles || !isInside(folder));
}
