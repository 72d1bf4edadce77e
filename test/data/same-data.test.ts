/** The same images in every format give the same tensors: equal fingerprints are equal shapes, pixels and labels. */
import { Buffer } from 'node:buffer';
import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { generateDigits } from '../../src/data/digits';
import { writeIdx } from '../../src/data/idx';
import type { ByteSplit } from '../../src/data/image-data';
import { lossesOf, smallConfig, temporaryFolder, trainRun } from '../training/support';
import { folderWith } from './helpers';
import { npy, whole } from './support';

type Files = Record<string, Uint8Array | string>;
const side = 28;
const each = side * side;

/** Generated digits, those of one class after those of another: the order of class folders. */
function sorted({ images, labels, length }: ByteSplit): ByteSplit {
  const order = Array.from({ length }, (_, i) => i).sort(
    (a, b) => (labels[a] ?? 0) - (labels[b] ?? 0) || a - b,
  );
  const moved = Uint8Array.from({ length: images.length }, (_, i) => {
    const from = order[Math.floor(i / each)] ?? 0;
    return images[from * each + (i % each)] ?? 0;
  });
  return { images: moved, shape: [side, side], labels: Uint8Array.from(order, i => labels[i] ?? 0), length };
}

const digits = generateDigits({ train: 60, test: 20 });
const parts = { train: sorted(digits.train), test: sorted(digits.test ?? digits.train) };
const partNames = ['train', 'test'] as const;

function png(split: ByteSplit, row: number): Uint8Array {
  const data = split.images.slice(row * each, (row + 1) * each);
  return encode({ width: side, height: side, channels: 1, depth: 8, data });
}

/** The files of all parts, made row by row. */
function rows(
  make: (part: 'train' | 'test', split: ByteSplit, row: number) => readonly [string, Uint8Array],
): Files {
  return Object.fromEntries(
    partNames.flatMap(part => Array.from(parts[part].labels.keys(), row => make(part, parts[part], row))),
  );
}

const name = (row: number) => `${String(row).padStart(5, '0')}.png`;

function csv(split: ByteSplit, delimiter: string, end: string): string {
  const header = ['label', ...Array.from({ length: each }, (_, i) => `pixel${i}`)];
  const lines = Array.from(split.labels, (label, row) => [
    label,
    ...split.images.subarray(row * each, (row + 1) * each),
  ]);
  return [header, ...lines].map(line => line.join(delimiter)).join(end);
}

const classFolders = () =>
  rows((part, split, row) => [`${part}/${split.labels[row]}/${name(row)}`, png(split, row)]);

function annotated(): Files {
  const list = (part: 'train' | 'test') =>
    `filepath,label\n${Array.from(parts[part].labels, (label, row) => `${part}/${name(row)},${label}\n`).join('')}`;
  return {
    ...rows((part, split, row) => [`${part}/${name(row)}`, png(split, row)]),
    'train.csv': list('train'),
    'test.csv': list('test'),
  };
}

function numbered(): Files {
  const labels = (split: ByteSplit) => npy('<i8', [split.length], BigInt64Array.from(split.labels, BigInt));
  return {
    ...rows((part, split, row) => [`${part}/images/${row}.png`, png(split, row)]),
    'train/labels.npy': labels(parts.train),
    'test/labels.npy': labels(parts.test),
  };
}

function arrays(): Files {
  return Object.fromEntries(
    partNames.flatMap(part => {
      const { images, labels, length } = parts[part];
      return [
        [`x_${part}.npy`, npy('|u1', [length, side, side, 1], images)],
        [`y_${part}.npy`, npy('|u1', [length], labels)],
      ] as const;
    }),
  );
}

/** As float32 from 0 to 1, with one-hot labels. */
function floats(): Files {
  return Object.fromEntries(
    partNames.flatMap(part => {
      const { images, labels, length } = parts[part];
      const hot = Float64Array.from({ length: 10 * length }, (_, i) =>
        labels[Math.floor(i / 10)] === i % 10 ? 1 : 0,
      );
      return [
        [
          `X_${part}.npy`,
          npy(
            '<f4',
            [length, each],
            Float32Array.from(images, value => value / 255),
          ),
        ],
        [`y_${part}.npy`, npy('<f8', [length, 10], hot)],
      ] as const;
    }),
  );
}

function idx(): Files {
  const files: Files = {};
  for (const part of partNames) {
    const { images, labels, length } = parts[part];
    const stem = part === 'train' ? 'train' : 't10k';
    files[`${stem}-images-idx3-ubyte`] = writeIdx({
      type: 'ubyte',
      shape: [length, side, side],
      data: images,
    });
    files[`${stem}-labels-idx1-ubyte`] = writeIdx({ type: 'ubyte', shape: [length], data: labels });
  }
  return files;
}

const formats: readonly (readonly [string, () => Files])[] = [
  ['class folders', classFolders],
  ['images with CSV files of their labels', annotated],
  ['numbered images with labels.npy', numbered],
  ['CSV files', () => ({ 'train.csv': csv(parts.train, ',', '\n'), 'test.csv': csv(parts.test, ',', '\n') })],
  [
    'CSV with semicolons and bare CR',
    () => ({ 'train.csv': csv(parts.train, ';', '\r'), 'test.csv': csv(parts.test, '\t', '\r\n') }),
  ],
  ['.npy files of pixels', arrays],
  ['.npy files of floats and one-hot labels', floats],
  [
    'an .npz archive',
    () => ({
      'digits.npz': zipSync(
        Object.fromEntries(Object.entries(arrays()).map(([file, bytes]) => [file, Buffer.from(bytes)])),
      ),
    }),
  ],
];

beforeEach(() => {
  vi.stubEnv('DESCENT_CACHE', folderWith());
});

describe('the same images', () => {
  it.each(formats)('as %s are the same data as in IDX files', async (_, files) => {
    const [data, expected] = [await whole(folderWith(files())), await whole(folderWith(idx()))];
    expect(data.classes).toEqual(expected.classes);
    expect([data.train.length, data.test?.length]).toEqual([60, 20]);
    expect(data.fingerprint).toBe(expected.fingerprint);
  });

  it('give the same batches and losses, decoded as the run goes on or kept from an earlier one', async () => {
    const folders = [folderWith(idx()), folderWith(classFolders())];
    const [first, ...others] = [folders[0], folders[1], folders[1]].map(dataset => ({
      dataset: dataset ?? '',
    }));
    const losses = async (choice: { readonly dataset: string } | undefined) => {
      const { run } = await trainRun(temporaryFolder(), smallConfig({ ...choice, epochs: 2 }));
      return lossesOf(run).map(({ loss }) => loss);
    };
    const expected = await losses(first);
    expect(expected).toHaveLength(2 * 6);
    for (const other of others) expect(await losses(other)).toEqual(expected);
  });
});
