/**
 * Writes a file so that at any moment, also after a crash or with a full disk, either the old content is
 * there or the new one, never a part of it.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { CheckpointError } from './errors';

/** The file operations that are needed, so that a test can let each of them fail. */
export interface FileSystem {
  /** Opens for writing a file that must not exist (`wx`), or a folder for `sync` (`r`). */
  open(path: string, flags: 'wx' | 'r'): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  realpath(path: string): Promise<string>;
}

/** An open file. */
export interface OpenFile {
  writeFile(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Writes `bytes` to `path`: into a file beside it first, which is flushed to the disk and then renamed.
 * A link stays a link. Nothing is left behind when it fails.
 *
 * @throws CheckpointError with one sentence that names the path
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array,
  files: FileSystem = fs,
): Promise<void> {
  const target = await files.realpath(path).catch(() => path);
  const beside = `${target}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  let created = false;
  try {
    const file = await files.open(beside, 'wx');
    created = true;
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target, files);
  } catch (error) {
    if (created) await files.unlink(beside).catch(() => undefined);
    throw new CheckpointError(`could not be written: ${reason(error, target)}`, path, { cause: error });
  }
  await syncFolder(dirname(target), files);
}

/** Renames; on Windows again for a while, since virus scanners hold new files open for a moment. */
async function rename(from: string, to: string, files: FileSystem): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await files.rename(from, to);
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error));
      if (process.platform !== 'win32' || !held || attempt === 6) throw error;
      await new Promise(resolve => setTimeout(resolve, 20 * 2 ** attempt));
    }
  }
}

/** Makes the rename itself survive a crash. Not every system can; the file is complete either way. */
async function syncFolder(folder: string, files: FileSystem): Promise<void> {
  try {
    const handle = await files.open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows does not open folders, and some network file systems do not flush them.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The cause in words. */
function reason(error: unknown, target: string): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full; free some space';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `the folder ${dirname(target)} cannot be written to`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `the folder ${dirname(target)} does not exist`;
    case 'EISDIR':
      return 'there is a folder of that name';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
