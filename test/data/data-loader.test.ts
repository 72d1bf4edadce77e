/** The DataLoader over both kinds of data sets: batches, orders, reading ahead, and what it refuses. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { asList, DataLoader } from '../../src/data/data-loader';
import type { Dataset } from '../../src/data/dataset';
import { BatchSampler, SequentialSampler, SubsetRandomSampler } from '../../src/data/sampler';
import { Generator } from '../../src/engine/random/generator';

const collate = asList<number>;
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

/** A data set whose sample at i is i. */
function numbers(length: number): Dataset<number> {
  return { length, get: index => index };
}

async function all<B>(batches: AsyncIterable<B>): Promise<B[]> {
  const list: B[] = [];
  for await (const batch of batches) list.push(batch);
  return list;
}

/** A stream of 0 … n − 1 that tells how far it was read and whether it was closed. */
function stream(n: number) {
  const seen = { read: 0, closed: false };
  async function* read() {
    try {
      for (; seen.read < n; ) yield seen.read++;
    } finally {
      seen.closed = true;
    }
  }
  return { seen, dataset: { [Symbol.asyncIterator]: read } };
}

describe('DataLoader over a map-style data set', () => {
  it('gives the samples in order, the last batch shorter or dropped', async () => {
    const loader = new DataLoader(numbers(7), { batchSize: 3, collate });
    expect(await all(loader)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(loader.length).toBe(3);
    const whole = new DataLoader(numbers(7), { batchSize: 3, dropLast: true, collate });
    expect(await all(whole)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(whole.length).toBe(2);
    expect(await all(new DataLoader(numbers(2), { collate }))).toEqual([[0], [1]]);
    expect(await all(new DataLoader(numbers(0), { collate }))).toEqual([]);
  });

  it('shuffles anew each epoch, every sample once, as the generator decides', async () => {
    const epochs = async (seed: number) => {
      const generator = new Generator(seed);
      const loader = new DataLoader(numbers(40), { batchSize: 7, shuffle: true, generator, collate });
      return [(await all(loader)).flat(), (await all(loader)).flat()];
    };
    const [first = [], second = []] = await epochs(1);
    expect(first.toSorted((a, b) => a - b)).toEqual(upTo(40));
    expect(second.toSorted((a, b) => a - b)).toEqual(upTo(40));
    expect(first).not.toEqual(second);
    expect(await epochs(1)).toEqual([first, second]);
    expect((await epochs(2))[0]).not.toEqual(first);
  });

  it('takes a sampler or a batch sampler', async () => {
    const sampler = new SubsetRandomSampler([5, 6, 7], new Generator(1));
    const loader = new DataLoader(numbers(9), { sampler, batchSize: 2, collate });
    expect((await all(loader)).flat().toSorted()).toEqual([5, 6, 7]);
    expect(loader.length).toBe(2);
    const batchSampler = new BatchSampler(new SequentialSampler({ length: 4 }), 3, false);
    expect(await all(new DataLoader(numbers(9), { batchSampler, collate }))).toEqual([[0, 1, 2], [3]]);
  });

  it('makes the batches by its collate, at once or later', async () => {
    const sum = (samples: readonly number[]) => samples.reduce((a, b) => a + b, 0);
    expect(await all(new DataLoader(numbers(5), { batchSize: 2, collate: sum }))).toEqual([1, 5, 4]);
    const later = async (samples: readonly number[]) => {
      await sleep(1);
      return sum(samples);
    };
    expect(await all(new DataLoader(numbers(5), { batchSize: 2, collate: later }))).toEqual([1, 5, 4]);
  });

  it('shows one batch without disturbing the run', async () => {
    const generator = new Generator(3);
    const loader = new DataLoader(numbers(40), { batchSize: 7, shuffle: true, generator, collate });
    const before = generator.getState();
    const shown = await loader.firstBatch();
    expect(await loader.firstBatch()).toEqual(shown);
    expect(generator.getState()).toEqual(before);
    expect((await all(loader))[0]).toEqual(shown);
    const empty = new DataLoader(numbers(2), { batchSize: 3, dropLast: true, collate });
    await expect(empty.firstBatch()).rejects.toThrow('the dataset is too small to make a batch');
  });
});

describe('prefetch', () => {
  /** A data set that is slow where it is told, and counts what was begun. */
  function slow(length: number, delay: (index: number) => number) {
    const begun: number[] = [];
    const get = async (index: number) => {
      begun.push(index);
      await sleep(delay(index));
      return index;
    };
    return { begun, dataset: { length, get } };
  }

  it.each([0, 1, 3, 100])(
    'keeps the order with %i batches ahead, however long each takes',
    async prefetch => {
      const { dataset } = slow(12, index => (index % 3 === 0 ? 8 : 0));
      const loader = new DataLoader(dataset, { batchSize: 2, prefetch, collate });
      expect((await all(loader)).flat()).toEqual(upTo(12));
    },
  );

  it.each([
    [0, 2],
    [1, 4],
    [3, 8],
  ])('has begun just as many batches as told: %i', async (prefetch, expected) => {
    const { begun, dataset } = slow(100, () => 0);
    for await (const _ of new DataLoader(dataset, { batchSize: 2, prefetch, collate })) {
      await sleep(5);
      break;
    }
    expect(begun).toEqual(upTo(expected));
  });

  it('reads while the reader works', async () => {
    const run = async (prefetch: number) => {
      const { dataset } = slow(8, () => 20);
      const start = performance.now();
      for await (const _ of new DataLoader(dataset, { prefetch, collate })) await sleep(20);
      return performance.now() - start;
    };
    // 8 × (20 + 20) ms one after the other, about 20 + 8 × 20 ms at the same time.
    expect(await run(2)).toBeLessThan(0.8 * (await run(0)));
  });

  it('throws an error when its batch has come, and leaves no rejection unhandled', async () => {
    const failing: Dataset<number> = {
      length: 6,
      get: async index => {
        if (index >= 2) throw new Error(`sample ${index} is broken`);
        return index;
      },
    };
    const seen: unknown[] = [];
    const read = async () => {
      for await (const batch of new DataLoader(failing, { prefetch: 5, collate })) {
        seen.push(batch);
        await sleep(2);
      }
    };
    await expect(read()).rejects.toThrow('sample 2 is broken');
    expect(seen).toEqual([[0], [1]]);
    const sync: Dataset<number> = {
      length: 1,
      get: () => {
        throw new Error('broken at once');
      },
    };
    await expect(all(new DataLoader(sync, { collate }))).rejects.toThrow('broken at once');
  });

  it('reads a stream ahead, in order, and no further', async () => {
    const { seen, dataset } = stream(100);
    for await (const batch of new DataLoader(dataset, { batchSize: 2, prefetch: 2, collate })) {
      await sleep(5);
      expect(batch).toEqual([0, 1]);
      expect(seen.read).toBe(6);
      break;
    }
    const again = new DataLoader(stream(9).dataset, { batchSize: 2, prefetch: 3, collate });
    expect((await all(again)).flat()).toEqual(upTo(9));
  });
});

describe('DataLoader over an iterable-style data set', () => {
  it('gives batches of a stream, sync or async', async () => {
    const sync = {
      *[Symbol.iterator]() {
        yield* upTo(5);
      },
    };
    expect(await all(new DataLoader(sync, { batchSize: 2, collate }))).toEqual([[0, 1], [2, 3], [4]]);
    expect(await all(new DataLoader(sync, { batchSize: 2, dropLast: true, collate }))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(await all(new DataLoader(stream(3).dataset, { batchSize: 2, collate }))).toEqual([[0, 1], [2]]);
  });

  it('begins the stream anew each epoch', async () => {
    const sync = {
      *[Symbol.iterator]() {
        yield* upTo(3);
      },
    };
    const loader = new DataLoader(sync, { batchSize: 2, collate });
    expect(await all(loader)).toEqual(await all(loader));
    expect(await loader.firstBatch()).toEqual([0, 1]);
  });

  it('closes a stream that is left early', async () => {
    for (const prefetch of [0, 3]) {
      const { seen, dataset } = stream(100);
      for await (const _ of new DataLoader(dataset, { prefetch, collate })) break;
      expect(seen.closed).toBe(true);
    }
    const { seen, dataset } = stream(100);
    await new DataLoader(dataset, { batchSize: 2, collate }).firstBatch();
    expect(seen).toEqual({ read: 2, closed: true });
  });

  it('knows its length when the stream does', () => {
    const sized = { length: 5, [Symbol.iterator]: () => upTo(5).values() };
    expect(new DataLoader(sized, { batchSize: 2, collate }).length).toBe(3);
    expect(new DataLoader(sized, { batchSize: 2, dropLast: true, collate }).length).toBe(2);
    const unsized = new DataLoader(stream(5).dataset, { collate });
    expect(() => unsized.length).toThrow(TypeError);
  });

  it('refuses an order that is not its own', () => {
    const { dataset } = stream(3);
    const sampler = new SequentialSampler({ length: 3 });
    const batchSampler = new BatchSampler(sampler, 2, false);
    const message = (option: string) =>
      `DataLoader with IterableDataset: expected unspecified ${option} option`;
    expect(() => new DataLoader(dataset, { shuffle: true, collate })).toThrow(message('shuffle'));
    expect(() => new DataLoader(dataset, { sampler, collate })).toThrow(message('sampler'));
    expect(() => new DataLoader(dataset, { batchSampler, collate })).toThrow(message('batchSampler'));
  });
});

describe('the options of DataLoader', () => {
  const sampler = new SequentialSampler({ length: 3 });
  const batchSampler = new BatchSampler(sampler, 2, false);

  it('exclude each other as in PyTorch', () => {
    expect(() => new DataLoader(numbers(3), { sampler, shuffle: true, collate })).toThrow(
      'sampler option is mutually exclusive with shuffle',
    );
    for (const other of [{ batchSize: 2 }, { shuffle: true }, { sampler }, { dropLast: true }]) {
      expect(() => new DataLoader(numbers(3), { batchSampler, ...other, collate })).toThrow(
        'batchSampler option is mutually exclusive with batchSize, shuffle, sampler, and dropLast',
      );
    }
  });

  it('are checked', () => {
    expect(() => new DataLoader(numbers(3), { batchSize: 0, collate })).toThrow(
      'batchSize should be a positive integer value, but got batchSize=0',
    );
    expect(() => new DataLoader(numbers(3), { prefetch: -1, collate })).toThrow(
      'prefetch option should be non-negative, but got prefetch=-1',
    );
    expect(() => new DataLoader(numbers(0), { shuffle: true, collate })).toThrow(
      'numSamples should be a positive integer value, but got numSamples=0',
    );
  });
});
