/** Making folders, and taking them back. */
import { mkdir, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../data-error';

/**
 * Makes a folder and those around it. (`mkdir` with `recursive` never returns where the system refuses a
 * folder below one that exists, as `/proc` does.)
 * @param folder an absolute path
 * @returns the outermost folder that was made; `undefined` where all were there
 */
export async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return undefined;
    const parent = path.dirname(folder);
    if (errorCode(error) !== 'ENOENT' || parent === folder) throw error;
    const made = await makeFolder(parent);
    await mkdir(folder);
    return made ?? folder;
  }
}

/** Removes a folder and those around it up to `outermost`, as far as they are empty. */
export async function removeEmpty(folder: string, outermost: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch {
    return;
  }
  if (folder !== outermost) await removeEmpty(path.dirname(folder), outermost);
}
