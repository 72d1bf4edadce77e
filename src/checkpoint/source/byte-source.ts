/**
 * Bytes that are read where they are needed: a file that stays on the disk, or an array. Every read is checked against
 * the size, so that no number in a file leads outside of it.
 */
import { CheckpointError } from '../errors';

/** Bytes to read from, anywhere. Reads wait for the disk: use large files in a thread of their own. */
export interface ByteSource {
  /** What a message calls it. */
  readonly name: string;
  /** How many bytes there are. */
  readonly size: number;
  /**
   * The `length` bytes from `offset` on; of an array without a copy.
   * @throws CheckpointError where they do not all exist
   */
  read(offset: number, length: number): Uint8Array;
  /**
   * The file of this path relative to the folder of this one, which it must not leave.
   * @throws CheckpointError where there is none, or it is elsewhere
   */
  beside(location: string): ByteSource;
  /** Lets go of the file, and of those beside it. */
  close(): void;
}

/** Throws where a part lies outside. */
export function checkPart(offset: number, length: number, size: number): void {
  const fits = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (!fits || offset + length > size) {
    throw new CheckpointError(
      `is cut off: expected ${length} bytes at ${offset}, found ${Math.max(0, size - offset)}`,
    );
  }
}

/** An array as a source. */
export class ArraySource implements ByteSource {
  constructor(
    private readonly bytes: Uint8Array,
    readonly name: string,
  ) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    checkPart(offset, length, this.size);
    return this.bytes.subarray(offset, offset + length);
  }

  beside(location: string): ByteSource {
    throw new CheckpointError(
      `its data is in another file, ${JSON.stringify(location)}, which was not given`,
    );
  }

  close(): void {}
}
