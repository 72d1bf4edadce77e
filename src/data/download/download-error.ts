/** What a download fails with: parts of sentences for the person who asked for it. */
import { errorCode } from '../data-error';

/**
 * Whose fault it is. Another mirror may help where one cannot be reached (`network`) or gives something
 * else (`mirror`); nothing of the kind helps against what is wrong with the folder.
 */
export type Blame = 'network' | 'mirror' | 'folder';

/** A download that failed, in one line. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';

  constructor(
    readonly blame: Blame,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message.replace(/\p{Cc}+/gu, ' '), options);
  }
}

/** An address as a message gives it: what somebody has hidden in it stays hidden. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** Runs a file operation; what goes wrong is the folder's fault. */
export async function onDisk<T>(file: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw new DownloadError('folder', `${file} cannot be written: ${diskReason(error)}`, { cause: error });
  }
}

function diskReason(error: unknown): string {
  switch (errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full; free some space, or choose another folder';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'you may not write there; choose another folder';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'there is a file where a folder is needed; choose another folder';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** A connection that was never made, or that broke. */
export function networkError(url: URL, error: unknown): DownloadError {
  return new DownloadError('network', networkReason(url.host, errorCode(error), error), { cause: error });
}

function networkReason(host: string, code: string | undefined, error: unknown): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} cannot be found (${code})`;
    case 'ECONNREFUSED':
      return `${host} refuses the connection (${code})`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `the connection to ${host} broke off (${code})`;
    default:
      return `${host} cannot be reached (${code ?? (error instanceof Error ? error.message : String(error))})`;
  }
}
