/**
 * Finding MNIST and its relatives as they are downloaded: a folder with four IDX files under well-known
 * names. This file looks for them; `idx-images.ts` reads and checks what was found.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { DataError } from './data-error';
import { DataQuestion } from './data-question';
import { type Listing, listFolder, noDataset } from './folder';
import { type IdxFiles, type IdxPair, loadIdx } from './idx-images';
import type { ByteData } from './image-data';

/** What a folder of this format holds, as an error says it. */
export const IDX_EXPECTED =
  'IDX files under the names of MNIST (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, each plain or .gz)';

const NAME = /^(?:(.+)-)?(train|t10k|test)-(images[-.]idx3|labels[-.]idx1)-ubyte(?:\.gz)?$/i;
/** No more sub-folders than this are looked into. */
const MAX_FOLDERS = 100;

/** A file with such a name, and what its name says. */
interface Named {
  readonly file: string;
  readonly prefix: string;
  readonly part: string;
  readonly kind: string;
}

/** The files of one data set that are there; some may be missing. */
interface Candidate {
  readonly folder: string;
  readonly prefix: string;
  readonly files: readonly Named[];
}

/**
 * Finds IDX files in a folder; if there are none, in its `raw` folder; if there are none either, in its
 * sub-folders and their `raw` folders (torchvision makes `MNIST/raw`). The path of a file of training images
 * in the folder's place chooses its data set among several that lie together, as EMNIST's do.
 * @returns `undefined` when there is nothing of the kind.
 */
export function findIdx(folder: string): IdxFiles | undefined {
  const absolute = path.resolve(folder);
  if (statSync(absolute, { throwIfNoEntry: false })?.isFile()) {
    const parent = path.dirname(absolute);
    const prefix = NAME.exec(path.basename(absolute))?.[1] ?? '';
    const chosen = candidatesIn(listFolder(parent)).filter(
      candidate => candidate.prefix === prefix && candidate.files.some(({ file }) => file === absolute),
    );
    return only(parent, chosen);
  }
  const listing = listFolder(absolute);
  for (const listings of [[listing], subFolders(listing, ['raw'])]) {
    const candidates = listings.flatMap(candidatesIn);
    if (candidates.length > 0) return only(folder, candidates);
  }
  const children = subFolders(listing, listing.folders.slice(0, MAX_FOLDERS));
  const below = children.flatMap(child => [child, ...subFolders(child, ['raw'])]);
  return only(folder, below.flatMap(candidatesIn));
}

/** Loads a folder of IDX files; {@link findIdx} says where it looks. */
export function loadIdxFolder(folder: string): ByteData {
  const files = findIdx(folder);
  if (files === undefined) throw noDataset(folder, IDX_EXPECTED);
  return loadIdx(files);
}

/** The listings of those sub-folders that are there and can be read. */
function subFolders(listing: Listing, names: readonly string[]): Listing[] {
  const present = names.filter(name => listing.folders.includes(name));
  return present.flatMap(name => {
    try {
      return [listFolder(path.join(listing.folder, name))];
    } catch (error) {
      if (error instanceof DataError) return [];
      throw error;
    }
  });
}

function candidatesIn({ folder, files }: Listing): Candidate[] {
  const named = files.flatMap((name): Named[] => {
    const [, prefix = '', part, kind] = NAME.exec(name) ?? [];
    if (part === undefined || kind === undefined) return [];
    return [
      {
        file: path.join(folder, name),
        prefix,
        part: part.toLowerCase(),
        kind: kind.slice(0, 6).toLowerCase(),
      },
    ];
  });
  const prefixes = [...new Set(named.map(({ prefix }) => prefix))];
  return prefixes.map(prefix => ({ folder, prefix, files: named.filter(file => file.prefix === prefix) }));
}

/** The one data set that was found; several are an error, because none of them is the right guess. */
function only(folder: string, candidates: readonly Candidate[]): IdxFiles | undefined {
  const [candidate, ...others] = candidates;
  if (candidate === undefined) return undefined;
  if (others.length === 0) return assemble(candidate);
  const base = path.resolve(folder);
  const paths = candidates.map(({ files }) => path.relative(base, files[0]?.file ?? base));
  const shown = paths.slice(0, 3).join(', ') + (paths.length > 3 ? ', …' : '');
  const apart = candidates.some(other => other.folder !== candidate.folder);
  const advice = apart
    ? 'choose the folder of one of them'
    : 'choose the file of training images of one of them';
  throw new DataQuestion(
    folder,
    `expected one data set, found ${paths.length} (${shown}); ${advice}`,
    candidates.map(({ prefix, folder: place, files }) => {
      const images = files.find(({ part, kind }) => part === 'train' && kind === 'images') ?? files[0];
      const name = prefix === '' ? path.relative(base, place) || path.basename(place) : prefix;
      return { label: name, options: { format: 'idx', file: path.relative(base, images?.file ?? place) } };
    }),
  );
}

function assemble(candidate: Candidate): IdxFiles {
  const testPart = ['t10k', 'test'].find(part => candidate.files.some(file => file.part === part));
  return {
    name: nameOf(candidate.folder),
    prefix: candidate.prefix,
    train: pairOf(candidate, 'train'),
    test: testPart === undefined ? undefined : pairOf(candidate, testPart),
  };
}

/** The images and labels of one part; a plain file, which sorts first, goes before its .gz twin. */
function pairOf({ folder, prefix, files }: Candidate, part: string): IdxPair {
  const find = (kind: string, rank: string): string => {
    const found = files.find(file => file.part === part && file.kind === kind)?.file;
    if (found !== undefined) return found;
    const stem = `${prefix === '' ? '' : `${prefix}-`}${part}-${kind}`;
    const beside = files.map(({ file }) => path.basename(file)).join(', ');
    throw new DataError(
      folder,
      `expected ${stem}-${rank}-ubyte or ${stem}.${rank}-ubyte, plain or .gz, beside ${beside}; found neither: add the missing file`,
    );
  };
  return { images: find('images', 'idx3'), labels: find('labels', 'idx1') };
}

/** The name that a person has for the data set in the folder: `MNIST` for `data/MNIST/raw`. */
function nameOf(folder: string): string {
  return path.basename(path.basename(folder) === 'raw' ? path.dirname(folder) : folder);
}
