/** Folders that others made, each recognised without a question; and one that holds no labels. */
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { folderWith, realData } from './helpers';
import { whole } from './support';

beforeEach(() => {
  vi.stubEnv('DESCENT_CACHE', folderWith());
});

describe('real folders', () => {
  const digits = realData('images/mnist-pngs');
  it.skipIf(digits === undefined)(
    'of PNG files in class folders, and the same by CSV, are the same images',
    async () => {
      const folders = await whole(digits ?? '');
      expect(folders.reading).toBe('images in 10 class folders under train/, test/');
      expect([folders.train.length, folders.test?.length]).toEqual([500, 100]);
      const listed = await whole(digits ?? '', { format: 'annotations' });
      expect(listed.reading).toBe('images with labels in train.csv, test.csv');
      expect(listed.classes).toEqual(folders.classes);
      const sums = ({ images, labels }: typeof folders.train) => {
        const all = Array.from(
          labels,
          (label, row) => `${label} ${images.subarray(row * 784, (row + 1) * 784).join()}`,
        );
        return all.sort();
      };
      expect(sums(listed.train)).toEqual(sums(folders.train));
    },
  );

  const table = realData('csv');
  it.skipIf(table === undefined)('of CSV without a header are read as images', async () => {
    const data = await whole(table ?? '');
    expect(data.reading).toBe('rows of 28×28 pixels and a label in mnist_train_100.csv, mnist_test_10.csv');
    expect([data.train.length, data.test?.length, data.classes.length]).toEqual([100, 10, 10]);
    expect([...data.train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
  });

  const photos = realData('images/annotated-photos');
  it.skipIf(photos === undefined)('of photos with bounding boxes are told apart', async () => {
    await expect(whole(photos ?? '')).rejects.toThrow(
      `${path.join(photos ?? '')}: no data set found: data/raccoon_labels.csv, data/test_labels.csv, data/train_labels.csv with bounding boxes (xmin, ymin, xmax, ymax), not one label for each image`,
    );
  });

  const arrays = realData('npy');
  it.skipIf(arrays === undefined)('of arrays that are no data set say which arrays there are', async () => {
    await expect(whole(arrays ?? '')).rejects.toThrow(
      'test.npz: expected arrays such as x_train and y_train, found test.npz: x 10, test.npz: x_plus_one 10',
    );
  });
});
