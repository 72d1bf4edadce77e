/** Arrays that are no labels, and those that are in another form. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { folderWith } from '../helpers';
import { grey, npy, whole } from '../support';

beforeEach(() => {
  vi.stubEnv('DESCENT_CACHE', folderWith());
});

describe('labels.npy', () => {
  const images = { '0.png': grey(0), '1.png': grey(1), '2.png': grey(2) };
  it.each<[string, Uint8Array, string]>([
    [
      'of another length',
      npy('<i8', [2], BigInt64Array.of(0n, 1n)),
      'labels.npy: expected 3 labels, one for each image, found 2',
    ],
    [
      'of fractions',
      npy('<f8', [3], Float64Array.of(0, 0.5, 1)),
      'labels.npy: expected whole numbers from 0 as labels, found 0.5 at index 1',
    ],
    ['of objects', npy('|O', [3], new Uint8Array(24)), 'is an array of Python objects'],
    [
      'that is not one-hot',
      npy('|u1', [3, 2], Uint8Array.of(1, 0, 1, 1, 0, 1)),
      'labels.npy: expected a single 1 in each row of one-hot labels, found otherwise in row 1',
    ],
    [
      'of complex numbers',
      npy('<c8', [3], Float32Array.of(0, 0, 1, 0, 1, 0)),
      'labels.npy: expected whole numbers from 0 as labels, found complex numbers',
    ],
    [
      'of numbers far too large for classes',
      npy('<i4', [3], Int32Array.of(0, 500_000, 1)),
      'labels.npy: expected class numbers from 0 on, found 500000 among 3 labels',
    ],
    [
      'of text',
      npy('<U1', [3], new Uint8Array(12)),
      'is an array of text, not of numbers; save numbers instead',
    ],
    ['that is empty', new Uint8Array(0), 'labels.npy: expected a NumPy array, found an empty file'],
    ['of negative numbers', npy('<i4', [3], Int32Array.of(0, -1, 1)), 'found -1 at index 1'],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(whole(folderWith({ ...images, 'labels.npy': bytes }))).rejects.toThrow(message);
  });

  it('of floats that are whole numbers, and one-hot labels, are taken', async () => {
    const data = await whole(
      folderWith({ ...images, 'labels.npy': npy('<f4', [3], Float32Array.of(0, 2, 1)) }),
    );
    expect([...data.train.labels]).toEqual([0, 2, 1]);
    const hot = await whole(
      folderWith({ ...images, 'labels.npy': npy('|u1', [3, 2], Uint8Array.of(1, 0, 0, 1, 1, 0)) }),
    );
    expect([...hot.train.labels]).toEqual([0, 1, 0]);
  });

  it('says how many labels have no image', async () => {
    const { '1.png': _, ...others } = images;
    const data = await whole(
      folderWith({ ...others, 'labels.npy': npy('|u1', [3], Uint8Array.of(1, 0, 0)) }),
    );
    expect([[...data.train.labels], data.notes]).toEqual([[1, 0], ['1 label without an image left out']]);
  });
});
