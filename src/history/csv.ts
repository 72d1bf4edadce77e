/** Series as a table with a line for each value, a part at a time: a run may have millions. */
import type { CsvRequest, SeriesName } from '../protocol/dashboard';
import type { RunHistory } from './run-history';

const rowsPerPart = 20_000;

interface Cursor {
  readonly run: number;
  readonly series: number;
  readonly index: number;
}

function readCursor(text: string | null): Cursor {
  const [run = 0, series = 0, index = 0] = text?.split('.').map(Number) ?? [];
  if (![run, series, index].every(n => Number.isSafeInteger(n) && n >= 0)) {
    throw new Error('this is no place in a table');
  }
  return { run, series, index };
}

const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function rows(run: RunHistory, name: SeriesName, from: number, to: number): string[] {
  const series = run.metrics.series(name);
  if (series === undefined) return [];
  const [epoch, time] = [run.metrics.scale('epoch'), run.metrics.scale('time')];
  const lines: string[] = [];
  for (let i = from; i < Math.min(to, series.length); i++) {
    const step = series.step(i);
    const places = [step, epoch.value(step).toFixed(4), time.value(step).toFixed(3)];
    lines.push([quoted(run.id), name, ...places, series.value(i)].join(','));
  }
  return lines;
}

/** A part of the table, and where the next one begins; null at the end. */
export async function csvPart(
  { runs, series, cursor }: CsvRequest,
  open: (id: string) => Promise<RunHistory | undefined>,
): Promise<{ text: string; next: string | null }> {
  const lines = cursor === null ? ['run,series,step,epoch,seconds,value'] : [];
  let at = readCursor(cursor);
  while (at.run < runs.length) {
    const history = await open(runs[at.run] ?? '');
    // Not from a first look.
    await history?.update();
    const name = series[at.series];
    if (history === undefined || name === undefined) {
      at = { run: at.run + 1, series: 0, index: 0 };
      continue;
    }
    const room = rowsPerPart - lines.length;
    const found = rows(history, name, at.index, at.index + room);
    for (const line of found) lines.push(line);
    if (found.length >= room) {
      const next = [at.run, at.series, at.index + found.length].join('.');
      return { text: `${lines.join('\n')}\n`, next };
    }
    at = { run: at.run, series: at.series + 1, index: 0 };
  }
  return { text: lines.length > 0 ? `${lines.join('\n')}\n` : '', next: null };
}
