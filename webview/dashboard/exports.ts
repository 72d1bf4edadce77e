/** Saves a chart as a picture and its data as a table: through the host where it can, else as a download. */
import type { SeriesName } from '../../src/protocol/dashboard';
import { toBase64 } from '../shared/base64';
import type { Connection } from './connection';

/** What is exported. */
export interface TableRequest {
  readonly name: string;
  readonly runs: string[];
  readonly series: SeriesName[];
}

function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.download = name;
  link.href = URL.createObjectURL(content);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Saves a table of series. */
export async function exportTable(connection: Connection, host: boolean, table: TableRequest): Promise<void> {
  if (host) {
    await connection.request('saveCsv', { ...table, cursor: null });
    return;
  }
  const { name, runs, series } = table;
  const parts: string[] = [];
  let cursor: string | null = null;
  do {
    const part: { text: string; next: string | null } = await connection.request('csv', {
      runs,
      series,
      cursor,
    });
    parts.push(part.text);
    cursor = part.next;
  } while (cursor !== null);
  download(name, new Blob(parts, { type: 'text/csv' }));
}

/** Saves a file. */
export async function exportFile(
  connection: Connection,
  host: boolean,
  name: string,
  content: Blob,
): Promise<void> {
  if (host) await connection.request('save', { name, base64: await toBase64(content) });
  else download(name, content);
}

/** Saves a picture, given as PNG in base 64. */
export async function exportPicture(
  connection: Connection,
  host: boolean,
  name: string,
  base64: string,
): Promise<void> {
  const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  await exportFile(connection, host, name, new Blob([bytes], { type: 'image/png' }));
}
