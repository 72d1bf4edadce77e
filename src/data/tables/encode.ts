/**
 * From the rows of tables to samples: pixels as they are, numbers standardised by the mean and the standard deviation
 * of the training set, words as one column of 0 and 1 for each.
 */
import { count, DataError } from '../data-error';
import { fingerprintOf, type ImageData, type ImageSplit, labelArray } from '../image-data';
import { checkMemory } from '../memory';
import { figuresOf } from './feature-figures';
import type { Layout } from './layout';
import type { Table } from './load-table';
import { sortedClasses } from './values';

/** The tables of the parts of a data set. */
export interface Tables {
  readonly train: Table;
  readonly validation?: Table | undefined;
  readonly test?: Table | undefined;
}

/** Different words, at most, that become a column each: a column with more is no choice of a few but free text. */
const MOST_WORDS = 1000;

/** Classes, at most. */
const MOST_CLASSES = 65_536;

/** Puts a data set together. */
export function encodeTables(name: string, tables: Tables, layout: Layout, reading: string): ImageData {
  const classes = sortedClasses(tables.train.labels);
  if (classes.length < 2) {
    throw new DataError(
      tables.train.file,
      `expected at least 2 classes in ${layout.names[layout.label]}, found ${classes.join('') || 'none'}; choose another label with --label-column`,
    );
  }
  const most = Math.min(MOST_CLASSES, Math.max(1000, tables.train.length / 2));
  if (classes.length > most || tooMany(classes, tables.train.length)) {
    throw new DataError(
      tables.train.file,
      `${layout.names[layout.label]} has ${count(classes.length, 'value')} in ${count(tables.train.length, 'row')}: these are no classes; choose another label with --label-column`,
    );
  }
  const notes = [...layout.notes];
  const encode = encoderOf(tables.train, layout, notes);
  checkRoom(name, tables, encode);
  const split = (table: Table | undefined) => table && toSplit(table, layout, classes, encode);
  const train = toSplit(tables.train, layout, classes, encode);
  const [validation, test] = [split(tables.validation), split(tables.test)];
  const skipped = [tables.train, tables.validation, tables.test].flatMap(table => table?.skipped ?? []);
  return {
    name,
    train,
    validation,
    test,
    classes,
    fingerprint: fingerprintOf(train, validation, test),
    reading,
    notes,
    skipped,
  };
}

/** Refuses rows that have no room in memory once their words are columns. */
function checkRoom(name: string, { train, validation, test }: Tables, { width }: Encoder): void {
  const rows = train.length + (validation?.length ?? 0) + (test?.length ?? 0);
  const what = `${count(rows, 'row')} of ${count(width, 'column')}`;
  const bytes = rows * width * Float32Array.BYTES_PER_ELEMENT;
  checkMemory(name, what, bytes, 'remove rows, or columns with many different words');
}

/** Numbers with fractions, nearly all different: something to be estimated, not classes. */
function tooMany(classes: readonly string[], rows: number): boolean {
  return rows > 20 && classes.length > rows / 2 && classes.every(name => Number.isFinite(Number(name)));
}

/** Writes the features of a row. */
interface Encoder {
  readonly width: number;
  readonly write: (table: Table, row: number, target: Float32Array, at: number) => void;
}

function encoderOf(train: Table, { features, names }: Layout, notes: string[]): Encoder {
  const writers: { readonly width: number; readonly write: Encoder['write'] }[] = [];
  for (const [i, { column, kind }] of features.entries()) {
    if (kind === 'word') {
      const known = [...new Set(train.words.get(i) ?? [])].sort();
      if (known.length > MOST_WORDS) {
        notes.push(
          `the column ${names[column]} is left out: it has ${count(known.length, 'different word')}, at most ${count(MOST_WORDS, 'word')} become columns`,
        );
        continue;
      }
      const numbers = new Map(known.map((word, k) => [word, k]));
      notes.push(`the words of ${names[column]} become ${count(known.length, 'column')} of 0 and 1`);
      writers.push({
        width: known.length,
        write: ({ words }, row, target, at) => {
          const place = numbers.get(words.get(i)?.[row] ?? '');
          if (place !== undefined) target[at + place] = 1;
        },
      });
      continue;
    }
    const { mean, std, missing } = figuresOf(train.numbers, train.length, i, features.length);
    if (missing > 0) notes.push(`${count(missing, 'missing value')} of ${names[column]} taken as the mean`);
    writers.push({
      width: 1,
      write: ({ numbers }, row, target, at) => {
        const value = numbers[row * features.length + i] ?? Number.NaN;
        target[at] = Number.isNaN(value) ? 0 : (value - mean) / std;
      },
    });
  }
  if (writers.length === 0) {
    const shown = features.map(({ column }) => names[column]).join(', ');
    throw new DataError(
      train.file,
      `expected a column to learn from, found more than ${count(MOST_WORDS, 'different word')} in ${shown}; add a column of numbers or of fewer words`,
    );
  }
  const width = writers.reduce((sum, writer) => sum + writer.width, 0);
  return {
    width,
    write: (table, row, target, at) => {
      let place = at;
      for (const writer of writers) {
        writer.write(table, row, target, place);
        place += writer.width;
      }
    },
  };
}

function toSplit(table: Table, layout: Layout, classes: readonly string[], encode: Encoder): ImageSplit {
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const labels = table.labels.map(label => {
    const number = numbers.get(label);
    if (number === undefined) {
      const known = classes.slice(0, 5).join(', ') + (classes.length > 5 ? ', …' : '');
      throw new DataError(table.file, `expected one of the classes to train on (${known}), found “${label}”`);
    }
    return number;
  });
  const common = { labels: labelArray(labels, classes.length), length: table.length };
  if (layout.side !== undefined && table.numbers instanceof Uint8Array) {
    return { ...common, images: table.numbers, shape: [layout.side, layout.side] };
  }
  const images = new Float32Array(table.length * encode.width);
  for (let row = 0; row < table.length; row++) encode.write(table, row, images, row * encode.width);
  return { ...common, images, shape: [encode.width] };
}
