/** Folders of IDX files: where they are found, and every way in which they do not belong together. */
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { writeIdx } from '../../src/data/idx';
import { loadIdxFolder } from '../../src/data/idx-folder';
import { dataError, folderWith, images, labels } from './helpers';

const train = { 'train-images-idx3-ubyte': images(3), 'train-labels-idx1-ubyte': labels(4, 0, 9) };
const test = { 't10k-images-idx3-ubyte': images(2), 't10k-labels-idx1-ubyte': labels(1, 2) };

/** The same files under other names. */
function renamed(files: Record<string, Uint8Array>, rename: (name: string) => string) {
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [rename(name), bytes]));
}

describe('loadIdxFolder', () => {
  it('loads both parts, the i-th label with the i-th image', () => {
    const data = loadIdxFolder(folderWith({ ...train, ...test }));
    expect(data.train.length).toBe(3);
    expect(data.train.shape).toEqual([28, 28]);
    expect([...data.train.labels]).toEqual([4, 0, 9]);
    expect([0, 1, 2].map(i => data.train.images[i * 784 + 783])).toEqual([0, 1, 2]);
    expect([...(data.test?.labels ?? [])]).toEqual([1, 2]);
    expect(data.classes).toEqual([...'0123456789']);
  });

  it('does without a test part', () => {
    expect(loadIdxFolder(folderWith(train)).test).toBeUndefined();
  });

  const places: [string, Record<string, Uint8Array>, string][] = [
    ['.gz', renamed(train, name => `${name}.gz`), ''],
    ['a dot before idx', renamed(train, name => name.replace('-idx', '.idx')), ''],
    ['MNIST/raw', renamed(train, name => `MNIST/raw/${name}`), 'MNIST'],
    ['raw', renamed(train, name => `raw/${name}`), ''],
    ['FashionMNIST/raw', renamed(train, name => `FashionMNIST/raw/${name}`), 'FashionMNIST'],
    ['a sub-folder', renamed(train, name => `digits/${name}`), 'digits'],
  ];
  it.each(places)('finds the usual names: %s', (_, files, name) => {
    const folder = folderWith(
      Object.fromEntries(
        Object.entries(files).map(([file, bytes]) => [file, file.endsWith('.gz') ? gzipSync(bytes) : bytes]),
      ),
    );
    const data = loadIdxFolder(folder);
    expect([...data.train.labels]).toEqual([4, 0, 9]);
    expect(data.name).toBe(name || path.basename(folder));
  });

  it('takes test-… as well as t10k-…', () => {
    const folder = folderWith({ ...train, ...renamed(test, name => name.replace('t10k', 'test')) });
    expect(loadIdxFolder(folder).test?.length).toBe(2);
  });

  it('does not look into hidden folders', () => {
    const folder = folderWith({ ...renamed(train, name => `.trash/${name}`), 'notes.txt': '' });
    expect(dataError(() => loadIdxFolder(folder))).toMatch(
      /no data set found: .* found 1 file \(notes\.txt\);/,
    );
  });

  it('prefers the plain file to its .gz twin', () => {
    const folder = folderWith({ ...train, 'train-labels-idx1-ubyte.gz': gzipSync(labels(1, 1, 1)) });
    expect([...loadIdxFolder(folder).train.labels]).toEqual([4, 0, 9]);
  });

  it('names the classes of Fashion-MNIST by the folder', () => {
    const folder = folderWith(renamed(train, name => `fashion-mnist/${name}`));
    expect(loadIdxFolder(folder).classes[9]).toBe('Ankle boot');
    expect(loadIdxFolder(path.join(folder, 'fashion-mnist')).classes[0]).toBe('T-shirt/top');
  });

  it("names EMNIST's classes by the file names, and chooses one of several sets by its file", () => {
    const folder = folderWith({
      ...renamed(train, name => `emnist-letters-${name}`),
      ...renamed(train, name => `emnist-byclass-${name}`),
    });
    const letters = loadIdxFolder(path.join(folder, 'emnist-letters-train-images-idx3-ubyte'));
    expect([letters.classes.length, letters.classes[1]]).toEqual([27, 'a']);
    const all = loadIdxFolder(path.join(folder, 'emnist-byclass-train-images-idx3-ubyte'));
    expect([all.classes.length, all.classes[10], all.classes[61]]).toEqual([62, 'A', 'z']);
    expect(dataError(() => loadIdxFolder(folder))).toBe(
      `${folder}: expected one data set, found 2 (emnist-byclass-train-images-idx3-ubyte, emnist-letters-train-images-idx3-ubyte); choose the file of training images of one of them`,
    );
  });

  it('counts the classes of an unknown set by its training labels', () => {
    const mine = renamed(train, name => `mine-${name}`);
    expect(
      loadIdxFolder(folderWith({ ...mine, 'mine-train-labels-idx1-ubyte': labels(0, 0, 0) })).classes,
    ).toEqual(['0', '1']);
    expect(
      loadIdxFolder(folderWith({ ...mine, 'mine-train-labels-idx1-ubyte': labels(0, 12, 0) })).classes.length,
    ).toBe(13);
    const folder = folderWith({
      ...mine,
      'mine-t10k-images-idx3-ubyte': images(2),
      'mine-t10k-labels-idx1-ubyte': labels(9, 10),
    });
    expect(dataError(() => loadIdxFolder(folder))).toBe(
      `${folder}/mine-t10k-labels-idx1-ubyte: expected labels from 0 to 9, found 10 at index 1; the file is damaged or belongs to another data set`,
    );
  });

  it('fingerprints the content, not how it is stored', () => {
    const { fingerprint } = loadIdxFolder(folderWith({ ...train, ...test }));
    const zipped = Object.entries({ ...train, ...test }).map(([name, bytes]) => [
      `${name}.gz`,
      gzipSync(bytes),
    ]);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(loadIdxFolder(folderWith(Object.fromEntries(zipped))).fingerprint).toBe(fingerprint);
    const others = [
      { ...train },
      { ...train, ...test, 'train-labels-idx1-ubyte': labels(4, 1, 9) },
      { ...train, ...test, 't10k-labels-idx1-ubyte': labels(1, 3) },
      {
        ...train,
        ...test,
        'train-images-idx3-ubyte': images(3, 14, 56),
        't10k-images-idx3-ubyte': images(2, 14, 56),
      },
    ];
    for (const files of others) expect(loadIdxFolder(folderWith(files)).fingerprint).not.toBe(fingerprint);
  });

  const expected =
    'expected IDX files under the names of MNIST (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, each plain or .gz)';
  const damaged = 'the file is damaged or belongs to another data set';
  const bad: [string, Record<string, Uint8Array | string>, string][] = [
    ['an empty folder', {}, `the folder is empty: ${expected}; choose another folder`],
    [
      'a folder of something else',
      { 'a/1.png': '', 'b/1.png': '', 'c/1.png': '', 'd/1.png': '', 'readme.txt': '' },
      `no data set found: ${expected}, found 4 folders (a, b, c, …) and 1 file (readme.txt); choose another folder`,
    ],
    [
      'images without labels',
      { 'train-images-idx3-ubyte': images(3) },
      'expected train-labels-idx1-ubyte or train-labels.idx1-ubyte, plain or .gz, beside train-images-idx3-ubyte; found neither: add the missing file',
    ],
    [
      'a test part alone',
      test,
      'expected train-images-idx3-ubyte or train-images.idx3-ubyte, plain or .gz, beside t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte; found neither: add the missing file',
    ],
    [
      'test labels without images',
      { ...train, 't10k-labels-idx1-ubyte': labels(1) },
      'expected t10k-images-idx3-ubyte or t10k-images.idx3-ubyte, plain or .gz, beside t10k-labels-idx1-ubyte, train-images-idx3-ubyte, train-labels-idx1-ubyte; found neither: add the missing file',
    ],
    [
      'two data sets',
      { ...renamed(train, name => `MNIST/raw/${name}`), ...renamed(train, name => `KMNIST/raw/${name}`) },
      'expected one data set, found 2 (KMNIST/raw/train-images-idx3-ubyte, MNIST/raw/train-images-idx3-ubyte); choose the folder of one of them',
    ],
    [
      'fewer labels than images',
      { ...train, 'train-labels-idx1-ubyte': labels(1, 2) },
      'train-labels-idx1-ubyte: expected 3 labels, one for each image of train-images-idx3-ubyte, found 2 labels; use the files of one data set',
    ],
    [
      'a training label outside the classes',
      { ...train, 'train-labels-idx1-ubyte': labels(1, 2, 200) },
      `train-labels-idx1-ubyte: expected labels from 0 to 9, found 200 at index 2; ${damaged}`,
    ],
    [
      'a test label outside the classes',
      { ...train, ...test, 't10k-labels-idx1-ubyte': labels(10, 0) },
      `t10k-labels-idx1-ubyte: expected labels from 0 to 9, found 10 at index 0; ${damaged}`,
    ],
    [
      'images and labels swapped',
      { 'train-images-idx3-ubyte': labels(1, 2), 'train-labels-idx1-ubyte': images(2) },
      'train-images-idx3-ubyte: wrong magic number: expected 00 00 08 03 (images: bytes in 3 dimensions), found 00 00 08 01; are images and labels swapped, or is this another file?',
    ],
    [
      'images in the place of labels',
      { ...train, 'train-labels-idx1-ubyte': images(3) },
      'train-labels-idx1-ubyte: wrong magic number: expected 00 00 08 01 (labels: bytes in 1 dimension), found 00 00 08 03; are images and labels swapped, or is this another file?',
    ],
    [
      'images of another number type',
      {
        ...train,
        'train-images-idx3-ubyte': writeIdx({ type: 'float', shape: [1, 1, 1], data: Float32Array.of(1) }),
      },
      'train-images-idx3-ubyte: wrong magic number: expected 00 00 08 03 (images: bytes in 3 dimensions), found 00 00 0d 03; are images and labels swapped, or is this another file?',
    ],
    [
      'no images at all',
      { 'train-images-idx3-ubyte': images(0), 'train-labels-idx1-ubyte': labels() },
      'train-images-idx3-ubyte: expected images (count×height×width ubyte), found 0×28×28 ubyte; are images and labels swapped?',
    ],
    [
      'parts of different image sizes',
      { ...train, ...test, 't10k-images-idx3-ubyte': images(2, 32, 32) },
      't10k-images-idx3-ubyte: expected images of 28×28 as in train-images-idx3-ubyte, found 32×32; use the files of one data set',
    ],
    [
      'a file that was not downloaded',
      { ...train, 'train-images-idx3-ubyte': '<!doctype html>' },
      'train-images-idx3-ubyte: looks like an HTML page: the download failed; download the file again',
    ],
  ];
  it.each(bad)('refuses %s', (_, files, message) => {
    const folder = folderWith(files);
    const file = /^\S+-ubyte: /.test(message) ? '/' : ': ';
    expect(dataError(() => loadIdxFolder(folder))).toBe(folder + file + message);
  });

  it('says when there is no such folder, or it is a file', () => {
    const folder = folderWith({ 'notes.txt': 'hello' });
    expect(dataError(() => loadIdxFolder(path.join(folder, 'gone')))).toBe(
      `${folder}/gone: there is no such folder; check the path`,
    );
    expect(dataError(() => loadIdxFolder(path.join(folder, 'notes.txt')))).toBe(
      `${folder}/notes.txt: expected a folder, found a file; choose the folder that it is in`,
    );
  });
});
