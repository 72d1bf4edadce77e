/** From a CSV file and what its columns are to rows of numbers, with the file and line of whatever does not fit. */
import path from 'node:path';
import { count, DataError } from '../data-error';
import { DataQuestion, leaveOut } from '../data-question';
import type { SkippedFile } from '../image-data';
import type { Layout } from './layout';
import { eachRow, openCsv, type Row } from './read-csv';
import { isMissing, labelOf, toNumber } from './values';

/** The rows of a table. */
export interface Table {
  readonly file: string;
  readonly labels: readonly string[];
  /** The numbers of each row, NaN where there is none; words are 0 here. As many a row as there are features. */
  readonly numbers: Uint8Array | Float64Array;
  /** For each feature that is words, the word of each row. */
  readonly words: ReadonlyMap<number, readonly string[]>;
  readonly length: number;
  readonly skipped: readonly SkippedFile[];
}

/** Numbers that grow row by row. */
class Rows {
  #data: Uint8Array | Float64Array;
  #length = 0;

  constructor(
    private readonly width: number,
    bytes: boolean,
  ) {
    this.#data = bytes ? new Uint8Array(256 * width) : new Float64Array(256 * width);
  }

  add(row: ArrayLike<number>): void {
    const end = this.#length + this.width;
    if (end > this.#data.length) {
      const larger = this.#data instanceof Uint8Array ? new Uint8Array(2 * end) : new Float64Array(2 * end);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data.set(row, this.#length);
    this.#length = end;
  }

  get data(): Uint8Array | Float64Array {
    return this.#data.slice(0, this.#length);
  }
}

/**
 * Loads a table.
 * @throws DataError at the first row that does not fit, unless bad rows are skipped
 */
export function loadTable(file: string, layout: Layout, onBadFile: 'stop' | 'skip'): Table {
  const { features, label, names, side } = layout;
  const csv = openCsv(file);
  const rows = new Rows(features.length, side !== undefined);
  const numbers = new Float64Array(features.length);
  const labels: string[] = [];
  const words = new Map(
    features.flatMap(({ kind }, i): [number, string[]][] => (kind === 'word' ? [[i, []]] : [])),
  );
  const skipped: SkippedFile[] = [];
  let first = true;
  eachRow(csv, row => {
    if (first) {
      first = false;
      if (layout.header) return true;
    }
    const problem = check(row, layout, csv.delimiter, numbers);
    if (problem !== undefined) {
      const bad = `line ${row.line()}: ${problem}`;
      if (onBadFile === 'stop') {
        throw new DataQuestion(
          file,
          `${bad}; repair or remove the row, or leave out such rows (--on-bad-file skip)`,
          [leaveOut('rows')],
        );
      }
      skipped.push({ file, reason: bad });
      return true;
    }
    rows.add(numbers);
    labels.push(labelOf(row.fields[label] ?? ''));
    for (const [i, list] of words) list.push((row.fields[features[i]?.column ?? 0] ?? '').trim());
    return true;
  });
  if (labels.length === 0) {
    const why =
      skipped[0] === undefined
        ? 'it has no rows'
        : `none of ${count(skipped.length, 'row')} can be used (${skipped[0].reason})`;
    throw new DataError(file, `${why}; expected rows of ${count(names.length, 'column')}`);
  }
  return { file, labels, numbers: rows.data, words, length: labels.length, skipped };
}

/** Reads the numbers of a row; gives what is wrong with it. */
function check(
  { fields, problem }: Row,
  { names, features, label, side }: Layout,
  delimiter: string,
  into: Float64Array,
): string | undefined {
  if (problem !== undefined) return problem;
  if (fields.length !== names.length) {
    const what = fields.length < names.length ? 'short' : 'long';
    return `the row is too ${what}: expected ${count(names.length, 'field')}, found ${fields.length}`;
  }
  if (isMissing(fields[label] ?? '')) return `the label (${names[label]}) is missing`;
  for (const [i, { column, kind }] of features.entries()) {
    if (kind === 'word') continue;
    const field = fields[column] ?? '';
    const value = toNumber(field, delimiter);
    if (value === undefined) return `expected a number in ${names[column]}, found “${field.slice(0, 40)}”`;
    if (side !== undefined && !(Number.isInteger(value) && value >= 0 && value <= 255)) {
      return `expected a pixel from 0 to 255 in ${names[column]}, found “${field.slice(0, 40)}”`;
    }
    into[i] = value;
  }
  return undefined;
}

/** The name of a table, as a person calls it. */
export function tableName(file: string): string {
  return path.basename(file).replace(/\.[^.]+$/, '');
}
