/** A sub-folder of images for each class: found by looking, decoded in threads, trained as it comes. */
import { Buffer } from 'node:buffer';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/data/find';
import { folderWith } from './helpers';
import { grey, rgb, whole } from './support';

beforeEach(() => {
  vi.stubEnv('DESCENT_CACHE', folderWith());
});

describe('class folders', () => {
  it('take classes and their order from the folders, and labels from where an image lies', async () => {
    const folder = folderWith({
      'b/1.png': grey(1),
      'a/2.png': grey(2),
      'a/10.png': grey(3),
      'c/x/y.png': grey(4),
    });
    const data = await whole(folder);
    expect(data.reading).toBe('images in 3 class folders');
    expect(data.classes).toEqual(['a', 'b', 'c']);
    expect([...data.train.labels]).toEqual([0, 0, 1, 2]);
    expect(data.train.shape).toEqual([3, 4]);
    expect([0, 12, 24, 36].map(i => data.train.images[i])).toEqual([3, 2, 1, 4]);
  });

  it('have parts for training, validation and test', async () => {
    const folder = folderWith({
      'train/a/1.png': grey(1),
      'train/b/1.png': grey(2),
      'valid/a/1.png': grey(3),
      'test/b/1.png': grey(4),
    });
    const data = await whole(folder);
    expect(data.reading).toBe('images in 2 class folders under train/, valid/, test/');
    expect([...data.train.labels]).toEqual([0, 1]);
    expect([data.validation?.images[0], ...(data.validation?.labels ?? [])]).toEqual([3, 0]);
    expect([data.test?.images[0], ...(data.test?.labels ?? [])]).toEqual([4, 1]);
  });

  it('give channels first where images are coloured, and one size where they differ', async () => {
    const folder = folderWith({ 'a/1.png': rgb([10, 20, 30], 9, 6), 'b/1.png': rgb([1, 2, 3], 5, 5) });
    const data = await whole(folder);
    expect(data.train.shape).toEqual([3, 6, 6]);
    expect([...data.train.images.subarray(0, 108)]).toEqual([
      ...Array<number>(36).fill(10),
      ...Array<number>(36).fill(20),
      ...Array<number>(36).fill(30),
    ]);
    expect(data.notes).toEqual([
      'of a, b there is a single image',
      'images of several sizes are resized to 6×6',
    ]);
  });

  it('give the same from the cache, and decode what has changed again', async () => {
    const folder = folderWith({ 'a/1.png': grey(1), 'b/1.png': grey(2) });
    const first = await whole(folder);
    const again = await openDataset(folder);
    expect(again.train.pending).toBeUndefined();
    expect(again.fingerprint).toBe(await first.fingerprint);
    expect(again.train.images).toEqual(first.train.images);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path.join(folder, 'b/1.png'), grey(200));
    const changed = await whole(folder);
    expect(changed.train.images[12]).toBe(200);
    expect(await changed.fingerprint).not.toBe(again.fingerprint);
  });

  it('end with the name of an unreadable file, or leave it out and say so', async () => {
    const bad = Buffer.from(grey(3).subarray(0, 50));
    const folder = folderWith({ 'a/1.png': grey(1), 'a/2.png': bad, 'a/3.png': '', 'b/1.png': grey(2) });
    const data = await openDataset(folder);
    await expect(data.train.pending?.all()).rejects.toThrow(
      `${path.join(folder, 'a', '2.png')}: truncated: the file ends before the image does; repair or remove`,
    );
    const skipping = await whole(folder, { onBadFile: 'skip' });
    expect([...skipping.train.labels]).toEqual([0, 1]);
    expect([skipping.train.images[0], skipping.train.images[12]]).toEqual([1, 2]);
    expect(skipping.skipped?.map(({ file, reason }) => [path.basename(file), reason])).toEqual([
      ['2.png', 'truncated: the file ends before the image does'],
      ['3.png', 'the file is empty'],
    ]);
  });

  it('are not read to the end when nobody needs them any more', async () => {
    const files = Array.from({ length: 2000 }, (_, i) => [`${i % 2}/${i}.png`, grey(i % 256)] as const);
    const data = await openDataset(folderWith(Object.fromEntries(files)));
    data.train.pending?.abandon();
    await expect(data.train.pending?.all()).rejects.toThrow('the reading of images was stopped');
    await expect(data.fingerprint).rejects.toThrow('the reading of images was stopped');
  });
});
