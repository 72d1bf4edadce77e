/**
 * Checkpoints: files of `torch.save`, read without running anything that is in them, and written so that
 * PyTorch opens them with `weights_only=True`.
 *
 *     const bytes = writeCheckpoint(dict({ model: stateDict({ 'fc.weight': weight }), epoch: int(3) }));
 *     await writeFileAtomic('runs/x/checkpoints/last.pt', bytes);
 *     const { value } = readCheckpoint(await readFile(path), path);
 *     intAt(value, 'epoch');
 */
import { CheckpointError } from './errors';
import { recognise } from './recognise';
import type { Stored } from './stored';
import { isLegacy, readLegacy } from './torch/read-legacy';
import { readZip } from './torch/read-zip';
import { writeZip } from './torch/write-zip';

export * from './access';
export { writeFileAtomic } from './atomic-write';
export { CheckpointError } from './errors';
export * from './stored';

/** What was read from a file. */
export interface Checkpoint {
  /** The name that the file was read under. */
  readonly name: string;
  /** `zip` since PyTorch 1.6, `legacy` before. */
  readonly format: 'zip' | 'legacy';
  /** The value that was saved. */
  readonly value: Stored;
}

/**
 * Reads a file of PyTorch. Nothing in it is ever executed: what is not plain data or a tensor comes out
 * as `Unresolved`. The result is independent of `bytes`.
 *
 * @param bytes the whole file
 * @param name the name of the file, for messages
 * @throws CheckpointError with one line that says what is wrong with the file
 */
export function readCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  try {
    if (startsWithZip(bytes)) return { name, format: 'zip', value: readZip(bytes) };
    if (isLegacy(bytes)) return { name, format: 'legacy', value: readLegacy(bytes) };
    throw new CheckpointError(`expected a PyTorch zip archive, found ${recognise(bytes)}`);
  } catch (error) {
    if (error instanceof CheckpointError) throw error.inFile(name);
    if (isOutOfMemory(error))
      throw new CheckpointError('needs more memory than there is', name, { cause: error });
    throw error;
  }
}

/**
 * The bytes of a file in PyTorch's zip format. The same value gives the same bytes.
 *
 * @throws CheckpointError where a part of the value has no counterpart in Python
 */
export function writeCheckpoint(value: Stored): Uint8Array {
  return writeZip(value);
}

/** Whether the file begins with an entry of a zip archive, or with the end of one that is empty. */
function startsWithZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 &&
    bytes[1] === 0x4b &&
    ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  );
}

/** What allocating an array ends in where there is no room for it. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message);
}
