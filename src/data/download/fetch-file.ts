/**
 * One file from one address: written beside its place, checked, and only then put there. Whatever goes
 * wrong, and whenever it is stopped, nothing of it is left behind.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { count } from '../data-error';
import type { Content } from './catalogue';
import { DownloadError, networkError, onDisk, shown } from './download-error';
import { get } from './http-get';

/** What a file is called while it is not complete. */
export const PART = /\.[0-9a-f]{8}\.part$/;

/** A file to fetch. */
export interface FileRequest {
  readonly url: URL;
  /** Its place on disk. */
  readonly to: string;
  /** What it has to hold. */
  readonly expected: Content;
  /** Milliseconds without a byte after which the server is given up. */
  readonly patience: number;
  readonly signal: AbortSignal;
  /** Told how many bytes are there. */
  readonly onBytes: (received: number) => void;
}

/**
 * Fetches a file.
 * @throws DownloadError, or the signal's reason
 */
export async function fetchFile(request: FileRequest): Promise<void> {
  const part = `${request.to}.${randomBytes(4).toString('hex')}.part`;
  const file = await onDisk(request.to, () => open(part, 'wx'));
  try {
    try {
      await receive(request, file);
      await onDisk(request.to, () => file.sync());
    } finally {
      await file.close();
    }
    await onDisk(request.to, () => rename(part, request.to));
  } finally {
    await rm(part, { force: true });
  }
}

/** Writes what the server gives, as long as it can still become what is expected. */
async function receive(request: FileRequest, file: FileHandle): Promise<void> {
  const { url, to, patience, signal } = request;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), patience);
  try {
    const response = await get(url, AbortSignal.any([signal, silence.signal]));
    const write = (chunk: Uint8Array) => {
      timer.refresh();
      return onDisk(to, () => file.writeFile(chunk));
    };
    await pass(response, request, write);
  } catch (error) {
    signal.throwIfAborted();
    if (silence.signal.aborted) {
      throw new DownloadError(
        'network',
        `${url.host} does not answer: nothing came for ${patience / 1000} s`,
      );
    }
    throw error instanceof DownloadError ? error : networkError(url, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Passes the bytes of a response on, and holds them against what is expected. */
async function pass(
  response: IncomingMessage,
  { url, expected, onBytes }: FileRequest,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const hash = createHash('sha256');
  const chunks: AsyncIterable<Uint8Array> = response;
  let received = 0;
  const wrong = (what: string) => new DownloadError('mirror', `${shown(url)} gave ${what}`);
  try {
    for await (const chunk of chunks) {
      if (received === 0 && chunk[0] !== 0x1f) throw wrong(describe(chunk));
      received += chunk.length;
      if (received > expected.size) throw wrong(`more than the ${count(expected.size, 'byte')} of the file`);
      hash.update(chunk);
      await write(chunk);
      onBytes(received);
    }
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    const of = `${count(received, 'byte')} of ${count(expected.size, 'byte')}`;
    throw new DownloadError('network', `the connection to ${url.host} broke off after ${of}`, {
      cause: error,
    });
  }
  if (received < expected.size) {
    throw wrong(`${count(received, 'byte')} where the file has ${count(expected.size, 'byte')}`);
  }
  const found = hash.digest('hex');
  if (found === expected.sha256) return;
  const begin = (sum: string) => `${sum.slice(0, 8)}…`;
  throw wrong(`another file: expected the SHA-256 ${begin(expected.sha256)}, found ${begin(found)}`);
}

/** What something is that does not begin like gzip data. */
function describe(chunk: Uint8Array): string {
  const start = new TextDecoder().decode(chunk.subarray(0, 256)).trimStart();
  return /^<(!doctype|html|head|body|\?xml|!--)/i.test(start)
    ? 'a web page instead of the file (networks that ask to log in do so)'
    : 'something that is no gzip data';
}
