/** A dataset that was read for its page, and what is said of it. */
import path from 'node:path';
import { ClassMembers } from '../../../data/class-members';
import { readOptions } from '../../../data/descent-json';
import { openDataset } from '../../../data/find';
import type { ImageData, ImageSplit } from '../../../data/image-data';
import type { DataOptions } from '../../../data/options';
import { channelStatistics, pixelStatistics, samplesPerClass } from '../../../data/statistics';
import type { DatasetSummary, SamplesAnswer, SamplesRequest } from '../../../protocol/dataset';
import { type PartName, partNames } from '../../../protocol/dataset-check';

/** Bytes of pixels in one answer, at most, unless a single image is larger. */
const mostBytes = 1 << 20;

/** A part of the dataset, with what is asked of it. */
export interface OpenSplit {
  readonly split: ImageSplit;
  readonly members: ClassMembers;
}

/** What was read. */
export interface OpenDataset {
  /** The folder; null for the generated digits. */
  readonly folder: string | null;
  readonly data: ImageData;
  /** What is kept beside the data; it was read without the transforms. */
  readonly options: DataOptions;
  readonly summary: DatasetSummary;
  readonly splits: ReadonlyMap<PartName, OpenSplit>;
}

function summarise(
  folder: string | null,
  data: ImageData,
  splits: ReadonlyMap<PartName, OpenSplit>,
  transforms: readonly string[],
): DatasetSummary {
  const { name, train, classes, reading, notes = [], skipped = [] } = data;
  const [width = 1, height = 1, channels = 1] = train.shape.toReversed();
  return {
    name,
    folder,
    height,
    width,
    channels: channels === 3 ? 3 : 1,
    reading,
    notes: [...notes],
    skipped: [...skipped],
    classes: [...classes],
    splits: [...splits].map(([part, { split }]) => ({
      name: part,
      samples: split.length,
      perClass: samplesPerClass(split, classes.length),
      pixels: pixelStatistics(split),
      channels: channelStatistics(split, channels === 3 ? 3 : 1),
    })),
    transforms: [...transforms],
  };
}

/** Reads a dataset to the end. Files that cannot be read are left out, and named. */
export async function readForPage(
  folder: string | null,
  onProgress: (done: number, total: number) => void,
): Promise<OpenDataset> {
  const { transforms = [], ...options } = folder === null ? {} : readOptions(folder);
  const data = await openDataset(folder ?? undefined, { ...options, onBadFile: 'skip', onProgress });
  if (!(data.train.images instanceof Uint8Array)) {
    throw new Error(
      `${data.name}: its samples are rows of ${data.train.images.length / data.train.length} numbers, not images`,
    );
  }
  const splits = new Map<PartName, OpenSplit>();
  for (const part of partNames) {
    const split = data[part];
    if (split === undefined) continue;
    await split.pending?.all();
    splits.set(part, { split, members: new ClassMembers(split, data.classes.length) });
  }
  return { folder, data, options, splits, summary: summarise(folder, data, splits, transforms) };
}

/** The bytes of some samples, one after the other, in base 64. */
export function pixelsOf({ images, shape }: ImageSplit, indices: readonly number[]): string {
  const size = shape.reduce((product, length) => product * length, 1);
  const pixels = new Uint8Array(indices.length * size);
  for (const [i, index] of indices.entries()) {
    pixels.set(images.subarray(index * size, (index + 1) * size), i * size);
  }
  return Buffer.from(pixels.buffer).toString('base64');
}

/** Some samples of a class. */
export function pick(
  { split, members }: OpenSplit,
  { label, from, count, seed }: SamplesRequest,
): SamplesAnswer {
  const size = split.shape.reduce((product, length) => product * length, 1);
  const most = Math.max(1, Math.min(count, Math.floor(mostBytes / size)));
  const indices = [...members.of(label, seed).subarray(from, from + most)];
  return { indices, pixels: pixelsOf(split, indices) };
}

/** The name of a sample's file in the folder; null where it has none of its own. */
export function fileOf({ folder }: OpenDataset, { files }: ImageSplit, index: number): string | null {
  const file = files?.[index];
  if (file === undefined) return null;
  return folder === null ? file : path.relative(path.resolve(folder), path.resolve(file));
}
