/** What transforms would make of some training images, before anything is trained. */
import type { ImageData, ImageSplit } from '../image-data';
import type { ImageThreads } from '../images/threads';
import { planImages } from '../loading/image-plan';
import type { DataOptions } from '../options';
import { Draws } from './draws';
import { checkImages, fixedSplit } from './for-data';
import { planTransforms } from './plan';
import { imageShape, SampleTransforms } from './sample-transforms';
import type { ImageShape } from './transform';
import { naming } from './transform-error';

/** What is to be shown. */
export interface PreviewRequest {
  readonly texts: readonly string[];
  /** Samples of the training set. */
  readonly rows: readonly number[];
  /** How often each is changed. */
  readonly variants: number;
  readonly seed: number;
}

/** Images as a network would get them, but for `Normalize`: bytes. */
export interface Preview extends ImageShape {
  /** For each sample as many images as there are variants. */
  readonly pixels: Uint8Array;
}

/** Some samples of a part, as a part of its own. */
function some(split: ImageSplit, rows: readonly number[]): ImageSplit {
  const each = split.images.length / Math.max(1, split.length);
  const images = new Uint8Array(rows.length * each);
  rows.forEach((row, i) => {
    images.set(split.images.subarray(row * each, (row + 1) * each), i * each);
  });
  const labels = Uint8Array.from(rows, () => 0);
  return { images, shape: split.shape, labels, length: rows.length };
}

/** The samples, decoded anew where they are files, so that the first transforms see them in their own size. */
async function samplesFor(
  { train }: ImageData,
  options: DataOptions,
  { rows, texts }: PreviewRequest,
  threads: ImageThreads,
): Promise<{ readonly split: ImageSplit; readonly transformed: boolean }> {
  const { files } = train;
  if (files === undefined || planTransforms(texts).before.length === 0) {
    return { split: some(train, rows), transformed: false };
  }
  const { seen: _, ...form } = await planImages(files, threads, { ...options, transforms: [...texts] });
  const own = rows.map(row => files[row] ?? '');
  const { pixels } = await threads.ask({ kind: 'decode', files: own, ...form });
  const { size, channels } = form;
  const shape = channels === 1 ? [size.height, size.width] : [channels, size.height, size.width];
  const labels = new Uint8Array(rows.length);
  return { split: { images: pixels, shape, labels, length: rows.length }, transformed: true };
}

/**
 * Changes some samples as training would.
 * @param data opened without transforms, and read to the end
 * @param threads read files, where there are any
 * @throws DataError where the transforms do not fit the data
 */
export async function previewTransforms(
  data: ImageData,
  options: DataOptions,
  request: PreviewRequest,
  threads: ImageThreads,
): Promise<Preview> {
  const { texts, rows, variants, seed } = request;
  const plan = naming(data.name, () => planTransforms(texts));
  checkImages(data);
  const { split, transformed } = await samplesFor(data, options, request, threads);
  const train = transformed ? split : naming(data.name, () => fixedSplit(split, plan.before));
  // What `Normalize` computes is not seen in a picture.
  const transforms = naming(data.name, () => new SampleTransforms(plan, imageShape(train.shape), undefined));
  const shape = imageShape(transforms.shape);
  const each = shape.channels * shape.height * shape.width;
  const from = train.images.length / Math.max(1, rows.length);
  const pixels = new Uint8Array(rows.length * variants * each);
  const draws = new Draws();
  const place = { generator: { seed, offset: 0 }, position: 0 };
  for (let i = 0; i < rows.length * variants; i++) {
    const row = Math.floor(i / variants);
    const sample = train.images.subarray(row * from, (row + 1) * from);
    const bytes = sample instanceof Uint8Array ? sample : Uint8Array.from(sample);
    pixels.set(transforms.previewed(bytes, draws.of(place, i)), i * each);
  }
  return { ...shape, pixels };
}
