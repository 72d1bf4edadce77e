/** Images named by their index (`0.png`, `00001.jpg`) and a `labels.npy` that holds the label of each. */
import path from 'node:path';
import { count, DataError } from '../data-error';
import { type Listing, listFolder } from '../folder';
import type { ImageData } from '../image-data';
import { imagesOf } from '../loading/image-files';
import type { LabelledFiles } from '../loading/labelled-images';
import { openImages } from '../loading/open-images';
import type { DataOptions } from '../options';
import { arraysIn, readArray } from './array-files';
import { labelsOf, numberedClasses } from './array-samples';
import { type Findings, type FolderFormat, nothing, type Place } from './format';
import { partFolders } from './parts';

const LABELS = /^(.*[_-])?(labels?|targets?|y)([_-].*)?\.npy$/i;

/** Images, and the file of their labels. */
interface Found {
  readonly folder: string;
  readonly images: readonly string[];
  readonly labels: string;
}

/** Numbered images and their labels. */
export const indexedImages: FolderFormat = {
  name: 'indexed-images',
  expected: 'numbered images with a labels.npy',
  find({ folder, listing, file }: Place): Findings {
    if (file !== undefined) return nothing;
    const parts = partFolders(listing);
    const in_ = (name: string | undefined) =>
      name === undefined ? undefined : findIn(listFolder(path.join(folder, name)));
    const train = in_(parts.train) ?? findIn(listing);
    if (train === undefined) return nothing;
    const [validation, test] = [in_(parts.validation), in_(parts.test)];
    const shown = [train, validation, test].flatMap(part =>
      part ? [path.relative(folder, part.labels)] : [],
    );
    const reason = `images named by number, with labels in ${shown.join(', ')}`;
    const name = path.basename(path.resolve(folder));
    const open = (options: DataOptions) => load(name, train, validation, test, options, reason);
    return { readings: [{ format: 'indexed-images', reason, sureness: 3, open }], doubts: [] };
  },
};

/** Numbered images in a folder, or in a folder in it, beside labels. */
function findIn(listing: Listing): Found | undefined {
  const file = listing.files.find(name => LABELS.test(name));
  if (file === undefined) return undefined;
  const labels = path.join(listing.folder, file);
  const places = [
    listing,
    ...listing.folders.slice(0, 20).map(name => listFolder(path.join(listing.folder, name))),
  ];
  for (const { folder, files, folders } of places) {
    const images = imagesOf({ folder, files, folders }).filter(name => indexOf(name) !== undefined);
    if (images.length > 0) return { folder, images, labels };
  }
  return undefined;
}

/** The number that an image is named by. */
function indexOf(name: string): number | undefined {
  const digits = /^(?:[a-z]*[_-]?)?(\d+)\.[a-z]+$/i.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

async function load(
  name: string,
  train: Found,
  validation: Found | undefined,
  test: Found | undefined,
  options: DataOptions,
  reading: string,
): Promise<ImageData> {
  const read = async (found: Found | undefined) => found && readLabels(found);
  const [trained, validated, tested] = [await readLabels(train), await read(validation), await read(test)];
  const classes = numberedClasses(
    { file: train.labels, name: '', shape: [trained.labels.length] },
    trained.labels,
  );
  const most = classes.length - 1;
  for (const [i, part] of [validated, tested].entries()) {
    const stranger = part === undefined ? -1 : Array.from(part.labels).findIndex(label => label > most);
    if (stranger < 0) continue;
    const where = [validation, test][i]?.labels ?? train.labels;
    throw new DataError(where, `expected labels from 0 to ${most}, found ${part?.labels[stranger]}`);
  }
  const notes = [trained, validated, tested].flatMap(part => part?.notes ?? []);
  return openImages(
    { name, classes, train: trained, validation: validated, test: tested, reading, notes },
    options,
  );
}

/** The images of a part, and what to know of them. */
interface Numbered extends LabelledFiles {
  readonly notes: readonly string[];
}

async function readLabels({ folder, images, labels: file }: Found): Promise<Numbered> {
  const [where] = (await arraysIn(file)).arrays;
  if (where === undefined) throw new DataError(file, 'it holds no array');
  const sorted = images.map(name => ({ name, index: indexOf(name) ?? 0 })).sort((a, b) => a.index - b.index);
  const twice = sorted.find(({ index }, i) => i > 0 && sorted[i - 1]?.index === index);
  if (twice !== undefined)
    throw new DataError(
      path.join(folder, twice.name),
      `another image has the number ${twice.index} too; keep one of them`,
    );
  const first = sorted[0]?.index ?? 0;
  const last = sorted.at(-1)?.index ?? 0;
  // Numbers from 1 or from 0 without a gap: as many labels as images.
  const begin = first === 1 && last === images.length ? 1 : 0;
  const array = await readArray(where);
  const gaps = last - begin + 1 !== images.length;
  const labels = labelsOf(where, array, gaps ? (array.shape[0] ?? 0) : images.length, 'image');
  const beyond = sorted.find(({ index }) => index - begin >= labels.length);
  if (beyond !== undefined) {
    throw new DataError(
      file,
      `expected a label for ${beyond.name}, found ${count(labels.length, 'label')}; use the files of one data set`,
    );
  }
  const without = labels.length - sorted.length;
  return {
    notes: without > 0 ? [`${count(without, 'label')} without an image left out`] : [],
    files: sorted.map(entry => path.join(folder, entry.name)),
    labels: sorted.map(({ index }) => labels[index - begin] ?? 0),
  };
}
