/**
 * Downloading a data set: the files that are missing, each from the first mirror that has it. A file is there
 * whole or not at all; what is complete already is kept, so that a download that was stopped goes on.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Content, RemoteDataset, RemoteFile } from './catalogue';
import { DownloadError, onDisk } from './download-error';
import { fetchFile, PART } from './fetch-file';
import { makeFolder, removeEmpty } from './folders';

/** How a data set is downloaded. */
export interface DownloadOptions {
  /** The address of the only folder to ask; the public mirrors where none is given. */
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told often: the bytes that are there, and the bytes in all. */
  readonly onProgress?: (received: number, total: number) => void;
  /** Milliseconds without a byte after which a server is given up. */
  readonly patience?: number;
}

/** Milliseconds. */
const PATIENCE = 30_000;

/**
 * Puts the files of a data set into a folder, which is made where it is missing.
 * @returns the number of files that were downloaded: 0 where all were there
 * @throws DownloadError with one sentence, or the signal's reason
 */
export async function downloadDataset(
  dataset: RemoteDataset,
  folder: string,
  { mirror, signal = new AbortController().signal, onProgress, patience = PATIENCE }: DownloadOptions = {},
): Promise<number> {
  const mirrors = new Mirrors(dataset.title, mirror === undefined ? dataset.mirrors : [mirror]);
  signal.throwIfAborted();
  const made = await onDisk(folder, () => makeFolder(path.resolve(folder)));
  try {
    await removeLeftovers(folder, dataset, patience);
    const missing = await missingFiles(folder, dataset);
    const total = missing.reduce((sum, { gz }) => sum + gz.size, 0);
    let before = 0;
    if (total > 0) onProgress?.(0, total);
    for (const { name, gz } of missing) {
      const file = `${name}.gz`;
      const to = path.join(folder, file);
      const onBytes = (received: number) => onProgress?.(before + received, total);
      await mirrors.try(base =>
        fetchFile({ url: new URL(file, base), to, expected: gz, patience, signal, onBytes }),
      );
      before += gz.size;
    }
    return missing.length;
  } catch (error) {
    if (made !== undefined) await removeEmpty(path.resolve(folder), made);
    throw error;
  }
}

/** Addresses to try, one after the other. */
class Mirrors {
  #bases: readonly URL[];

  constructor(
    private readonly title: string,
    addresses: readonly string[],
  ) {
    this.#bases = addresses.map(baseOf);
  }

  /** Tries the mirrors until one succeeds, which is then the first to be asked for the next file. */
  async try(attempt: (base: URL) => Promise<void>): Promise<void> {
    const failures: DownloadError[] = [];
    for (const base of this.#bases) {
      try {
        await attempt(base);
        this.#bases = [base, ...this.#bases.filter(other => other !== base)];
        return;
      } catch (error) {
        if (!(error instanceof DownloadError) || error.blame === 'folder') throw error;
        failures.push(error);
      }
    }
    const reasons = failures.map(({ message }) => message).join('; ');
    const offline = failures.every(({ blame }) => blame === 'network');
    const advice = offline ? '; check the connection to the internet' : '';
    throw new DownloadError(
      offline ? 'network' : 'mirror',
      `${this.title} could not be downloaded: ${reasons}${advice}`,
      { cause: failures },
    );
  }
}

/** The address of a folder, such as that of a mirror. */
function baseOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new DownloadError(
      'mirror',
      `expected the address of a mirror that begins with https:// or http://, found "${address}"`,
    );
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Removes what a process has left that was killed while it downloaded: parts that nobody writes to any more. */
async function removeLeftovers(folder: string, { files }: RemoteDataset, patience: number): Promise<void> {
  const names = new Set(files.map(({ name }) => `${name}.gz`));
  for (const entry of await onDisk(folder, () => readdir(folder))) {
    if (!PART.test(entry) || !names.has(entry.replace(PART, ''))) continue;
    const part = path.join(folder, entry);
    const written = (await stat(part).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY;
    if (written < Date.now() - 2 * patience) await rm(part, { force: true });
  }
}

async function missingFiles(folder: string, { title, files }: RemoteDataset): Promise<RemoteFile[]> {
  const missing: RemoteFile[] = [];
  for (const file of files) {
    const plain = path.join(folder, file.name);
    const there = (await holds(plain, file.plain, title)) || (await holds(`${plain}.gz`, file.gz, title));
    if (!there) missing.push(file);
  }
  return missing;
}

/** Whether the file is there. One that holds something else is somebody's, and is neither used nor replaced. */
async function holds(file: string, { size, sha256 }: Content, title: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return false;
  if (found.isFile() && found.size === size && (await sha256Of(file)) === sha256) return true;
  throw new DownloadError(
    'folder',
    `${file} is there already and is not the file of ${title}; move it away, or choose another folder`,
  );
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  const chunks: AsyncIterable<Uint8Array> = createReadStream(file);
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
