/** Whether decoded data has room in memory: asked before anything is allocated. */
import { totalmem } from 'node:os';
import { DataError } from './data-error';

/** Of the memory that there is, what data may take. */
const SHARE = 0.6;

/**
 * Refuses data that has no room in memory.
 * @param what the data, in the plural: `60,000 images of 28×28`
 * @param advice what to do about it
 * @throws DataError that names the file or folder
 */
export function checkMemory(file: string, what: string, bytes: number, advice: string): void {
  const most = totalmem() * SHARE;
  if (bytes <= most) return;
  const gigabytes = (amount: number) => `${(amount / 1e9).toFixed(1)} GB`;
  throw new DataError(
    file,
    `${what} need ${gigabytes(bytes)} of memory, of which ${gigabytes(most)} can be used; ${advice}`,
  );
}
