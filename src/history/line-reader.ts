/**
 * Follows a text file that is only ever added to: each time it gives the complete lines that are new. A last line
 * that was cut off waits for its rest, and a file that was replaced (a run that is resumed) is read anew.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const newline = 10;
const chunkSize = 1 << 19;

/** Some of what is new in a file. */
export interface NewLines {
  /** Whether the file is another one than before, so that what was read of it is no longer true. */
  readonly replaced: boolean;
  readonly lines: string[];
  /** Up to which share of the file was read, between 0 and 1. */
  readonly share: number;
  /** When the file was last written to, in milliseconds. */
  readonly changed: number;
}

/** Opens a file to read it; undefined where there is none, or something else (a device, a pipe) in its place. */
export async function openFile(path: string): Promise<FileHandle | undefined> {
  // Without O_NONBLOCK, opening a pipe waits for somebody who writes into it.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
  const regular = await file?.stat().then(
    stat => stat.isFile(),
    () => false,
  );
  if (regular) return file;
  await file?.close();
  return undefined;
}

/** Follows one file. */
export class LineReader {
  #inode = -1;
  /** Up to where complete lines were read. */
  #offset = 0;

  constructor(readonly path: string) {}

  /** Reads on to the end, half a megabyte at a time (or one line, where it is longer). */
  async *read(): AsyncGenerator<NewLines> {
    const file = await openFile(this.path);
    if (file === undefined) return;
    try {
      const { ino, size, mtimeMs: changed } = await file.stat();
      let replaced = this.#inode !== -1 && (ino !== this.#inode || size < this.#offset);
      if (replaced) this.#offset = 0;
      this.#inode = ino;
      for (let more = true; more; replaced = false) {
        const { lines, atEnd } = await this.#readChunk(file, size);
        yield { replaced, lines, share: size === 0 ? 1 : this.#offset / size, changed };
        more = !atEnd;
      }
    } finally {
      await file.close();
    }
  }

  async #readChunk(file: FileHandle, size: number): Promise<{ lines: string[]; atEnd: boolean }> {
    for (let length = chunkSize; ; length *= 4) {
      const buffer = Buffer.allocUnsafe(Math.min(length, Math.max(0, size - this.#offset)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(newline) + 1;
      const atEnd = this.#offset + bytesRead >= size || bytesRead === 0;
      if (end === 0 && !atEnd) continue;
      this.#offset += end;
      return { lines: end === 0 ? [] : buffer.toString('utf8', 0, end - 1).split('\n'), atEnd };
    }
  }
}
