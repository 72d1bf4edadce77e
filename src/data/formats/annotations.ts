/**
 * Images and a CSV file that lists them with a label each. A file that gives something else of images, such as
 * bounding boxes, is told apart.
 */
import path from 'node:path';
import { count, DataError } from '../data-error';
import { columnChoices, DataQuestion, leaveOut } from '../data-question';
import { listFolder } from '../folder';
import type { ImageData } from '../image-data';
import { imagesOf, isImage } from '../loading/image-files';
import type { LabelledFiles } from '../loading/labelled-images';
import { openImages } from '../loading/open-images';
import type { DataOptions } from '../options';
import { columnOf, labelByName, withNames } from '../tables/layout';
import { type CsvText, eachRow, firstRows, openCsv, type Row } from '../tables/read-csv';
import { isMissing, labelOf, sortedClasses } from '../tables/values';
import { csvFiles } from './csv-tables';
import { type Findings, type FolderFormat, nothing, type Place, type Reading } from './format';
import { partOf } from './parts';

/** Columns of bounding boxes. */
const BOX = /^(x_?min|y_?min|x_?max|y_?max|x1|y1|x2|y2|bbox(_?[xywh])?|left|top|right|bottom|region.*)$/i;
/** Folders in which CSV files, and images, are looked for beside the folder itself; no more than this. */
const LOOKED_AT = 20;

/** Where an annotations file has what. */
interface Columns {
  readonly file: string;
  readonly header: boolean;
  readonly names: readonly string[];
  readonly image: number;
  readonly label: number;
}

/** An annotations file that can be read. */
interface Found extends Columns {
  /** The folder that its file names are relative to. */
  readonly base: string;
  /** The folder that was chosen. */
  readonly root: string;
  readonly part: ReturnType<typeof partOf>;
}

/** Images and a CSV file of their labels. */
export const annotations: FolderFormat = {
  name: 'annotations',
  expected: 'images with a CSV file of their labels',
  find(place: Place, options: DataOptions): Findings {
    const found: Found[] = [];
    /** What is wrong, and with which files. */
    const problems = new Map<string, string[]>();
    const note = (problem: string, file: string) =>
      problems.set(problem, [...(problems.get(problem) ?? []), path.relative(place.folder, file)]);
    const questions: DataQuestion[] = [];
    for (const file of annotationFiles(place)) {
      const start = firstRows(file);
      if (start === undefined) continue;
      const columns = columnsOf(start.csv, start.rows, options);
      if (columns === undefined) continue;
      if ('doubt' in columns) {
        note(columns.doubt, file);
        continue;
      }
      const { base, share } = baseOf(place, columns, start.rows);
      if (base === undefined || share < 0.5) {
        note('lists images, most of which are not here', file);
      } else if ('question' in columns) {
        questions.push(new DataQuestion(file, columns.question, columnChoices(columns.asked)));
      } else found.push({ ...columns, base, root: place.folder, part: partOf(path.basename(file)) });
    }
    const doubts = [...problems].map(([problem, files]) => `${files.join(', ')} ${problem}`);
    if (found.length > 0) return { readings: readingsOf(place, found), doubts };
    const asking = questions.slice(0, 1).map((question): Reading => {
      const open = async () => {
        throw question;
      };
      return { format: 'annotations', reason: question.message, sureness: 1, open };
    });
    return asking.length === 0 && doubts.length === 0 ? nothing : { readings: asking, doubts };
  },
};

/** The CSV files in the folder and in the folders in it. */
function annotationFiles(place: Place): string[] {
  const own = csvFiles(place);
  if (place.file !== undefined || own.length > 0) return own;
  return place.listing.folders.slice(0, LOOKED_AT).flatMap(name => {
    const folder = path.join(place.folder, name);
    return csvFiles({ folder, listing: safely(folder) });
  });
}

function safely(folder: string) {
  try {
    return listFolder(folder);
  } catch (error) {
    if (error instanceof DataError) return { folder, files: [], folders: [] };
    throw error;
  }
}

