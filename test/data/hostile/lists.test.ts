/** Lists of images with rows that do not fit, or that are none. */
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { folderWith } from '../helpers';
import { grey, whole } from '../support';

beforeEach(() => {
  vi.stubEnv('DESCENT_CACHE', folderWith());
});

describe('a list of images', () => {
  const images = { 'i/1.png': grey(1), 'i/2.png': grey(2), 'i/3.png': grey(3), 'i/4.png': grey(4) };
  it('names the line of an image that is not there, or leaves it out', async () => {
    const folder = folderWith({ ...images, 'labels.csv': 'name,kind\n1.png,x\n2.png,y\n5.png,x\n3.png,x\n' });
    await expect(whole(folder)).rejects.toThrow(
      'labels.csv: line 4: there is no image “5.png”; repair or remove the row',
    );
    const data = await whole(folder, { onBadFile: 'skip' });
    expect([...data.train.labels]).toEqual([0, 1, 0]);
    expect(data.skipped).toEqual([
      { file: path.join(folder, 'labels.csv'), reason: 'line 4: there is no image “5.png”' },
    ]);
  });

  it('tells of images with several labels', async () => {
    const folder = folderWith({ ...images, 'labels.csv': 'name,kind\n1.png,x\n2.png,y\n1.png,y\n2.png,y\n' });
    const data = await whole(folder);
    expect([data.train.length, data.notes]).toEqual([4, ['1 image listed with several labels (1.png)']]);
  });

  it('of bounding boxes is told apart', async () => {
    const csv =
      'filename,width,height,class,xmin,ymin,xmax,ymax\n1.png,4,3,raccoon,0,0,1,1\n2.png,4,3,raccoon,0,0,1,1\n';
    const folder = folderWith({ ...images, 'data/train_labels.csv': csv, 'data/test_labels.csv': csv });
    await expect(whole(folder)).rejects.toThrow(
      'no data set found: data/test_labels.csv, data/train_labels.csv with bounding boxes (xmin, ymin, xmax, ymax), not one label for each image',
    );
  });

  it('most of which are not here is told apart', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `${i}.png,${i % 2}\n`).join('');
    const folder = folderWith({ ...images, 'all.csv': `file,label\n${lines}` });
    await expect(whole(folder)).rejects.toThrow('all.csv lists images, most of which are not here');
  });
});

it('images that a list names outside of the folder are not read', async () => {
  const folder = folderWith({
    'x.png': grey(9),
    'data/1.png': grey(1),
    'data/lists/labels.csv': 'file,label\n../1.png,a\n../1.png,b\n',
    'inside/1.png': grey(1),
    'inside/labels.csv': 'file,label\n1.png,a\n1.png,b\n../x.png,a\n',
  });
  await expect(whole(path.join(folder, 'inside'))).rejects.toThrow(
    /labels\.csv: line 4: the image “\.\.\/x\.png” lies outside of the folder; put it into the folder; repair or remove the row/,
  );
  const without = await whole(path.join(folder, 'inside'), { onBadFile: 'skip' });
  expect([without.train.length, without.skipped?.length]).toEqual([2, 1]);
  // What lies in the folder may be named from a folder in it.
  expect((await whole(path.join(folder, 'data'))).train.length).toBe(2);
});
