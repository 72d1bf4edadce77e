/**
 * Looks through folders for files by their names. VS Code's own search starts a program for each question; this
 * reads a few folders, nearest first, and is done before that program would have begun.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
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

/** What is in a folder. */
export interface Listing {
  readonly folder: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** What is in a folder; data often lies elsewhere and is linked to. A folder that cannot be read holds nothing. */
async function list(folder: string): Promise<Listing> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const links = entries.filter(entry => entry.isSymbolicLink() && !isSkipped(entry.name));
  const linked = await Promise.all(links.map(({ name }) => isFolder(path.join(folder, name))));
  const own = entries.filter(entry => entry.isDirectory() && !isSkipped(entry.name));
  return {
    folder,
    files: entries.filter(entry => !entry.isDirectory()).map(({ name }) => name),
    folders: [...own, ...links.filter((_, i) => linked[i])].map(({ name }) => path.join(folder, name)),
  };
}

async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    found => found.isDirectory(),
    () => false,
  );
}

/** What is in `root` and in the folders below it, nearest first. */
export async function listBelow(
  root: string,
  limits: WalkLimits = { depth: 5, folders: 2000 },
): Promise<Listing[]> {
  const found: Listing[] = [];
  /** By their true places: links can lead in circles. */
  const seen = new Set<string>();
  let level = [root];
  let looked = 0;
  for (let depth = 0; depth <= limits.depth && level.length > 0; depth++) {
    const now = level.slice(0, limits.folders - looked);
    looked += now.length;
    const places = await Promise.all(now.map(folder => realpath(folder).catch(() => folder)));
    const fresh = now.filter((_, i) => {
      const place = places[i] ?? '';
      return !seen.has(place) && seen.add(place);
    });
    const listings = await Promise.all(fresh.map(list));
    found.push(...listings);
    level = listings.flatMap(({ folders }) => folders);
  }
  return found;
}
