/** IDX files under names that nobody knows. */

import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { DataQuestion } from '../../src/data/data-question';
import { openDataset } from '../../src/data/find';
import { folderWith, images, labels } from './helpers';

it('are found by their content, plain or compressed, with or without a test part', async () => {
  const folder = folderWith({
    digits_train_x: images(3),
    digits_train_y: labels(0, 2, 1),
    'digits_test_x.gz': gzipSync(images(2)),
    'digits_test_y.gz': gzipSync(labels(1, 0)),
    readme: 'some text',
    'notes.txt': 'more',
  });
  const data = await openDataset(folder);
  expect(data.reading).toBe('IDX files (digits_train_x, digits_test_x.gz)');
  expect([...data.train.labels]).toEqual([0, 2, 1]);
  expect([...(data.test?.labels ?? [])]).toEqual([1, 0]);
  expect(data.classes).toEqual(['0', '1', '2']);
  const alone = await openDataset(folderWith({ pixels: images(2), classes: labels(1, 0) }));
  expect([...alone.train.labels]).toEqual([1, 0]);
});

it('belong together by their names where numbers do not tell', async () => {
  const folder = folderWith({
    'cats.img': images(2),
    'cats.lab': labels(0, 0),
    'dogs.img': images(2),
    'dogs.lab': labels(1, 1),
  });
  const error: unknown = await openDataset(folder).catch((failure: unknown) => failure);
  if (!(error instanceof DataQuestion)) throw new Error('expected a question');
  expect(error.choices.map(({ options }) => options)).toEqual([
    { format: 'idx', file: 'cats.img' },
    { format: 'idx', file: 'dogs.img' },
  ]);
  for (const { options } of error.choices) {
    const label = options.file === 'cats.img' ? 0 : 1;
    expect([...(await openDataset(folder, options)).train.labels]).toEqual([label, label]);
  }
  expect([...(await openDataset(path.join(folder, 'dogs.lab'))).train.labels]).toEqual([1, 1]);
});

it('are no data set without labels, or with labels of another number', async () => {
  await expect(openDataset(folderWith({ a: images(3), b: labels(1, 0) }))).rejects.toThrow(
    'no data set found',
  );
  await expect(openDataset(folderWith({ a: images(3) }))).rejects.toThrow('no data set found');
});
