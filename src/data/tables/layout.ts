/** What the columns of a table are, found by looking at its first rows: which one is the label, which are numbers. */
import path from 'node:path';
import { count, DataError } from '../data-error';
import { isImage } from '../loading/image-files';
import type { DataOptions } from '../options';
import type { CsvText, Row } from './read-csv';
import { isMissing, toNumber } from './values';

/** What a column is. */
export type ColumnKind = 'number' | 'word';

/** How a table is read. */
export interface Layout {
  readonly names: readonly string[];
  /** Whether the first row holds the names. */
  readonly header: boolean;
  readonly label: number;
  /** The columns that a network gets, and what they are. */
  readonly features: readonly { readonly column: number; readonly kind: ColumnKind }[];
  /** The side of square images, where the columns are pixels. */
  readonly side: number | undefined;
  /** Names of columns that are left out, and why. */
  readonly notes: readonly string[];
}

/** Names of columns that hold what is to be learned, the plainest first. */
const LABEL_NAMES = [
  /^labels?$/i,
  /^class(es|_?name)?$/i,
  /^targets?$/i,
  /^y$/i,
  /^(category|species|variety|digit|diagnosis|outcome|survived|output)$/i,
];
const ID_NAME = /^(id|idx|index|row_?(id|number)|unnamed: ?\d+|)$/i;
/** Classes, at most, that a column may have to be taken for a label unasked. */
const MOST_CLASSES = 100;
const MOST_BYTE = 255;
/** Of rows of pixels, so many may hold something else: they are named when they are read. */
const STRANGERS = 0.05;
/** Fewer columns are no image. */
const FEWEST_PIXELS = 64;

/** Whether the first row holds names: no number in it, and numbers below; or a name of a label. */
export function hasHeader(rows: readonly Row[], delimiter: string): boolean {
  const [first, ...others] = rows;
  if (first === undefined || others.length === 0) return false;
  const isNumber = (field: string | undefined) => {
    const value = field === undefined ? undefined : toNumber(field, delimiter);
    return value !== undefined && !Number.isNaN(value);
  };
  if (first.fields.some(isNumber))
    return first.fields.some(isLabelName) && first.fields.filter(isNumber).length < 2;
  if (first.fields.some(isLabelName)) return true;
  return others.some(({ fields }) => fields.some(isNumber)) || !first.fields.some(isImage);
}

function isLabelName(name: string): boolean {
  return LABEL_NAMES.some(known => known.test(name.trim()));
}

/** The column that a person means by a name or a number from 1. */
export function columnOf(file: string, names: readonly string[], asked: string | number): number {
  const byName = names.findIndex(name => name.trim() === String(asked).trim());
  if (byName >= 0) return byName;
  const number = Number(asked);
  if (Number.isInteger(number) && number >= 1 && number <= names.length) return number - 1;
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
  throw new DataError(
    file,
    `expected one of its ${count(names.length, 'column')} (${shown}), by name or by number from 1, found “${asked}”`,
  );
}

/** The name of a column that holds what is to be learned, by its name alone; `undefined` where no name says so. */
export function labelByName(names: readonly string[]): number | undefined {
  for (const known of LABEL_NAMES) {
    const column = names.findIndex(name => known.test(name.trim()));
    if (column >= 0) return column;
  }
  return undefined;
}

/** The names of the columns, and the rows below them. */
export function withNames(
  rows: readonly Row[],
  header: boolean,
): { readonly names: readonly string[]; readonly body: readonly Row[] } {
  const [first] = rows;
  const width = first?.fields.length ?? 0;
  if (header) return { names: first?.fields.map(name => name.trim()) ?? [], body: rows.slice(1) };
  return { names: Array.from({ length: width }, (_, i) => `column ${i + 1}`), body: rows };
}

/** That the label could be in one of these columns. */
export interface LabelQuestion {
  readonly question: string;
  readonly columns: readonly { readonly name: string; readonly description: string }[];
}

