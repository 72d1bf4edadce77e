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
    const target = entry.isSymbolicLink()
      ? statSync(path.join(folder, entry.name), { throwIfNoEntry: false })
      : entry;
    if (target?.isDirectory()) folders.push(entry.name);
    else if (target?.isFile()) files.push(entry.name);
  }
  return { folder, files: files.sort(), folders: folders.sort() };
}

/** What a folder holds, in a few words: "2 folders (cats, dogs) and 1 file (readme.txt)". */
export function describe(listing: Listing): string {
  const parts = [some(listing.folders, 'folder'), some(listing.files, 'file')].filter(part => part !== '');
  return parts.length === 0 ? 'nothing' : parts.join(' and ');
}

function some(names: readonly string[], noun: string): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, 3).join(', ');
  return `${count(names.length, noun)} (${shown}${names.length > 3 ? ', …' : ''})`;
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