/** Which column names images and which one labels; `undefined` where none names images. */
function columnsOf(
  { file }: CsvText,
  rows: readonly Row[],
  options: DataOptions,
):
  | Columns
  | { readonly doubt: string }
  | (Columns & { readonly question: string; readonly asked: readonly { readonly name: string }[] })
  | undefined {
  const header = options.header ?? !rows[0]?.fields.some(isImage);
  const { names, body } = withNames(rows, header);
  const image =
    options.fileColumn === undefined
      ? names.findIndex((_, c) => mostlyImages(body.map(({ fields }) => fields[c] ?? '')))
      : columnOf(file, names, options.fileColumn);
  if (image < 0 || body.length === 0) return undefined;
  const boxes = names.filter(name => BOX.test(name));
  if (boxes.length >= 2 && options.labelColumn === undefined) {
    return { doubt: `with bounding boxes (${boxes.join(', ')}), not one label for each image` };
  }
  const columns = { file, header, names, image };
  if (options.labelColumn !== undefined) {
    return { ...columns, label: columnOf(file, names, options.labelColumn) };
  }
  const named = header ? labelByName(names) : undefined;
  const others = names.map((_, c) => c).filter(c => c !== image);
  const label = named ?? (others.length === 1 ? others[0] : onlyClasses(others, body));
  if (label !== undefined) return { ...columns, label };
  if (others.length === 0) return { doubt: 'names images, and no labels' };
  const shown = others.map(c => names[c]).join(', ');
  const asked = others.map(c => ({ name: names[c] ?? '' }));
  const question = `the label could be in ${shown}; say which with --label-column`;
  return { ...columns, label: -1, question, asked };
}

function mostlyImages(values: readonly string[]): boolean {
  return values.length > 0 && values.filter(value => isImage(value.trim())).length >= 0.8 * values.length;
}

/** The only one of some columns whose values come again and again. */
function onlyClasses(columns: readonly number[], body: readonly Row[]): number | undefined {
  const possible = columns.filter(c => {
    const different = new Set(body.map(({ fields }) => fields[c] ?? '')).size;
    return different >= 2 && different <= Math.max(2, body.length / 2);
  });
  return possible.length === 1 ? possible[0] : undefined;
}

/** The folder from which most of the first images are found. */
function baseOf(place: Place, { file, image, header }: Columns, rows: readonly Row[]) {
  const own = path.dirname(file);
  const around = [...new Set([own, place.folder, path.dirname(own)])];
  const inside = around.flatMap(folder =>
    safely(folder)
      .folders.slice(0, LOOKED_AT)
      .map(name => path.join(folder, name)),
  );
  const names = rows.slice(header ? 1 : 0).map(({ fields }) => (fields[image] ?? '').trim());
  const folders = new Folders();
  let best: { readonly base: string | undefined; readonly share: number } = { base: undefined, share: 0 };
  for (const base of [...around, ...inside]) {
    const share = names.filter(name => folders.has(path.join(base, name))).length / Math.max(1, names.length);
    if (share > best.share) best = { base, share };
    if (share === 1) break;
  }
  return best;
}

/** Knows which files there are; each folder is listed once. */
class Folders {
  readonly #known = new Map<string, ReadonlySet<string>>();

  has(file: string): boolean {
    const folder = path.dirname(file);
    let names = this.#known.get(folder);
    if (names === undefined) {
      names = new Set(imagesOf(safely(folder)));
      this.#known.set(folder, names);
    }
    return names.has(path.basename(file));
  }
}

function readingsOf({ folder, file: chosen }: Place, found: readonly Found[]): Reading[] {
  const train = found.filter(({ part }) => part === 'train');
  const wholes = train.length > 0 ? train : found;
  return wholes.map((whole): Reading => {
    const named = (part: Found['part']) =>
      chosen !== undefined || whole.part === part ? undefined : found.find(other => other.part === part);
    const parts = { train: whole, validation: named('validation'), test: named('test') };
    const files = Object.values(parts).flatMap(part => (part ? [path.relative(folder, part.file)] : []));
    const reason = `images with labels in ${files.join(', ')}`;
    const name = path.basename(path.resolve(folder));
    return {
      format: 'annotations',
      reason,
      sureness: 2,
      file: whole.file,
      open: options => open(name, parts, options, reason),
    };
  });
}

/** The files and labels that an annotations file names. */
interface Listed {
  readonly files: string[];
  readonly labels: string[];
  /** What is wrong with rows that are left out. */
  readonly bad: { readonly file: string; readonly reason: string }[];
}

