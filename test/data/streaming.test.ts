/** Images that have no room in memory all at once: they are decoded while they are needed. */
import path from 'node:path';
import { encode } from 'fast-png';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/data/find';
import { numbersOf } from '../../src/data/image-data';
import { ImageThreads } from '../../src/data/images/threads';
import { ImageStream } from '../../src/data/loading/image-stream';
import { Generator } from '../../src/engine';
import {
  afterEpoch,
  checkpointOf,
  lossesOf,
  resumeRun,
  smallConfig,
  temporaryFolder,
  trainRun,
} from '../training/support';
import { folderWith } from './helpers';

const SIDE = 8;
const COUNT = 2600;

/** A PNG whose pixels tell its number. */
function picture(number: number): Uint8Array {
  const data = Uint8Array.from(
    { length: SIDE * SIDE },
    (_, i) => (number * 7 + i * (1 + (number % 5))) % 256,
  );
  return encode({ width: SIDE, height: SIDE, channels: 1, depth: 8, data });
}

const folder = (bad?: string) =>
  folderWith({
    ...Object.fromEntries(
      Array.from({ length: COUNT }, (_, i) => [`${i % 2}/${String(i).padStart(4, '0')}.png`, picture(i)]),
    ),
    ...(bad !== undefined && { [bad]: 'no image' }),
  });

/** Room for a buffer of 1,250 images, of 2,600. */
const memory = '0.16';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a stream', () => {
  const threads = new ImageThreads(2);
  afterAll(() => threads.close());

  it('gives every image of an order, however small its buffer is', async () => {
    const place = folder();
    const files = Array.from({ length: COUNT }, (_, i) =>
      path.join(place, `${i % 2}/${String(i).padStart(4, '0')}.png`),
    );
    const form = { size: { width: SIDE, height: SIDE }, channels: 1 } as const;
    const tooLarge = () => new Error('too large');
    const stream = new ImageStream({ files, form, capacity: 100, tooLarge }, threads);
    expect(stream.bytes).toBe(6400);
    const generator = new Generator(1);
    for (let epoch = 0; epoch < 2; epoch++) {
      const order = generator.permutation(COUNT);
      stream.expect(order);
      for (let at = 0; at < COUNT; ) {
        await stream.need(order.subarray(at, at + 16));
        const ready = Math.min(COUNT - at, stream.ready(order.subarray(at)));
        expect(ready).toBeGreaterThanOrEqual(Math.min(16, COUNT - at));
        // Others may be waited for meanwhile, and what is ready stays.
        await new Promise(resolve => setImmediate(resolve));
        for (const row of order.subarray(at, at + ready)) {
          const first = [row * 7, row * 7 + 1 + (row % 5)].map(value => value % 256);
          expect([...stream.sample(row).subarray(0, 2)]).toEqual(first);
        }
        at += ready;
      }
      // Rows out of the order, as for validation.
      const others = Int32Array.from({ length: 90 }, (_, i) => (i * 29) % COUNT);
      await stream.need(others);
      for (const row of others) expect(stream.sample(row)[0]).toBe((row * 7) % 256);
    }
    await expect(stream.need(new Int32Array(101).map((_, i) => i))).rejects.toThrow('too large');
  });
});

describe('a data set without room in memory', () => {
  it('is trained on as if it had it, and resumed', async () => {
    const dataset = folder();
    const config = smallConfig({
      dataset,
      batchSize: 50,
      epochs: 2,
      data: { transforms: ['RandomHorizontalFlip()'] },
    });
    vi.stubEnv('DESCENT_CACHE', temporaryFolder());
    const whole = await trainRun(temporaryFolder(), config);
    vi.stubEnv('DESCENT_MEMORY', memory);
    const streamed = await trainRun(temporaryFolder(), config);
    expect(lossesOf(streamed.run)).toEqual(lossesOf(whole.run));
    expect(checkpointOf(streamed.run, 'best').equals(checkpointOf(whole.run, 'best'))).toBe(true);
    const stopped = await trainRun(temporaryFolder(), config, afterEpoch(1));
    await resumeRun(stopped.run);
    expect(lossesOf(stopped.run)).toEqual(lossesOf(whole.run));
  });

  it('says what cannot be done with it', async () => {
    vi.stubEnv('DESCENT_MEMORY', memory);
    const place = folder('0/bad.png');
    const data = await openDataset(place);
    expect(data.notes).toContain('2,601 images have no room in memory and are decoded anew in every epoch');
    expect(numbersOf(data.train, 5)).toEqual(new Uint8Array(64));
    const rows = Int32Array.from({ length: 1200 }, (_, i) => 200 + i);
    await expect(data.train.pending?.need(rows)).rejects.toThrow('0/bad.png: is no image');
    data.train.pending?.abandon();
    await expect(openDataset(place, { transforms: ['Normalize()'] })).rejects.toThrow(
      'give its mean and std',
    );
    const skipping = await openDataset(place, { onBadFile: 'skip' });
    expect([skipping.train.length, skipping.skipped?.length]).toEqual([2600, 1]);
    await expect(skipping.train.pending?.all()).rejects.toThrow(
      '2,601 images of 8×8 need 0.2 MB of memory, of which 0.2 MB can be used; choose a smaller --image-size',
    );
    skipping.train.pending?.abandon();
    vi.stubEnv('DESCENT_MEMORY', '0.01');
    await expect(openDataset(place)).rejects.toThrow('choose a smaller --image-size');
  });
});
