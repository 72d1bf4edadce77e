/** Making folders. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Makes a folder; false where there is something of that name. */
export function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Makes a folder and those above it; false where it was there. (`mkdirSync` with `recursive` never returns
 * where the system refuses a folder below one that exists, as `/proc` does.)
 */
export function makeFolders(folder: string): boolean {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolders(parent);
  return makeFolder(folder);
}
