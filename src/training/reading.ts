/**
 * Waiting for samples that are still being read. A step computes on all processors, and so do the threads that decode
 * images: taken batch by batch as they come, steps and decoding take the processors from each other again and again. So
 * steps wait until there are enough samples for many of them, as long as more come quickly.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PendingRows } from '../data/image-data';
import type { BatchOrder } from './batch-order';

/** Milliseconds between two looks at how many samples there are; reading in which none has come meanwhile is slow. */
const slice = 10;
/** So often is looked: whoever asks a run to pause does not want to wait. */
const looks = 5;

/**
 * Waits until the next batch is there and, unless reading is slow, what the next steps need.
 * @param steps for how many full batches samples are waited for; 1 to go on with the first
 * @returns how many samples of this epoch can be trained on without waiting
 */
export async function readAhead(
  pending: PendingRows,
  order: BatchOrder,
  size: number,
  steps: number,
): Promise<number> {
  await pending.need(order.upcoming(size));
  const upcoming = order.upcoming(order.left);
  const enough = Math.min(order.left, size * steps, pending.room);
  let ready = pending.ready(upcoming);
  for (let look = 0; look < looks && ready < enough; look++) {
    await sleep(slice);
    const more = pending.ready(upcoming);
    if (more === ready) break;
    ready = more;
  }
  return ready;
}
