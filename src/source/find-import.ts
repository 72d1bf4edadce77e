/** Finds the file that an import in Python source means, and reads it: beside the importing file, or in given folders. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** A file that another one imports: its path and its text. */
export interface FoundImport {
  readonly uri: string;
  readonly text: string;
}

/** Longer files are no source that somebody wrote, in bytes. */
export const largestSource = 4_000_000;

/**
 * The file of a module such as `models.net` or `.net`.
 *
 * @param from the path of the file that imports it
 * @param within where given, only what lies in one of these folders is read, wherever links lead; they are also
 *   searched where nothing lies beside the importing file
 */
export function findImport(
  module: string,
  from: string,
  within?: readonly string[],
): FoundImport | undefined {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  const parts = module.slice(dots).split('.').filter(Boolean);
  if (parts.length === 0 || parts.some(part => !/^\w+$/.test(part))) return undefined;
  const upwards = Array.from({ length: Math.max(0, dots - 1) }, () => '..');
  const beside = path.join(path.dirname(from), ...upwards);
  const roots = dots > 0 ? [beside] : [beside, ...(within ?? [])];
  for (const root of roots) {
    const place = path.join(root, ...parts);
    for (const candidate of [`${place}.py`, path.join(place, '__init__.py')]) {
      const text = sourceAt(candidate, within);
      if (text !== undefined) return { uri: candidate, text };
    }
  }
  return undefined;
}

/** The text of a file; undefined where there is none that may be read. */
function sourceAt(file: string, within: readonly string[] | undefined): string | undefined {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined || !found.isFile() || found.size > largestSource) return undefined;
    if (within !== undefined && !isWithin(realpathSync(file), within)) return undefined;
    return readFileSync(file, 'utf8');
  } catch {
    // It is gone since, or not ours to read: then nothing is known of it.
    return undefined;
  }
}

function isWithin(file: string, folders: readonly string[]): boolean {
  return folders.some(folder => {
    try {
      const relative = path.relative(realpathSync(folder), file);
      return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
    } catch {
      return false;
    }
  });
}
