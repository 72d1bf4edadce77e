/**
 * Which folders hold datasets, by the names of what is in them: enough for a list to choose from. What is in the files
 * is looked at when one of them is opened; of CSV files, which may be anything, the beginning is read here.
 */
import path from 'node:path';
import { partOf } from '../../data/formats/parts';
import { isImage } from '../../data/loading/image-files';
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
const table = /\.(csv|tsv)$/i;
const labelsFile = /(^|[^a-z])(y|labels?|targets?)(?=[^a-z]|train|test)[^/]*\.npy$/i;

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

/** The tables, one for each folder, that are not beside something that was recognised by its name. */
async function tables(listings: readonly Listing[], without: ReadonlySet<string>): Promise<Recognised[]> {
  const candidates = listings
    .filter(({ folder }) => !without.has(folder))
    .flatMap(({ folder, files }) => {
      const own = files.filter(name => table.test(name)).sort();
      const file = own.find(name => partOf(name) === 'train') ?? own[0];
      return file === undefined ? [] : [{ folder, file }];
    });
  if (candidates.length === 0) return [];
  const { recogniseTables } = await import('./recognise-tables');
  return recogniseTables(candidates);
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
