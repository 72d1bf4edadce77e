/** Images in one sub-folder per class, as torchvision's `ImageFolder` has them; with or without train, val and test. */
import path from 'node:path';
import { count, DataError } from '../data-error';
import { type Listing, listFolder } from '../folder';
import type { ImageData } from '../image-data';
import { imagesBelow, imagesOf } from '../loading/image-files';
import type { LabelledFiles } from '../loading/labelled-images';
import { openImages } from '../loading/open-images';
import type { DataOptions } from '../options';
import { type Findings, type FolderFormat, nothing, type Place, type Reading } from './format';
import { type Parts, partFolders } from './parts';

/** The images of one class. */
interface ClassFolder {
  readonly name: string;
  readonly files: readonly string[];
}

/** No more class folders than this are looked into to see whether there are images. */
const LOOKED_AT = 20;

/** Links that are named one by one. */
const SHOWN = 3;

/** Sub-folders of classes. */
export const classFolders: FolderFormat = {
  name: 'class-folders',
  expected: 'a folder of images for each class',
  find({ folder, listing, file }: Place): Findings {
    if (file !== undefined) return nothing;
    const parts = partFolders(listing);
    const train = parts.train === undefined ? listing : listFolder(path.join(folder, parts.train));
    const without = parts.train === undefined ? Object.values(parts) : [];
    if (!holdsClasses(train, without)) return doubtsOf(folder, train, without);
    return { readings: [readingOf(folder, train, parts)], doubts: [] };
  },
};

/** Whether there are images in at least two of the sub-folders. */
function holdsClasses({ folder, folders }: Listing, without: readonly (string | undefined)[]): boolean {
  const own = folders.filter(name => !without.includes(name)).slice(0, LOOKED_AT);
  const holding = own.filter(name => {
    const inside = readable(path.join(folder, name));
    if (inside === undefined) return false;
    if (imagesOf(inside).length > 0) return true;
    return inside.folders.slice(0, 3).some(child => {
      const below = readable(path.join(folder, name, child));
      return below !== undefined && imagesOf(below).length > 0;
    });
  });
  return holding.length >= 2;
}

/** Why images that are there are none in class folders: they have no labels, or all the same one. */
function doubtsOf(root: string, listing: Listing, without: readonly (string | undefined)[]): Findings {
  const place = path.relative(root, listing.folder);
  const inPlace = place === '' ? '' : ` in ${place}`;
  const images = imagesOf(listing).length;
  const [only, ...others] = listing.folders.filter(name => !without.includes(name));
  const inside = only === undefined ? undefined : readable(path.join(listing.folder, only));
  const doubt =
    images > 0
      ? `${count(images, 'image')}${inPlace} and no labels for them: put them into a folder for each class, or add a CSV file with a column of their names and one of labels`
      : others.length === 0 && inside !== undefined && imagesOf(inside).length > 0
        ? `images in a single class folder${inPlace} (${only}): expected a folder for each of at least two classes`
        : undefined;
  return doubt === undefined ? nothing : { readings: [], doubts: [doubt] };
}

function readable(folder: string): Listing | undefined {
  try {
    return listFolder(folder);
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

function readingOf(folder: string, train: Listing, parts: Parts): Reading {
  const names = [parts.train, parts.validation, parts.test].filter(name => name !== undefined);
  const under = parts.train === undefined ? '' : ` under ${names.map(name => `${name}/`).join(', ')}`;
  const classes = train.folders.filter(name => parts.train !== undefined || !names.includes(name));
  const reason = `images in ${count(classes.length, 'class folder')}${under}`;
  return {
    format: 'class-folders',
    reason,
    sureness: 3,
    open: options => open({ folder, train, parts, reason }, options),
  };
}

interface Found {
  readonly folder: string;
  readonly train: Listing;
  readonly parts: Parts;
  readonly reason: string;
}

function open({ folder, train, parts, reason }: Found, options: DataOptions): Promise<ImageData> {
  const held = parts.train === undefined ? [parts.validation, parts.test] : [];
  const circles = (train.circles ?? []).map(link => path.join(train.folder, link));
  const all = classesIn(train, held, circles);
  const classes = all.filter(({ files }) => files.length > 0);
  const empty = all.filter(({ files }) => files.length === 0).map(({ name }) => name);
  const notes = empty.map(name => `the class folder ${name} is empty and left out`);
  for (const link of circles.slice(0, SHOWN)) {
    notes.push(`the link ${path.relative(folder, link)} leads back to where it is and is not followed`);
  }
  if (circles.length > SHOWN) notes.push(`${count(circles.length - SHOWN, 'more link')} that lead back`);
  const loose = imagesOf(train).length;
  if (loose > 0)
    notes.push(
      `${count(loose, 'image')} beside the class folders ${loose === 1 ? 'is' : 'are'} in no class and left out`,
    );
  const few = classes.filter(({ files }) => files.length === 1).map(({ name }) => name);
  if (few.length > 0) notes.push(`of ${few.slice(0, 3).join(', ')} there is a single image`);
  const names = classes.map(({ name }) => name);
  const part = (name: string | undefined) =>
    name === undefined
      ? undefined
      : labelled(classesIn(listFolder(path.join(folder, name)), []), names, path.join(folder, name));
  return openImages(
    {
      name: path.basename(path.resolve(folder)),
      classes: names,
      train: labelled(classes, names, train.folder),
      validation: part(parts.validation),
      test: part(parts.test),
      reading: reason,
      notes,
    },
    options,
  );
}

function classesIn(
  { folder, folders }: Listing,
  without: readonly (string | undefined)[],
  circles: string[] = [],
): ClassFolder[] {
  return folders
    .filter(name => !without.includes(name))
    .map(name => ({ name, files: imagesBelow(path.join(folder, name), circles) }));
}

/** The files of some classes with the numbers of these classes. */
function labelled(folders: readonly ClassFolder[], classes: readonly string[], place: string): LabelledFiles {
  const stranger = folders.find(({ name, files }) => files.length > 0 && !classes.includes(name));
  if (stranger !== undefined) {
    throw new DataError(
      path.join(place, stranger.name),
      `expected a folder of one of the classes to train on (${some(classes)}), found ${stranger.name}; rename or remove it`,
    );
  }
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const files: string[] = [];
  const labels: number[] = [];
  for (const { name, files: own } of folders) {
    for (const file of own) {
      files.push(file);
      labels.push(numbers.get(name) ?? 0);
    }
  }
  return { files, labels };
}

function some(names: readonly string[]): string {
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
}
