/** The generated digits: always the same for a seed, and digits indeed. */
import { describe, expect, it } from 'vitest';
import { generateDigits } from '../../src/data/digits';
import type { ImageSplit } from '../../src/data/image-data';

/** The label of the training image that is nearest, for each of the first `n` test images. */
function nearestNeighbours(train: ImageSplit, test: ImageSplit, n: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    let [best, found] = [Infinity, -1];
    for (let j = 0; j < train.length; j++) {
      let sum = 0;
      for (let p = 0; p < 784 && sum < best; p++) {
        sum += ((test.images[i * 784 + p] ?? 0) - (train.images[j * 784 + p] ?? 0)) ** 2;
      }
      if (sum < best) [best, found] = [sum, train.labels[j] ?? -1];
    }
    return found;
  });
}

/** For each image the middle of its ink, its mean, and the ink on its border. */
function ink(split: ImageSplit) {
  return Array.from({ length: split.length }, (_, i) => {
    let [x, y, total, border] = [0, 0, 0, 0];
    for (let p = 0; p < 784; p++) {
      const value = split.images[i * 784 + p] ?? 0;
      const [column, row] = [p % 28, Math.floor(p / 28)];
      x += column * value;
      y += row * value;
      total += value;
      if (Math.min(column, row, 27 - column, 27 - row) === 0) border += value;
    }
    return { x: x / total, y: y / total, mean: total / 784, border };
  });
}

describe('generateDigits', () => {
  const digits = generateDigits({ train: 2000, test: 200 });
  const test = digits.test ?? digits.train;

  it('has the shape that was asked for, and as many of each digit', () => {
    expect(digits.train.images.length).toBe(2000 * 784);
    expect(digits.train.shape).toEqual([28, 28]);
    expect(digits.classes).toEqual([...'0123456789']);
    const counts = Array<number>(10).fill(0);
    for (const label of digits.train.labels) counts[label] = (counts[label] ?? 0) + 1;
    expect(counts).toEqual(Array<number>(10).fill(200));
  });

  it('makes 12,000 and 2,000 unless told, and always these', () => {
    const all = generateDigits();
    expect([all.train.length, all.test?.length]).toEqual([12_000, 2_000]);
    // When this changes, the cache's VERSION has to be raised.
    expect(all.fingerprint).toBe('c5f9dfaf1be30a62757377c02c8c09c35d583eabc689e58d2e698abe58ea2283');
  });

  it('gives the same bytes for the same seed, and others for another', () => {
    const again = generateDigits({ seed: 0, train: 2000, test: 200 });
    expect(again.fingerprint).toBe(digits.fingerprint);
    expect(Buffer.compare(again.train.images, digits.train.images)).toBe(0);
    const other = generateDigits({ seed: 1, train: 2000, test: 200 });
    expect(Buffer.compare(other.train.images, digits.train.images)).not.toBe(0);
    expect(Buffer.compare(other.test?.images ?? Buffer.of(), test.images)).not.toBe(0);
  });

  it('has the same test images whatever the number of training images, and none in both', () => {
    const fewer = generateDigits({ train: 100, test: 200 });
    expect(Buffer.compare(fewer.test?.images ?? Buffer.of(), test.images)).toBe(0);
    const image = (split: ImageSplit, i: number) =>
      Buffer.from(split.images.subarray(i * 784, (i + 1) * 784)).toString('latin1');
    const trained = new Set(Array.from({ length: 2000 }, (_, i) => image(digits.train, i)));
    expect(trained.size).toBe(2000);
    expect(Array.from({ length: 200 }, (_, i) => trained.has(image(test, i)))).not.toContain(true);
    expect(generateDigits({ train: 10, test: 0 }).test).toBeUndefined();
  });

  it('is centred, white on black, as MNIST is', () => {
    const images = ink(digits.train);
    for (const { x, y, mean } of images) {
      expect(Math.abs(x - 14)).toBeLessThan(2.5);
      expect(Math.abs(y - 14)).toBeLessThan(2.5);
      expect(mean).toBeGreaterThan(5);
      expect(mean).toBeLessThan(100);
    }
    const mean = images.reduce((sum, image) => sum + image.mean, 0) / images.length / 255;
    // MNIST's is 0.1307.
    expect(mean).toBeGreaterThan(0.11);
    expect(mean).toBeLessThan(0.15);
    expect(images.filter(({ border }) => border > 0).length / images.length).toBeLessThan(0.05);
  });

  it('can be recognised, but not without a mistake', () => {
    const found = nearestNeighbours(digits.train, test, 200);
    const right = found.filter((label, i) => label === test.labels[i]).length / 200;
    expect(right).toBeGreaterThan(0.9);
    expect(right).toBeLessThan(1);
  });
});
