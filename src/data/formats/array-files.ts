/** Reading NumPy's arrays as numbers: opened by the checkpoint readers, which check every byte and run nothing. */
import { statSync } from 'node:fs';
import type { CheckpointFile } from '../../checkpoint/checkpoint-file';
import { CheckpointError } from '../../checkpoint/errors';
import { openCheckpoint } from '../../checkpoint/open';
import { DataError } from '../data-error';

/** An array that was read. */
export interface NumberArray {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data:
    | Exclude<Awaited<ReturnType<CheckpointFile['readTensor']>>['data'], BigInt64Array>
    | Float64Array;
}

/** An array in a file, not read yet. */
export interface ArrayInFile {
  readonly file: string;
  /** Its name in an archive. */
  readonly name: string;
  readonly shape: readonly number[];
}

/** Does something with a file of arrays; what is wrong with it becomes one line. */
async function inFile<T>(file: string, body: (opened: CheckpointFile) => Promise<T> | T): Promise<T> {
  try {
    const opened = await openCheckpoint(file);
    try {
      return await body(opened);
    } finally {
      opened.close();
    }
  } catch (error) {
    if (error instanceof CheckpointError) throw new DataError(file, error.problem, { cause: error });
    throw error;
  }
}

/** What a file of arrays holds. */
export interface ArraysInFile {
  readonly arrays: readonly ArrayInFile[];
  /** The arrays of an archive that cannot be read, and why: `x_train is an array of Python objects`. */
  readonly problems: readonly string[];
}

/** The arrays in a `.npy` or `.npz` file. */
export async function arraysIn(file: string): Promise<ArraysInFile> {
  if (statSync(file, { throwIfNoEntry: false })?.size === 0) {
    throw new DataError(file, 'expected a NumPy array, found an empty file; save or copy it again');
  }
  return inFile(file, ({ tensors, warnings }) => ({
    arrays: tensors.map(({ name, shape }) => ({ file, name, shape })),
    problems: warnings,
  }));
}

/** Reads an array. */
export function readArray({ file, name }: ArrayInFile): Promise<NumberArray> {
  return inFile(file, async opened => {
    const { shape, dtype, data, storedAs } = await opened.readTensor(name);
    const numbers = data instanceof BigInt64Array ? Float64Array.from(data, Number) : data;
    return { shape, dtype: storedAs ?? dtype, data: numbers };
  });
}