/** What the columns are; a question where the label could be one of several. */
export function layOut(
  { file, delimiter }: CsvText,
  rows: readonly Row[],
  options: Pick<DataOptions, 'labelColumn' | 'header'>,
): Layout | { readonly doubt: string } | LabelQuestion {
  const shown = path.basename(file);
  const header = options.header ?? hasHeader(rows, delimiter);
  const { names, body } = withNames(rows, header);
  if (names.length < 2) return { doubt: `${shown} has a single column` };
  if (body.length === 0) return { doubt: `${shown} has no rows` };
  const columns = names.map((_, c) => body.map(({ fields }) => fields[c] ?? ''));
  if (columns.some(values => values.slice(0, 20).every(isImage))) return { doubt: `${shown} lists images` };
  const numbers = columns.map(values => values.map(value => toNumber(value, delimiter)));
  const kinds = numbers.map((values): ColumnKind => (mostlyNumbers(values) ? 'number' : 'word'));
  const label =
    options.labelColumn === undefined
      ? findLabel({ file, names, header, columns, numbers, kinds })
      : columnOf(file, names, options.labelColumn);
  if (typeof label !== 'number') return label;
  const notes: string[] = [];
  const features = names.flatMap((name, column) => {
    if (column === label) return [];
    const kind = kinds[column] ?? 'word';
    const reason = header ? uselessness(name, kind, columns[column] ?? []) : undefined;
    if (reason === undefined) return [{ column, kind }];
    notes.push(`the column ${name} is left out: ${reason}`);
    return [];
  });
  if (features.length === 0) return { doubt: `${shown} has no column to learn from` };
  const side = sideOf(features.map(({ column }) => numbers[column] ?? []));
  return { names, header, label, features, side, notes };
}

function mostlyNumbers(values: readonly (number | undefined)[]): boolean {
  const bad = values.filter(value => value === undefined).length;
  return bad <= values.length * 0.05 && values.some(value => value !== undefined && !Number.isNaN(value));
}

/** Why a network can learn nothing from a column. */
function uselessness(name: string, kind: ColumnKind, values: readonly string[]): string | undefined {
  const different = new Set(values).size;
  if (ID_NAME.test(name) && different === values.length) return 'it numbers the rows';
  if (kind === 'word' && different > Math.max(20, values.length / 4)) {
    return `it has a text of its own in nearly every row`;
  }
  return undefined;
}

/** The side of the square images that rows of 8-bit pixels make. */
function sideOf(columns: readonly (readonly (number | undefined)[])[]): number | undefined {
  const side = Math.sqrt(columns.length);
  if (columns.length < FEWEST_PIXELS || !Number.isInteger(side)) return undefined;
  const isByte = (value: number | undefined) =>
    value !== undefined && Number.isInteger(value) && value >= 0 && value <= MOST_BYTE;
  const strangers = new Set(columns.flatMap(values => [...values.keys()].filter(row => !isByte(values[row]))))
    .size;
  const bytes = strangers <= STRANGERS * (columns[0]?.length ?? 0);
  const large = columns.some(values => values.some(value => (value ?? 0) > 16));
  return bytes && large ? side : undefined;
}

interface Candidates {
  readonly file: string;
  readonly names: readonly string[];
  readonly header: boolean;
  readonly columns: readonly (readonly string[])[];
  readonly numbers: readonly (readonly (number | undefined)[])[];
  readonly kinds: readonly ColumnKind[];
}

function findLabel(candidates: Candidates): number | { readonly doubt: string } | LabelQuestion {
  const { file, names, header, columns, numbers, kinds } = candidates;
  const named = header ? labelByName(names) : undefined;
  if (named !== undefined) return named;
  const last = names.length - 1;
  const pixels = [0, last].filter(column => {
    const others = numbers.filter((_, other) => other !== column);
    return sideOf(others) !== undefined && new Set(columns[column]).size > 1;
  });
  const smallest = pixels.filter(column =>
    (numbers[column] ?? []).every(value => (value ?? 0) < MOST_CLASSES),
  );
  if (smallest.length > 0) return smallest[0] ?? 0;
  const possible = [0, last].filter(column => couldBeLabel(columns[column] ?? [], numbers[column] ?? []));
  const words = possible.filter(column => kinds[column] === 'word');
  const [only] = words.length === 1 ? words : possible;
  if (only === undefined) return { doubt: `no column of ${path.basename(file)} could be a label` };
  if (words.length === 1 || possible.length === 1) return only;
  const asked = possible.map(column => ({
    name: names[column] ?? '',
    description: `${new Set(columns[column]).size} values`,
  }));
  const shown = asked.map(({ name, description }) => `${name} (${description})`).join(' or ');
  return { question: `the label could be in ${shown}; say which with --label-column`, columns: asked };
}

/** Whether the values are classes: some, but not as many as there are rows. */
function couldBeLabel(values: readonly string[], numbers: readonly (number | undefined)[]): boolean {
  const present = values.filter(value => !isMissing(value));
  const different = new Set(present).size;
  const fraction = numbers.some(
    value => value !== undefined && !Number.isNaN(value) && !Number.isInteger(value),
  );
  return !fraction && different >= 2 && different <= Math.min(MOST_CLASSES, Math.max(2, present.length / 2));
}
