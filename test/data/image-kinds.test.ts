/** Images of every kind, against the pixels that PIL gives for the same files (`test/golden/make_images.py`). */
import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { Channels } from '../../src/data/images/picture';
import { ImageThreads } from '../../src/data/images/threads';
import golden from '../golden/images.json';
import { folderWith } from './helpers';

const threads = new ImageThreads(1);
afterAll(() => threads.close());

/** The pixels of an image as PIL lays them out: the channels of a pixel side by side. */
async function decode(
  name: string,
  bytes: string,
  [width, height]: readonly [number, number],
  channels: Channels,
) {
  const folder = folderWith({ [name]: Buffer.from(bytes, 'base64') });
  const size = { width, height };
  const { pixels, bad } = await threads.ask({ kind: 'decode', files: [`${folder}/${name}`], size, channels });
  expect(bad).toEqual([]);
  const area = width * height;
  return Uint8Array.from(pixels, (_, i) => pixels[(i % channels) * area + Math.floor(i / channels)] ?? 0);
}

const digest = (pixels: Uint8Array) => createHash('sha256').update(pixels).digest('hex').slice(0, 16);

describe.each(golden)('$name', ({ name, bytes, ...forms }) => {
  it.each([
    ['grey', 1],
    ['rgb', 3],
  ] as const)('has the pixels that PIL reads in %s', async (form, channels) => {
    expect(digest(await decode(name, bytes, [13, 9], channels))).toBe(forms[form]);
  });

  it('is resized as PIL and torchvision do, smaller and larger', async () => {
    expect(digest(await decode(name, bytes, [5, 4], 3))).toBe(forms['rgb-5x4']);
    expect(digest(await decode(name, bytes, [20, 21], 3))).toBe(forms['rgb-20x21']);
    expect(digest(await decode(name, bytes, [5, 4], 1))).toBe(forms['grey-5x4']);
  });
});
