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

/** One row of a CSV file. */
export interface Row {
  readonly fields: readonly string[];
  /** The line that it begins in, counted from 1; looked up when asked for. */
  line(): number;
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
  return rowsOfText(file, text.length > LOOKED_AT ? cutAtLine(text) : text, most);
}

/** The rows of a text that is the beginning of a CSV file. */
export function rowsOfText(
  file: string,
  text: string,
  most = 500,
): { readonly csv: CsvText; readonly rows: Row[] } {
  const csv = toCsv(file, text);
  const rows: Row[] = [];
  eachRow(csv, row => rows.push(row) < most);
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

/** Goes through the rows, empty lines left out, until `visit` gives false. */
export function eachRow({ text, delimiter }: CsvText, visit: (row: Row) => boolean): void {
  let start = 0;
  const lineAt = lineCounter(text);
  Papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: true,
    step: ({ data, meta }, parser) => {
      const at = start;
      start = meta.cursor;
      if (!visit({ fields: data, line: () => lineAt(at) })) parser.abort();
    },
  });
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
