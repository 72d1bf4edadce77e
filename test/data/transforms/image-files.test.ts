/** Transforms of image files: what stands before the first random one is done while they are decoded. */
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { readTransforms } from '../../../src/data/transforms/catalogue';
import type { Planes } from '../../../src/data/transforms/transform';
import { Generator } from '../../../src/engine';
import { folderWith } from '../helpers';
import { grey, whole } from '../support';

/** A grey PNG of a slope. */
function slope(width: number, height: number): Uint8Array {
  const data = Uint8Array.from(
    { length: width * height },
    (_, i) => (i % width) * 3 + Math.floor(i / width) * 5,
  );
  return encode({ width, height, channels: 1, depth: 8, data });
}

function applied(text: string, image: Planes): Planes {
  return readTransforms(text).reduce((changed, transform) => {
    if (transform.kind !== 'pixels') throw new Error('expected a transform of pixels');
    return transform.apply(changed, new Generator());
  }, image);
}

describe('images of several sizes', () => {
  const files = { 'a/1.png': slope(20, 30), 'a/2.png': slope(40, 16), 'b/1.png': slope(12, 12) };

  it('go through transforms in their own size', async () => {
    const text = 'Resize(10), CenterCrop(8)';
    const data = await whole(folderWith(files), { transforms: [text] });
    expect(data.train.shape).toEqual([8, 8]);
    [
      [20, 30],
      [40, 16],
      [12, 12],
    ].forEach(([width = 1, height = 1], i) => {
      const pixels = Uint8Array.from(
        { length: width * height },
        (_, k) => (k % width) * 3 + Math.floor(k / width) * 5,
      );
      const expected = applied(text, { channels: 1, width, height, data: pixels });
      expect(data.train.images.subarray(64 * i, 64 * (i + 1))).toEqual(expected.data);
    });
    expect(data.notes).toEqual(['of b there is a single image', `transforms: ${text}`]);
  });

  it('are resized if they still have several sizes then, and first if a size was asked for', async () => {
    const folder = folderWith(files);
    const several = await whole(folder, { transforms: ['Resize(10)'] });
    expect(several.train.shape).toEqual([10, 10]);
    expect(several.notes).toContain('images of several sizes are resized to 10×10');
    const first = await whole(folder, { imageSize: 16, transforms: ['Pad(1)', 'RandomCrop(12)'] });
    expect(first.train.shape).toEqual([18, 18]);
    expect(first.transforms?.shape).toEqual([12, 12]);
  });

  it('say which file a transform does not fit', async () => {
    const folder = folderWith({
      'a/1.png': grey(3, 4, 4),
      'b/1.png': grey(5, 9, 9),
      'b/2.png': grey(5, 9, 9),
    });
    const reading = whole(folder, { transforms: ["Pad(6, padding_mode='reflect')"] });
    await expect(reading).rejects.toThrow('Pad: expected a padding that is smaller than the image');
  });
});

it('a large size that was asked for stays', async () => {
  const folder = folderWith({ 'a/1.png': grey(3, 30, 20), 'b/1.png': grey(5, 20, 20) });
  expect((await whole(folder, { transforms: ['Resize((300, 200))'] })).train.shape).toEqual([300, 200]);
});

it('images in colour become grey, and grey ones are given three channels', async () => {
  const folder = folderWith({ 'a/1.png': grey(3, 5, 5), 'b/1.png': grey(9, 5, 5) });
  const three = await whole(folder, { transforms: ['Grayscale(3)'] });
  expect(three.train.shape).toEqual([3, 5, 5]);
  expect((await whole(folder, { colour: 'rgb', transforms: ['Grayscale()'] })).train.shape).toEqual([5, 5]);
});
