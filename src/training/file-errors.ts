/** What goes wrong with the files of a run, said in one sentence. */
import { TrainingError } from './errors';

/** Runs a file operation; a failure names the file and says what to do about it. */
export function attempt<T>(what: string, file: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw new TrainingError(`${file}: ${what}: ${reason(error)}`, { cause: error });
  }
}

/** Why a file operation failed. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full; free some space, or choose another folder with --runs';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'no permission to write there; choose another folder with --runs';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'there is a file where a folder is needed';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOENT':
      return 'there is no such file or folder';
    default:
      return code || (error instanceof Error ? error.message : String(error));
  }
}
