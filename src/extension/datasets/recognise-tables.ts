/** Which CSV files are datasets: they may be anything, so that the beginning of each is read. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { layOut } from '../../data/tables/layout';
import { rowsOfText } from '../../data/tables/read-csv';
import type { Recognised } from './recognise';

/** Enough of a CSV file to see what it is, in bytes; and no more files are looked into. */
const beginning = 1 << 16;
const mostTables = 30;

/** What the beginning of a CSV file shows it to be; undefined if it is no dataset. */
async function tableIn(file: string): Promise<string | undefined> {
  const bytes = new Uint8Array(beginning);
  try {
    const handle = await open(file, 'r');
    try {
      const { bytesRead } = await handle.read(bytes, 0, beginning, 0);
      const text = new TextDecoder().decode(bytes.subarray(0, bytesRead));
      // The last line may be cut off.
      const { csv, rows } = rowsOfText(file, bytesRead < beginning ? text : text.replace(/[^\r\n]*$/, ''));
      const layout = layOut(csv, rows, {});
      if (!('features' in layout)) return undefined;
      const what =
        layout.side === undefined
          ? `${layout.features.length} features`
          : `${layout.side}×${layout.side} pixels`;
      return `${what} in ${path.basename(file)}`;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/** A folder, and the table in it that is the training data, if any is. */
export interface TableCandidate {
  readonly folder: string;
  readonly file: string;
}

/** The candidates that are datasets. */
export async function recogniseTables(candidates: readonly TableCandidate[]): Promise<Recognised[]> {
  const found = await Promise.all(
    candidates.slice(0, mostTables).map(async ({ folder, file }): Promise<Recognised[]> => {
      const what = await tableIn(path.join(folder, file));
      return what === undefined ? [] : [{ folder, what }];
    }),
  );
  return found.flat();
}
