/**
 * Reading CSV files row by row, whatever their delimiter (comma, semicolon, tab, bar) and line ends (bare CR too).
 * Papa Parse takes the text apart; what stands here finds the delimiter, and the line of a row for messages.
 */
import { readFileSync, statSync } from 'node:fs';
import Papa from 'papaparse';
import { count, DataError, errorCode } from '../data-error';

/** Node holds no longer text. */
const MOST_BYTES = 500e6;
/** Enough to see what is in a file. */
const LOOKED_AT = 1 << 16;
/** After so many quotes that never end a file is no table. Each means to go through the rest of it once more. */
const MOST_OPEN_QUOTES = 20;

/** One row of a CSV file. */
export interface Row {
  readonly fields: readonly string[];
  /** The line that it begins in, counted from 1; looked up when asked for. */
  line(): number;
  /** What is wrong with how it is written. */
  readonly problem?: string;
}

/** The text of a CSV file. */
export interface CsvText {
  readonly file: string;
  readonly text: string;
  readonly delimiter: string;
}

/** Reads a whole CSV file. */
export function openCsv(file: string): CsvText {
  return toCsv(file, readText(file));
}

/** The first rows of a CSV file, without reading more than these; `undefined` if the file is no text. */
export function firstRows(
  file: string,
  most = 500,
): { readonly csv: CsvText; readonly rows: Row[] } | undefined {
  const text = readText(file);
  if (text.includes('\0') || text.trim() === '') return undefined;
  const cut = text.length > LOOKED_AT;
  return rowsOfText(file, cut ? cutAtLine(text) : text, most, cut);
}

/** The rows of a text that is the beginning of a CSV file, but for those that are broken. */
export function rowsOfText(
  file: string,
  text: string,
  most = 500,
  cut = true,
): { readonly csv: CsvText; readonly rows: Row[] } {
  const csv = toCsv(file, text);
  const rows: Row[] = [];
  // Where the text was cut, a quote may end behind the cut.
  eachRow(csv, row => (row.problem === undefined ? rows.push(row) < most : !cut));
  return { csv, rows };
}

/** The beginning of a long text, but at least a few whole lines of it. */
function cutAtLine(text: string): string {
  let end = LOOKED_AT;
  for (let lines = 0; lines < 50 && end < text.length; lines++) {
    const next = text.slice(end).search(/[\r\n]/);
    end = next < 0 ? text.length : end + next + 1;
  }
  return text.slice(0, end);
}

function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES) {
      throw new DataError(file, `too large: expected at most 500 MB, found ${count(size, 'byte')}; split it`);
    }
    const bytes = readFileSync(file);
    const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const code = errorCode(error) ?? 'unknown error';
    throw new DataError(file, `cannot be read (${code}); check that it exists and that you may read it`, {
      cause: error,
    });
  }
}

function toCsv(file: string, text: string): CsvText {
  return { file, text, delimiter: delimiterOf(text) };
}

/** The delimiter that is equally often in each of the first lines; a comma may also be a decimal one. */
function delimiterOf(text: string): string {
  const lines = text
    .slice(0, LOOKED_AT)
    .replaceAll(/"[^"]*"/g, '""')
    .split(/\r\n|\n|\r/)
    .filter(line => line !== '')
    .slice(0, 10);
  if (lines.length > 2) lines.pop();
  for (const delimiter of ['\t', ';', ',', '|']) {
    const counts = lines.map(line => line.split(delimiter).length);
    if ((counts[0] ?? 1) > 1 && counts.every(n => n === counts[0])) return delimiter;
  }
  const often = (delimiter: string) => (lines[0] ?? '').split(delimiter).length;
  return ['\t', ';', ',', '|'].reduce((a, b) => (often(b) > often(a) ? b : a), ',');
}

/**
 * Goes through the rows, empty lines left out, until `visit` gives false. A row in which a quote begins that never ends
 * has a problem, and the next line is the next row: the rest of the file is no part of it.
 * @throws DataError where that happens again and again
 */
export function eachRow({ file, text, delimiter }: CsvText, visit: (row: Row) => boolean): void {
  const lineAt = lineCounter(text);
  let start = 0;
  for (let open = 0; open <= MOST_OPEN_QUOTES; open++) {
    const begin = start;
    const broken = rowsFrom(text.slice(begin), delimiter, (fields, length) => {
      const at = start;
      start = begin + length;
      return visit({ fields, line: () => lineAt(at) });
    });
    if (!broken) return;
    const at = start;
    if (!visit({ fields: [], line: () => lineAt(at), problem: 'a quote begins here that never ends' }))
      return;
    start = lineEnd(text, at);
  }
  throw new DataError(
    file,
    `line ${lineAt(start)}: expected rows of a table, found one quote after the other that never ends; save it as CSV again`,
  );
}

/** Goes through rows; gives whether it ended at a quote that never ends. */
function rowsFrom(
  text: string,
  delimiter: string,
  visit: (fields: readonly string[], end: number) => boolean,
): boolean {
  let broken = false;
  Papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: true,
    step: ({ data, errors, meta }, parser) => {
      broken = errors.some(({ code }) => code === 'MissingQuotes');
      if (broken || !visit(data, meta.cursor)) parser.abort();
    },
  });
  return broken;
}

/** Where the line ends in which the first character from an offset on stands that ends no line. */
function lineEnd(text: string, at: number): number {
  const line = /[\r\n]*[^\r\n]*/y;
  line.lastIndex = at;
  line.exec(text);
  return line.lastIndex;
}

/**
 * Finds the line of the first character from an offset on that ends no line. It counts on from where it was asked last,
 * so that asking for one row after the other goes through the text once.
 */
function lineCounter(text: string): (at: number) => number {
  let [known, line] = [0, 1];
  return at => {
    while (text[at] === '\n' || text[at] === '\r') at++;
    if (at < known) [known, line] = [0, 1];
    line += text.slice(known, at).match(/\r\n|\n|\r/g)?.length ?? 0;
    known = at;
    return line;
  };
}
