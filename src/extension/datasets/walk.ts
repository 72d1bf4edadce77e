/**
 * Looks through folders for files by their names. VS Code's own search starts a program for each question; this
 * reads a few folders, nearest first, and is done before that program would have begun.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** How far a search goes. */
export interface WalkLimits {
  /** Folders below the first one, at most. */
  readonly depth: number;
  /** Folders in all, at most. */
  readonly folders: number;
}

/** Folders in which nobody keeps data. */
const skipped: ReadonlySet<string> = new Set([
  'node_modules',
  '__pycache__',
  'venv',
  'site-packages',
  'runs',
]);

function isSkipped(name: string): boolean {
  return name.startsWith('.') || skipped.has(name);
}

/** The folders in and below `root` that hold a file with such a name, nearest first. */
export async function foldersWith(
  root: string,
  name: RegExp,
  limits: WalkLimits = { depth: 5, folders: 2000 },
): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  let looked = 0;
  for (let depth = 0; depth <= limits.depth && level.length > 0; depth++) {
    const now = level.slice(0, limits.folders - looked);
    looked += now.length;
    const listings = await Promise.all(
      now.map(async folder => ({
        folder,
        // A folder that cannot be read holds nothing for anybody.
        entries: await readdir(folder, { withFileTypes: true }).catch(() => []),
      })),
    );
    found.push(
      ...listings.filter(({ entries }) => entries.some(entry => name.test(entry.name))).map(l => l.folder),
    );
    level = listings.flatMap(({ folder, entries }) =>
      entries
        .filter(entry => entry.isDirectory() && !isSkipped(entry.name))
        .map(entry => path.join(folder, entry.name)),
    );
  }
  return found;
}
