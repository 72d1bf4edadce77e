/**
 * Decoded images on disk, so that they are decoded once: the next run reads them as fast as IDX files. The cache is
 * a convenience: whatever goes wrong with it, the images are decoded again, and an unwritable disk is no error.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { cacheFolder } from '../digits-cache';

/** To be raised whenever the same files begin to give other pixels. */
const VERSION = 2;
/** What the cache holds at most; the oldest files go first. */
const MOST_BYTES = 8e9;
const ENDING = '.pixels';

const headerSchema = z.object({
  rows: z.int().nonnegative(),
  each: z.int().positive(),
  fingerprint: z.string(),
  resized: z.int().nonnegative(),
  bad: z.array(z.object({ row: z.int().nonnegative(), reason: z.string() })),
});

/** What is known of decoded images beside their pixels. */
export type CacheHeader = z.infer<typeof headerSchema>;

/** Pixels as they are kept. */
export interface Kept {
  readonly header: CacheHeader;
  /** Length and time of change of each file, when it was decoded. */
  readonly stamps: Float64Array;
  readonly pixels: Uint8Array;
}

/** One data set's place in the cache. */
export class DecodedCache {
  readonly #file: string;

  /** @param what everything that the pixels depend on but the content of the files: their paths, the size, … */
  constructor(
    what: unknown,
    private readonly folder = path.join(cacheFolder(), 'decoded'),
  ) {
    const key = createHash('sha256')
      .update(JSON.stringify([VERSION, what]))
      .digest('hex')
      .slice(0, 32);
    this.#file = path.join(folder, `${key}${ENDING}`);
  }

  /** What is kept, if it is whole; `undefined` if there is nothing. */
  async load(rows: number, each: number): Promise<Kept | undefined> {
    try {
      return await this.#read(rows, each);
    } catch {
      return undefined;
    }
  }

  async #read(rows: number, each: number): Promise<Kept | undefined> {
    const handle = await open(this.#file, 'r');
    try {
      const length = new Uint32Array(1);
      await readAll(handle, new Uint8Array(length.buffer), 0);
      const headerLength = length[0] ?? 0;
      const { size } = await handle.stat();
      if (headerLength > 1e8 || size !== 4 + headerLength + 16 * rows + rows * each) return undefined;
      const text = new Uint8Array(headerLength);
      await readAll(handle, text, 4);
      const header = headerSchema.parse(JSON.parse(new TextDecoder().decode(text)));
      if (header.rows !== rows || header.each !== each) return undefined;
      const stamps = new Float64Array(2 * rows);
      const at = 4 + headerLength;
      await readAll(handle, new Uint8Array(stamps.buffer), at);
      const pixels = new Uint8Array(rows * each);
      await readAll(handle, pixels, at + stamps.byteLength);
      // What was used last goes last.
      await utimes(this.#file, new Date(), new Date()).catch(() => undefined);
      return { header, stamps, pixels };
    } finally {
      await handle.close();
    }
  }

  /** Keeps pixels, written beside and renamed. */
  async save(header: CacheHeader, stamps: Float64Array, parts: readonly Uint8Array[]): Promise<void> {
    const beside = `${this.#file}.${process.pid}.tmp`;
    try {
      await mkdir(this.folder, { recursive: true });
      const text = new TextEncoder().encode(JSON.stringify(header));
      const handle = await open(beside, 'w', 0o600);
      try {
        await handle.write(new Uint8Array(Uint32Array.of(text.length).buffer));
        await handle.write(text);
        await handle.write(new Uint8Array(stamps.buffer, stamps.byteOffset, stamps.byteLength));
        for (const part of parts) await writeAll(handle, part);
      } finally {
        await handle.close();
      }
      await rename(beside, this.#file);
      await prune(this.folder);
    } catch {
      await rm(beside, { force: true }).catch(() => undefined);
    }
  }
}

type Handle = Awaited<ReturnType<typeof open>>;
/** Node reads and writes no more at once. */
const PIECE = 2 ** 30;

async function readAll(handle: Handle, target: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < target.length; ) {
    const length = Math.min(PIECE, target.length - at);
    const { bytesRead } = await handle.read(target, at, length, position + at);
    if (bytesRead === 0) throw new Error('the file ends too early');
    at += bytesRead;
  }
}

async function writeAll(handle: Handle, source: Uint8Array): Promise<void> {
  for (let at = 0; at < source.length; ) {
    const { bytesWritten } = await handle.write(source, at, Math.min(PIECE, source.length - at));
    at += bytesWritten;
  }
}

/** Removes what was not used for longest, until the rest is not too much. */
async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter(name => name.endsWith(ENDING));
  const files = await Promise.all(
    names.map(async name => {
      const file = path.join(folder, name);
      const { size, mtimeMs } = await stat(file);
      return { file, size, mtimeMs };
    }),
  );
  let total = 0;
  for (const { file, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    total += size;
    if (total > MOST_BYTES) await rm(file, { force: true });
  }
}
