/** A file on the disk as a source of bytes. */
import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { CheckpointError, quote } from '../errors';
import { type ByteSource, checkPart } from './byte-source';

/** An open file. */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly #handle: number;
  /** Files beside it that were opened, by their path. */
  readonly #others = new Map<string, FileSource>();

  /**
   * Opens a file.
   * @throws CheckpointError that says why it cannot be read
   */
  constructor(readonly name: string) {
    this.#handle = attempt(name, () => openSync(name, 'r'));
    try {
      const found = fstatSync(this.#handle);
      if (found.isDirectory()) throw new CheckpointError('expected a file, found a folder', name);
      if (!found.isFile()) throw new CheckpointError('expected a file, found a device or a pipe', name);
      this.size = found.size;
    } catch (error) {
      closeSync(this.#handle);
      throw error;
    }
  }

  read(offset: number, length: number): Uint8Array {
    checkPart(offset, length, this.size);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const count = attempt(this.name, () =>
        readSync(this.#handle, bytes, done, length - done, offset + done),
      );
      if (count === 0) throw new CheckpointError('has become shorter while it was read');
      done += count;
    }
    return bytes;
  }

  beside(location: string): ByteSource {
    const folder = realpathSync(path.dirname(this.name));
    const target = path.resolve(folder, location);
    const asked = quote(location);
    if (path.isAbsolute(location) || !inside(target, folder)) {
      throw new CheckpointError(`refers to the file ${asked} outside of its folder, which is not opened`);
    }
    const real = attempt(target, () => realpathSync(target));
    // A link within the folder may lead out of it.
    if (!inside(real, folder)) {
      throw new CheckpointError(`refers to the file ${asked} outside of its folder, which is not opened`);
    }
    const source = this.#others.get(real) ?? new FileSource(real);
    this.#others.set(real, source);
    return source;
  }

  close(): void {
    closeSync(this.#handle);
    for (const other of this.#others.values()) other.close();
    this.#others.clear();
  }
}

function inside(target: string, folder: string): boolean {
  const relative = path.relative(folder, target);
  return (
    relative !== '' &&
    relative !== '..' &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
};

/** What the file system does, with its errors in words. */
function attempt<T>(name: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error));
    throw new CheckpointError(`cannot be read: ${reason}`, name, { cause: error });
  }
}
