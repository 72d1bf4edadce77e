/**
 * Checkpoints: files of `torch.save`, read without running anything that is in them, and written so that
 * PyTorch opens them with `weights_only=True`.
 *
 *     const bytes = writeCheckpoint(dict({ model: stateDict({ 'fc.weight': weight }), epoch: int(3) }));
 *     await writeFileAtomic('runs/x/checkpoints/last.pt', bytes);
 *     const { value } = readCheckpoint(await readFile(path), path);
 *     intAt(value, 'epoch');
 */

import { tensorsIn } from './access';
import { isOutOfMemory } from './checkpoint-file';
import { CheckpointError } from './errors';
import { startsWithZip } from './open';
import { recognise } from './recognise';
import { ArraySource } from './source/byte-source';
import type { Stored } from './stored';
import { isLegacy, readLegacy } from './torch/read-legacy';
import { readZip } from './torch/read-zip';
import { writeZip } from './torch/write-zip';

export * from './access';
export { writeFileAtomic } from './atomic-write';
export type { CheckpointFile } from './checkpoint-file';
export { CheckpointError } from './errors';
export { openCheckpoint, openSource } from './open';
export { changedModules, changedValues, pairTensors } from './pairing';
export { writeSafetensors } from './safetensors/write-safetensors';
export * from './stored';
export { type Weight, weightsIn } from './weights';

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
    const source = new ArraySource(bytes, name);
    if (startsWithZip(bytes)) return { name, format: 'zip', value: complete(readZip(source, true).value) };
    if (isLegacy(bytes)) return { name, format: 'legacy', value: complete(readLegacy(source, true).value) };
    throw new CheckpointError(`expected a PyTorch zip archive, found ${recognise(bytes)}`);
  } catch (error) {
    if (error instanceof CheckpointError) throw error.inFile(name);
    if (isOutOfMemory(error))
      throw new CheckpointError('needs more memory than there is', name, { cause: error });
    throw error;
  }
}

/** Reads all tensors of a value, so that what is wrong with one shows now. */
function complete(value: Stored): Stored {
  for (const { tensor } of tensorsIn(value)) void tensor.data;
  return value;
}

/**
 * The bytes of a file in PyTorch's zip format. The same value gives the same bytes.
 *
 * @throws CheckpointError where a part of the value has no counterpart in Python
 */
export function writeCheckpoint(value: Stored): Uint8Array {
  return writeZip(value);
}
