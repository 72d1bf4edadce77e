/** How steps wait for samples that are still being read. */
import { expect, it } from 'vitest';
import type { PendingRows } from '../../src/data/image-data';
import { defaultGenerator } from '../../src/engine';
import { BatchOrder } from '../../src/training/batch-order';
import { readAhead } from '../../src/training/reading';

/** An epoch of 1,000 samples that has begun. */
function epoch(): BatchOrder {
  const order = new BatchOrder(
    Int32Array.from({ length: 1000 }, (_, i) => i),
    defaultGenerator,
  );
  order.startEpoch();
  return order;
}

/** Samples of which so many are there, each time that somebody looks. */
function reading(counts: readonly number[], room = 1000): PendingRows & { readonly looks: number } {
  let looks = 0;
  return {
    get looks() {
      return looks;
    },
    room,
    expect: () => undefined,
    need: async () => undefined,
    ready: () => counts[Math.min(looks++, counts.length - 1)] ?? 0,
    all: async () => undefined,
    abandon: () => undefined,
  };
}

it.each([
  ['goes on with a batch where no more are wanted', [64, 200], 1000, 1, 64],
  ['waits while more come quickly, until there are enough', [64, 200, 400, 700, 900], 1000, 10, 700],
  ['goes on where no more come meanwhile', [64, 64, 1000], 1000, 10, 64],
  ['waits for no more than have room', [64, 200, 1000], 200, 10, 200],
  ['does not wait long', [64, 65, 66, 67, 68, 69, 70], 1000, 10, 69],
] as const)('a run %s', async (_, counts, room, steps, expected) => {
  expect(await readAhead(reading(counts, room), epoch(), 64, steps)).toBe(expected);
});
