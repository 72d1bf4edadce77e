/** NumPy's arrays: an archive (`.npz`) with samples and labels, or a `.npy` file for each. */
import path from 'node:path';
import { DataError } from '../data-error';
import { fingerprintOf, type ImageData, type ImageSplit, labelArray } from '../image-data';
import type { FormatName } from '../options';
import { standardise } from '../tables/standardise';
import { type ArrayInFile, type ArraysInFile, arraysIn, readArray } from './array-files';
import { inFile, labelsOf, nameOf, numberedClasses, samplesOf } from './array-samples';
import type { Findings, FolderFormat, Place, Reading } from './format';
import { partOf } from './parts';

const SAMPLES = /^(x|images?|imgs?|data|features?|inputs?|samples?|pixels)$/i;
const LABELS = /^(y|labels?|targets?|class|classes)$/i;
/** No more files than this are looked into. */
const LOOKED_AT = 50;

type Part = 'train' | 'validation' | 'test';

/** What an array is, by its name: `x_train`, `trainX`, `test_labels`, `images`. */
function roleOf(name: string): { readonly role: 'samples' | 'labels'; readonly part: Part } | undefined {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/^([xy])(train|test|val)/i, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter(word => word !== '');
  const part = partOf(words.join('_')) ?? 'train';
  if (words.some(word => LABELS.test(word))) return { role: 'labels', part };
  return words.some(word => SAMPLES.test(word)) ? { role: 'samples', part } : undefined;
}

/** The two arrays of a part. */
interface Pair {
  readonly samples: ArrayInFile;
  readonly labels: ArrayInFile;
}

function pairsOf(
  arrays: readonly ArrayInFile[],
  nameFor: (array: ArrayInFile) => string,
): Partial<Record<Part, Pair>> {
  const named = arrays.map(array => ({ array, ...roleOf(nameFor(array)) }));
  const pairs: Partial<Record<Part, Pair>> = {};
  for (const part of ['train', 'validation', 'test'] as const) {
    const find = (role: string) => named.find(entry => entry.role === role && entry.part === part)?.array;
    const [samples, labels] = [find('samples'), find('labels')];
    if (samples !== undefined && labels !== undefined) pairs[part] = { samples, labels };
  }
  return pairs;
}

function arrayFormat(
  name: FormatName & ('npz' | 'npy'),
  expected: string,
  pick: (place: Place) => string[][],
): FolderFormat {
  return {
    name,
    expected,
    async find(place): Promise<Findings> {
      const readings: Reading[] = [];
      const doubts: string[] = [];
      for (const files of pick(place)) {
        try {
          const opened = await Promise.all(files.map(arraysIn));
          const arrays = opened.flatMap(({ arrays }) => arrays);
          const byFile = ({ file }: ArrayInFile) => path.basename(file, '.npy');
          const pairs = pairsOf(arrays, name === 'npz' ? array => array.name : byFile);
          if (pairs.train === undefined) doubts.push(unclear(files, opened));
          else readings.push(readingOf(name, place, pairs.train, pairs));
        } catch (error) {
          if (!(error instanceof DataError)) throw error;
          doubts.push(error.message);
        }
      }
      return { readings, doubts };
    },
  };
}

function unclear(files: readonly string[], opened: readonly ArraysInFile[]): string {
  const shown = opened
    .flatMap(({ arrays }) => arrays)
    .slice(0, 4)
    .map(array => `${nameOf(array)} ${array.shape.join('×')}`);
  const problems = opened.flatMap(({ problems }) => problems).slice(0, 4);
  const found = [...shown, ...problems].join(', ');
  return `${files.map(file => path.basename(file)).join(', ')}: expected arrays such as x_train and y_train, found ${found}`;
}

/** An archive of arrays. */
export const npzArchives = arrayFormat(
  'npz',
  'a .npz archive with x_train and y_train',
  ({ folder, listing, file }) =>
    (file === undefined ? listing.files : [file])
      .filter(name => /\.npz$/i.test(name))
      .slice(0, LOOKED_AT)
      .map(name => [path.join(folder, name)]),
);

/** A file for each array. */
export const npyPairs = arrayFormat(
  'npy',
  '.npy files such as x_train.npy and y_train.npy',
  ({ folder, listing }) => {
    const files = listing.files.filter(
      name => /\.npy$/i.test(name) && roleOf(name.slice(0, -4)) !== undefined,
    );
    const samples = files.some(name => roleOf(name.slice(0, -4))?.role === 'samples');
    return samples ? [files.slice(0, LOOKED_AT).map(name => path.join(folder, name))] : [];
  },
);

function readingOf(
  format: FormatName,
  { folder, file }: Place,
  train: Pair,
  pairs: Partial<Record<Part, Pair>>,
): Reading {
  const arrays = [train, pairs.validation, pairs.test].flatMap(pair =>
    pair ? [pair.samples, pair.labels] : [],
  );
  const inside = format === 'npz' ? ` in ${path.basename(train.samples.file)}` : '';
  const shown = arrays.map(array => (format === 'npz' ? array.name : path.basename(array.file)));
  const reason = `the arrays ${shown.join(', ')}${inside}`;
  const name = file ?? path.basename(path.resolve(folder));
  const open = () => load(name, train, pairs.validation, pairs.test, reason);
  return { format, reason, sureness: 2, file: train.samples.file, open };
}

async function load(
  name: string,
  train: Pair,
  validation: Pair | undefined,
  test: Pair | undefined,
  reading: string,
): Promise<ImageData> {
  const read = async (pair: Pair | undefined) => {
    if (pair === undefined) return undefined;
    const samples = samplesOf(pair.samples, await readArray(pair.samples));
    return {
      ...samples,
      labels: labelsOf(pair.labels, await readArray(pair.labels), samples.length, 'sample'),
    };
  };
  const parts = [await read(train), await read(validation), await read(test)] as const;
  const classes = numberedClasses(train.labels, parts[0]?.labels ?? []);
  const pairs = [train, validation, test];
  const splits = parts.map((part, i): ImageSplit | undefined => {
    if (part === undefined) return undefined;
    const where = pairs[i] ?? train;
    checkFits(where, part, parts[0]?.shape ?? part.shape, classes.length);
    return { ...part, labels: labelArray(part.labels, classes.length) };
  });
  const [trained] = splits;
  if (trained === undefined || trained.length === 0)
    throw new DataError(
      train.samples.file,
      `${inFile(train.samples)}it holds no samples; choose another file`,
    );
  const [ready = trained, ...others] = standardise(trained, splits.slice(1));
  const fingerprint = fingerprintOf(ready, ...others);
  return {
    name,
    train: ready,
    validation: others[0],
    test: others[1],
    classes,
    fingerprint,
    reading,
    notes: [],
  };
}

function checkFits(
  { samples, labels }: Pair,
  part: { readonly shape: readonly number[]; readonly labels: Int32Array },
  shape: readonly number[],
  classes: number,
): void {
  if (part.shape.join() !== shape.join()) {
    throw new DataError(
      samples.file,
      `${inFile(samples)}expected samples of ${shape.join('×')} as in the training set, found ${part.shape.join('×')}`,
    );
  }
  const stranger = part.labels.findIndex(label => label >= classes);
  if (stranger < 0) return;
  throw new DataError(
    labels.file,
    `${inFile(labels)}expected labels from 0 to ${classes - 1}, found ${part.labels[stranger]} at index ${stranger}`,
  );
}
