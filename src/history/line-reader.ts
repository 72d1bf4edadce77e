/**
 * Follows a text file that is only ever added to: each read gives the complete lines that are new. A last line
 * that was cut off waits for its rest, and a file that was replaced (a run that is resumed) is read anew.
 */
import { open } from 'node:fs/promises';

const newline = 10;
const chunkSize = 1 << 20;

/** What is new in a file. */
export interface NewLines {
  /** Whether the file is another one than before, so that what was read of it is no longer true. */
  readonly replaced: boolean;
  readonly lines: string[];
  /** Whether there may be more. */
  readonly more: boolean;
  /** When the file was last written to, in milliseconds. */
  readonly changed: number;
}

/** Follows one file. */
export class LineReader {
  #inode = -1;
  /** Up to where complete lines were read. */
  #offset = 0;

  constructor(readonly path: string) {}

  /** Reads on, a megabyte at most (or one line, where it is longer); undefined where there is no file. */
  async read(): Promise<NewLines | undefined> {
    const file = await open(this.path).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const { ino, size, mtimeMs, isFile } = await file
        .stat()
        .then(stat => ({ ino: stat.ino, size: stat.size, mtimeMs: stat.mtimeMs, isFile: stat.isFile() }));
      if (!isFile) return undefined;
      const replaced = this.#inode !== -1 && (ino !== this.#inode || size < this.#offset);
      if (replaced) this.#offset = 0;
      this.#inode = ino;
      for (let length = chunkSize; ; length *= 4) {
        const buffer = Buffer.alloc(Math.min(length, Math.max(0, size - this.#offset)));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
        const end = buffer.subarray(0, bytesRead).lastIndexOf(newline) + 1;
        const atEnd = this.#offset + bytesRead >= size;
        if (end === 0 && !atEnd) continue;
        this.#offset += end;
        const lines = end === 0 ? [] : buffer.toString('utf8', 0, end - 1).split('\n');
        return { replaced, lines, more: !atEnd, changed: mtimeMs };
      }
    } finally {
      await file.close();
    }
  }
}
