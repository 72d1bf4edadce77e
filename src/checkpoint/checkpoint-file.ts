/** An open checkpoint of any format. */
import type { CheckpointContent, CheckpointTensor } from '../protocol/checkpoint';
import { CheckpointError, quote } from './errors';
import type { ByteSource } from './source/byte-source';
import { type StoredTensor, safeCount } from './stored';

/** What the reader of a format knows of a file. */
export interface OpenedContent extends Omit<CheckpointContent, 'size' | 'parameters'> {
  /** The elements of a tensor, which is one of `tensors`. */
  elements(tensor: CheckpointTensor): StoredTensor;
  /** A text, which is one of `texts`. */
  text?(name: string): string;
}

/**
 * A checkpoint whose tensors stay in the file until they are asked for. Reading waits for the disk and for the
 * processor: do it in a process or thread that nobody waits for.
 */
export interface CheckpointFile extends CheckpointContent {
  /** The name that the file was opened under. */
  readonly name: string;
  /**
   * The elements of a tensor in row-major order, read from the file at every call, and nothing else of it. Types that
   * the engine lacks are widened without loss (`storedAs` has their name); complex numbers get a last dimension of 2.
   *
   * @param name the name of a tensor in `tensors`
   * @throws CheckpointError where it is not there or cannot be read
   */
  readTensor(name: string): Promise<StoredTensor>;
  /** One of `texts`. */
  readText(name: string): Promise<string>;
  /** Closes the file; its tensors can no longer be read. */
  close(): void;
}

/** Names of buffers that PyTorch's normalisation layers have: no other module calls a parameter so. */
const bufferNames = /(^|[./])(running_mean|running_var|num_batches_tracked)$/;

/** The role of a tensor by its name, of which nothing else is known. */
export function roleOf(name: string): 'parameter' | 'buffer' {
  return bufferNames.test(name) ? 'buffer' : 'parameter';
}

/** A checkpoint out of what the reader of its format found. */
export function checkpointFile(source: ByteSource, content: OpenedContent): CheckpointFile {
  const { elements, text, ...described } = content;
  const byName = new Map(content.tensors.map(tensor => [tensor.name, tensor]));
  const inFile = <T>(body: () => T): T => {
    try {
      return body();
    } catch (error) {
      if (error instanceof CheckpointError) throw error.inFile(source.name);
      if (isOutOfMemory(error))
        throw new CheckpointError('needs more memory than there is', source.name, { cause: error });
      throw error;
    }
  };
  return {
    ...described,
    name: source.name,
    size: source.size,
    parameters: safeCount(
      content.tensors
        .filter(({ role }) => role === 'parameter')
        .reduce((sum, tensor) => sum + tensor.elements, 0),
    ),
    readTensor: async name =>
      inFile(() => {
        const tensor = byName.get(name);
        if (tensor === undefined) throw new CheckpointError(`has no tensor ${quote(name)}`);
        const { dtype, shape, data, storedAs } = elements(tensor);
        return { dtype, shape, data, ...(storedAs !== undefined && { storedAs }) };
      }),
    readText: async name =>
      inFile(() => {
        const found = content.texts?.some(entry => entry.name === name) ? text?.(name) : undefined;
        if (found === undefined) throw new CheckpointError(`has no text ${quote(name)}`);
        return found;
      }),
    close: () => source.close(),
  };
}

/** What allocating an array ends in where there is no room for it. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message);
}
