/** Whether decoded data has room in memory: asked before anything is allocated. */
import { totalmem } from 'node:os';
import { DataError } from './data-error';

/** Of the memory that there is, what data may take. */
const SHARE = 0.6;

/** Bytes that decoded data may take: a share of the memory that this process can have, or `DESCENT_MEMORY` megabytes. */
export function memoryForData(): number {
  const asked = Number(process.env['DESCENT_MEMORY']);
  if (asked > 0) return asked * 1e6;
  // In a container it is less than the machine has.
  const limit = process.constrainedMemory?.() ?? 0;
  return Math.min(totalmem(), limit > 0 ? limit : Number.POSITIVE_INFINITY) * SHARE;
}

/** That data has no room in memory. */
export function noRoom(file: string, what: string, bytes: number, advice: string): DataError {
  const shown = (amount: number) =>
    amount < 1e9 ? `${(amount / 1e6).toFixed(1)} MB` : `${(amount / 1e9).toFixed(1)} GB`;
  return new DataError(
    file,
    `${what} need ${shown(bytes)} of memory, of which ${shown(memoryForData())} can be used; ${advice}`,
  );
}

/**
 * Refuses data that has no room in memory.
 * @param what the data, in the plural: `60,000 images of 28×28`
 * @param advice what to do about it
 * @throws DataError that names the file or folder
 */
export function checkMemory(file: string, what: string, bytes: number, advice: string): void {
  if (bytes > memoryForData()) throw noRoom(file, what, bytes, advice);
}
