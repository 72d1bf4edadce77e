/** Tables of pixels or features: CSV files with a label in one column. */
import path from 'node:path';
import { columnChoices, DataQuestion } from '../data-question';
import type { ImageData } from '../image-data';
import type { DataOptions } from '../options';
import { encodeTables } from '../tables/encode';
import { type Layout, layOut } from '../tables/layout';
import { loadTable } from '../tables/load-table';
import { firstRows } from '../tables/read-csv';
import { type Findings, type FolderFormat, nothing, type Place, type Reading } from './format';
import { partOf } from './parts';

const CSV = /\.(csv|tsv|tab|data)$/i;
/** No more files than this are looked into. */
const LOOKED_AT = 20;

/** The CSV files of a folder, or the one that was chosen. */
export function csvFiles({ folder, listing, file }: Place): string[] {
  if (file !== undefined) return CSV.test(file) || /\.txt$/i.test(file) ? [path.join(folder, file)] : [];
  return listing.files
    .filter(name => CSV.test(name))
    .slice(0, LOOKED_AT)
    .map(name => path.join(folder, name));
}

/** A table that can be read. */
interface Found {
  readonly file: string;
  readonly layout: Layout;
  readonly part: ReturnType<typeof partOf>;
}

/** CSV files of pixels or features. */
export const csvTables: FolderFormat = {
  name: 'csv',
  expected: 'a CSV file of numbers and a label',
  find(place: Place, options: DataOptions): Findings {
    const files = csvFiles(place);
    if (files.length === 0) return nothing;
    const found: Found[] = [];
    const doubts: string[] = [];
    const questions: DataQuestion[] = [];
    for (const file of files) {
      const start = firstRows(file);
      if (start === undefined) {
        doubts.push(`${path.basename(file)} is empty or no text`);
        continue;
      }
      const layout = layOut(start.csv, start.rows, options);
      if ('doubt' in layout) doubts.push(layout.doubt);
      else if ('question' in layout) {
        questions.push(new DataQuestion(file, layout.question, columnChoices(layout.columns)));
      } else found.push({ file, layout, part: partOf(path.basename(file)) });
    }
    const readings = found.length > 0 ? readingsOf(place, found) : questions.slice(0, 1).map(asking);
    return { readings, doubts };
  },
};

/** A reading that cannot be opened before the person has answered a question. */
function asking(question: DataQuestion): Reading {
  return {
    format: 'csv',
    reason: question.message,
    sureness: 1,
    open: async () => {
      throw question;
    },
  };
}

function readingsOf({ folder, file: chosen }: Place, found: readonly Found[]): Reading[] {
  const train = found.filter(({ part }) => part === 'train');
  const others = found.filter(({ part }) => part === undefined);
  const wholes = chosen !== undefined ? found : train.length > 0 ? train : others.length > 0 ? others : found;
  return wholes.map((whole): Reading => {
    const named = (part: Found['part']) =>
      chosen !== undefined || whole.part === part
        ? undefined
        : found.find(other => other.part === part && other.layout.names.length === whole.layout.names.length);
    const parts = { validation: named('validation'), test: named('test') };
    const { features, side } = whole.layout;
    const files = [whole, parts.validation, parts.test].flatMap(part =>
      part ? [path.basename(part.file)] : [],
    );
    const what = side === undefined ? `${features.length} features` : `${side}×${side} pixels`;
    const reason = `rows of ${what} and a label in ${files.join(', ')}`;
    const name = chosen === undefined ? path.basename(path.resolve(folder)) : path.basename(chosen);
    const open = async (options: DataOptions) => load(name, whole, parts, options, reason);
    return { format: 'csv', reason, sureness: 2, file: whole.file, open };
  });
}

function load(
  name: string,
  { file, layout }: Found,
  parts: { readonly validation: Found | undefined; readonly test: Found | undefined },
  { onBadFile = 'stop' }: DataOptions,
  reason: string,
): ImageData {
  const table = (part: Found | undefined) =>
    part && loadTable(part.file, { ...layout, header: part.layout.header }, onBadFile);
  const tables = {
    train: loadTable(file, layout, onBadFile),
    validation: table(parts.validation),
    test: table(parts.test),
  };
  return encodeTables(name, tables, layout, reason);
}
