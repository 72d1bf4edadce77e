/** The entrance: from the folder that somebody chose to a data set, whatever its format. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { DataError, oneLine } from './data-error';
import { type DataChoice, DataQuestion } from './data-question';
import { cachedDigits } from './digits-cache';
import { listFolder, noDataset } from './folder';
import { annotations } from './formats/annotations';
import { npyPairs, npzArchives } from './formats/arrays';
import { classFolders } from './formats/class-folders';
import { csvTables } from './formats/csv-tables';
import type { Findings, FolderFormat, Place, Reading } from './formats/format';
import { idxFolders } from './formats/idx-folders';
import { indexedImages } from './formats/indexed-images';
import type { ImageData } from './image-data';
import type { DataOptions, OpeningOptions } from './options';
import { withTransforms } from './transforms/for-data';
import { withTargets } from './transforms/targets';

/** The formats, each of which looks at the folder. A new format is a line here. */
export const FORMATS: readonly FolderFormat[] = [
  idxFolders,
  classFolders,
  annotations,
  indexedImages,
  csvTables,
  npzArchives,
  npyPairs,
];

/** Where a folder holds nothing but one other, that one is looked at; so far. */
const MOST_DEPTH = 3;

/** All ways in which a folder can be read, the surest first, and why others are none. */
export async function findReadings(folder: string, options: DataOptions = {}): Promise<Findings> {
  let place = placeOf(options.file === undefined ? folder : chosenIn(folder, options.file));
  let outermost: Findings | undefined;
  for (let depth = 0; ; depth++) {
    const findings = await lookAt(place, options);
    if (findings.doubts.length > 0) outermost ??= findings;
    const [only] = place.listing.folders;
    const single = place.listing.folders.length === 1 && place.listing.files.length === 0;
    if (findings.readings.length > 0) return findings;
    if (!single || only === undefined || depth === MOST_DEPTH) return outermost ?? findings;
    place = placeOf(path.join(place.folder, only));
  }
}

/** The file that is to be read in a folder; one that was chosen in place of the folder stays it. */
function chosenIn(folder: string, file: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isFile()) return folder;
  const chosen = path.join(folder, file);
  if (statSync(chosen, { throwIfNoEntry: false })?.isFile()) return chosen;
  throw new DataError(
    folder,
    `there is no file ${file}, which is to be read by its descent.json; change "file" there`,
  );
}

function placeOf(chosen: string): Place {
  if (!statSync(chosen, { throwIfNoEntry: false })?.isFile())
    return { folder: chosen, listing: listFolder(chosen) };
  const folder = path.dirname(path.resolve(chosen));
  return { folder, listing: listFolder(folder), file: path.basename(chosen) };
}

async function lookAt(place: Place, options: DataOptions): Promise<Findings> {
  const found: Findings[] = [];
  for (const format of FORMATS) {
    if (options.format === undefined || options.format === format.name)
      found.push(await format.find(place, options));
  }
  const readings = found.flatMap(({ readings }) => readings).sort((a, b) => b.sureness - a.sureness);
  return { readings, doubts: found.flatMap(({ doubts }) => doubts) };
}

/**
 * The way in which a folder is to be read.
 * @throws DataError where there is none, or where only the person can tell which of several it is
 */
export function choose(folder: string, { readings, doubts }: Findings): Reading {
  const [best, second] = readings;
  if (best === undefined && statSync(folder, { throwIfNoEntry: false })?.isFile()) {
    const why = doubts.length > 0 ? doubts.join('; ') : 'it is no table, no array and no list of images';
    throw new DataError(folder, `no data set: ${why}; choose another file, or a folder`);
  }
  if (best === undefined) throw noDataset(folder, FORMATS.map(({ expected }) => expected).join(', '), doubts);
  if (second === undefined || second.sureness < best.sureness) return best;
  const possible = readings.filter(({ sureness }) => sureness === best.sureness);
  const ways = possible.map(({ format, reason }) => `${format} (${reason})`);
  const alike = possible.every(({ format }) => format === best.format);
  const how = alike
    ? 'choose one of the files, or set "file" in a descent.json in the folder'
    : 'choose one with --format, or with "format" in a descent.json in the folder';
  throw new DataQuestion(
    folder,
    `can be read in ${ways.length} ways: ${ways.join(', or ')}; ${how}`,
    possible.map(({ format, reason, file }): DataChoice => {
      const single = possible.filter(other => other.format === format).length === 1;
      if (single || file === undefined) return { label: format, description: reason, options: { format } };
      const inFolder = path.relative(folder, file);
      return { label: inFolder, description: reason, options: { format, file: inFolder } };
    }),
  );
}

/**
 * Opens the data set in a folder, or the generated digits when there is no folder.
 * @throws DataError when the folder holds no data set, or a broken one.
 */
export async function openDataset(
  folder: string | undefined,
  options: OpeningOptions = {},
): Promise<ImageData> {
  if (folder === undefined) return transformed(cachedDigits(), options);
  const data = await choose(folder, await findReadings(folder, options)).open(options);
  return transformed(data, options);
}

/** Where the transforms do not fit the data, nobody needs what is still being read of it. */
async function transformed(
  data: ImageData,
  { transforms = [], targetTransform = {} }: DataOptions,
): Promise<ImageData> {
  try {
    return await withTransforms(withTargets(shown(data), targetTransform), transforms);
  } catch (error) {
    data.train.pending?.abandon();
    throw error;
  }
}

/** The data set with names and texts of one line each: they hold what folders, files and cells of tables are called. */
function shown(data: ImageData): ImageData {
  const { name, classes, reading, notes, skipped } = data;
  return {
    ...data,
    name: oneLine(name),
    classes: classes.map(oneLine),
    ...(reading !== undefined && { reading: oneLine(reading) }),
    ...(notes && { notes: notes.map(oneLine) }),
    ...(skipped && { skipped: skipped.map(({ file, reason }) => ({ file, reason: oneLine(reason) })) }),
  };
}
