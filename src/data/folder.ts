/** Looking at a folder: what is in it, and how an error describes it. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { count, DataError, errorCode } from './data-error';

/** The names in a folder, sorted; hidden ones are left out. */
export interface Listing {
  readonly folder: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Lists a folder. Links count as what they lead to; a link that leads nowhere is left out. */
export function listFolder(folder: string): Listing {
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of readFolder(folder)) {
    if (entry.name.startsWith('.')) continue;
    const target = entry.isSymbolicLink() ? follow(path.join(folder, entry.name)) : entry;
    if (target?.isDirectory()) folders.push(entry.name);
    else if (target?.isFile()) files.push(entry.name);
  }
  return { folder, files: files.sort(), folders: folders.sort() };
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