async function open(
  name: string,
  parts: { readonly train: Found; readonly validation: Found | undefined; readonly test: Found | undefined },
  options: DataOptions,
  reading: string,
): Promise<ImageData> {
  const folders = new Folders();
  const list = (part: Found | undefined) => part && listRows(part, folders, options.onBadFile ?? 'stop');
  const [train, validation, test] = [list(parts.train), list(parts.validation), list(parts.test)];
  const classes = sortedClasses(train?.labels ?? []);
  const numbered = (listed: Listed | undefined, part: Found | undefined): LabelledFiles | undefined =>
    listed && {
      files: listed.files,
      labels: listed.labels.map(label => numberOf(label, classes, part?.file ?? '')),
    };
  const unsure = [train, validation, test].flatMap(listed => (listed ? twiceLabelled(listed) : []));
  const trained = numbered(train, parts.train);
  if (trained === undefined || trained.files.length === 0)
    throw new DataError(parts.train.file, 'lists no image that is here');
  const data = await openImages(
    {
      name,
      classes,
      train: trained,
      validation: numbered(validation, parts.validation),
      test: numbered(test, parts.test),
      reading,
      notes: unsure.length === 0 ? [] : [severalLabels(unsure)],
    },
    options,
  );
  const bad = [train, validation, test].flatMap(listed => listed?.bad ?? []);
  return bad.length === 0 ? data : { ...data, skipped: [...bad, ...(data.skipped ?? [])] };
}

/** Images that are listed with different labels. */
function twiceLabelled({ files, labels }: Listed): string[] {
  const first = new Map<string, string | undefined>();
  const twice = new Set<string>();
  for (const [i, file] of files.entries()) {
    if (first.has(file) && first.get(file) !== labels[i]) twice.add(path.basename(file));
    else first.set(file, labels[i]);
  }
  return [...twice];
}

function severalLabels(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
  return `${count(names.length, 'image')} listed with several labels (${shown})`;
}

function numberOf(label: string, classes: readonly string[], file: string): number {
  const number = classes.indexOf(label);
  if (number >= 0) return number;
  const known = classes.slice(0, 5).join(', ') + (classes.length > 5 ? ', …' : '');
  throw new DataError(file, `expected one of the classes to train on (${known}), found “${label}”`);
}

function listRows(
  { file, header, names, image, label, base, root }: Found,
  folders: Folders,
  onBadFile: 'stop' | 'skip',
): Listed {
  const listed: Listed = { files: [], labels: [], bad: [] };
  let first = header;
  eachRow(openCsv(file), row => {
    if (first) {
      first = false;
      return true;
    }
    const { fields } = row;
    const found = path.join(base, (fields[image] ?? '').trim());
    const problem =
      row.problem ??
      problemOf(fields, names, label, found, folders, fields[image] ?? '') ??
      (isInside(base, found) || isInside(root, found) ? undefined : outside(fields[image] ?? ''));
    if (problem === undefined) {
      listed.files.push(found);
      listed.labels.push(labelOf(fields[label] ?? ''));
      return true;
    }
    const reason = `line ${row.line()}: ${problem}`;
    if (onBadFile === 'stop') {
      throw new DataQuestion(
        file,
        `${reason}; repair or remove the row, or leave out such rows (--on-bad-file skip)`,
        [leaveOut('rows')],
      );
    }
    listed.bad.push({ file, reason });
    return true;
  });
  return listed;
}

/** Whether a file lies in a folder, or in one in it; where its name leads, not where links do. */
function isInside(folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

/** A list is no reason to read what lies anywhere else. */
const outside = (written: string) =>
  `the image “${written.trim().slice(0, 100)}” lies outside of the folder; put it into the folder`;

function problemOf(
  fields: readonly string[],
  names: readonly string[],
  label: number,
  found: string,
  folders: Folders,
  written: string,
): string | undefined {
  if (fields.length !== names.length) {
    const what = fields.length < names.length ? 'short' : 'long';
    return `the row is too ${what}: expected ${count(names.length, 'field')}, found ${fields.length}`;
  }
  if (isMissing(fields[label] ?? '')) return `the label (${names[label]}) is missing`;
  if (written.trim() === '') return 'the file name is missing';
  if (!folders.has(found)) return `there is no image “${written.trim().slice(0, 100)}”`;
  return undefined;
}
