/** Looking at a folder: what is in it, and how an error describes it. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { count, DataError, errorCode } from './data-error';

/** The names in a folder, sorted; hidden ones are left out. */
export interface Listing {
  readonly folder: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Links that lead nowhere. */
  readonly broken?: readonly string[];
  /** Links that lead back to this folder or to one that it lies in. */
  readonly circles?: readonly string[];
}

/** Lists a folder. Links count as what they lead to, unless that is nowhere, or back to where they are. */
export function listFolder(folder: string): Listing {
  const files: string[] = [];
  const folders: string[] = [];
  const broken: string[] = [];
  const circles: string[] = [];
  for (const entry of readFolder(folder)) {
    if (entry.name.startsWith('.')) continue;
    // The place of a link alone: a folder may hold a million files.
    const link = entry.isSymbolicLink() ? path.join(folder, entry.name) : undefined;
    const target = link === undefined ? entry : follow(link);
    if (target === undefined) broken.push(entry.name);
    else if (target.isFile()) files.push(entry.name);
    else if (target.isDirectory()) {
      (link !== undefined && leadsBack(folder, link) ? circles : folders).push(entry.name);
    }
  }
  return {
    folder,
    files: files.sort(),
    folders: folders.sort(),
    ...(broken.length > 0 && { broken: broken.sort() }),
    ...(circles.length > 0 && { circles: circles.sort() }),
  };
}

/** Whether a link in a folder leads to that folder, or to one that it lies in. */
function leadsBack(folder: string, link: string): boolean {
  try {
    const way = path.relative(realpathSync(link), realpathSync(folder));
    return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
  } catch {
    return false;
  }
}

/**
 * The error for a folder in which no data set of the expected kind was found.
 * @param doubts why something that is there is none
 */
export function noDataset(folder: string, expected: string, doubts: readonly string[] = []): DataError {
  const listing = listFolder(folder);
  const found = describe(listing);
  const problem = found === '' ? 'the folder is empty' : 'no data set found';
  const instead = found === '' ? '' : `, found ${found}`;
  if (doubts.length > 0)
    return new DataError(folder, `${problem}: ${doubts.join('; ')}; choose another folder`);
  return new DataError(folder, `${problem}: expected ${expected}${instead}; choose another folder`);
}

/** What a folder holds, in a few words: "2 folders (cats, dogs) and 1 file (readme.txt)". */
function describe(listing: Listing): string {
  return [some(listing.folders, 'folder'), some(listing.files, 'file')]
    .filter(part => part !== '')
    .join(' and ');
}

function some(names: readonly string[], noun: string): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, 3).join(', ');
  return `${count(names.length, noun)} (${shown}${names.length > 3 ? ', …' : ''})`;
}

/** What a link leads to, or `undefined` when it leads nowhere. */
function follow(link: string) {
  try {
    return statSync(link);
  } catch {
    return undefined;
  }
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw new DataError(folder, reason(errorCode(error)), { cause: error });
  }
}

function reason(code: string | undefined): string {
  if (code === 'ENOENT') return 'there is no such folder; check the path';
  if (code === 'ENOTDIR') return 'expected a folder, found a file; choose the folder that it is in';
  return `the folder cannot be read (${code ?? 'unknown error'}); check that you may read it`;
}
