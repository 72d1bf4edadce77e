/** Errors of transforms. */
import { DataError } from '../data-error';

/** What is wrong with a transform that somebody wrote down; its message is one line. */
export class TransformError extends Error {
  override readonly name = 'TransformError';
}

/** What is wrong with transforms becomes an error of the data that they are for. */
export function naming<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof TransformError) throw new DataError(file, error.message, { cause: error });
    throw error;
  }
}
