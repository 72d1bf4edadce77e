/** Gives a data set the transforms that somebody chose for it. */
import { DataError } from '../data-error';
import { fingerprintOf, type ImageData, type ImageSplit } from '../image-data';
import { channelStatistics } from '../statistics';
import { planTransforms, shapeAfter, type TransformPlan } from './plan';
import { applyAll, imageShape, type Normalization, SampleTransforms, sampleShape } from './sample-transforms';
import type { ImageShape, PixelTransform } from './transform';
import { naming } from './transform-error';

/**
 * The data set with its transforms. What stands before the first random one is done at once, unless it was while the
 * images were read.
 * @throws DataError where they do not fit the data
 */
export async function withTransforms(data: ImageData, texts: readonly string[]): Promise<ImageData> {
  if (texts.length === 0) return data;
  const { name } = data;
  const plan = naming(name, () => planTransforms(texts));
  checkImages(data);
  const fixed = data.transformed ? data : naming(name, () => fixedData(data, plan.before));
  const from = imageShape(fixed.train.shape);
  const to = naming(name, () => shapeAfter(plan.evaluation, from));
  const computed = await computeNormalization(fixed, plan, from, to);
  const transforms = naming(name, () => new SampleTransforms(plan, from, computed));
  const notes = [...(data.notes ?? []), ...notesOf(transforms, computed)];
  return { ...fixed, notes, transforms };
}

/**
 * Refuses data whose samples are no images of 8 bits.
 * @throws DataError
 */
export function checkImages({ name, train }: ImageData): void {
  const { shape, images } = train;
  if (images instanceof Uint8Array && shape.length >= 2) return;
  const found = shape.length === 1 ? `rows of ${shape[0]} numbers` : `numbers of ${shape.join('×')}`;
  throw new DataError(name, `transforms are for images of 8 bits, its samples are ${found}; leave them out`);
}

function fixedData(data: ImageData, before: readonly PixelTransform[]): ImageData {
  if (before.length === 0) return data;
  const train = fixedSplit(data.train, before);
  const validation = data.validation && fixedSplit(data.validation, before);
  const test = data.test && fixedSplit(data.test, before);
  return { ...data, train, validation, test, fingerprint: fingerprintOf(train, validation, test) };
}

/** A part after transforms that draw nothing. */
export function fixedSplit(split: ImageSplit, before: readonly PixelTransform[]): ImageSplit {
  const from = imageShape(split.shape);
  const to = sampleShape(shapeAfter(before, from));
  const size = to.reduce((product, length) => product * length, 1);
  const each = split.images.length / Math.max(1, split.length);
  const images = new Uint8Array(split.length * size);
  for (let i = 0; i < split.length; i++) {
    const data = Uint8Array.from(split.images.subarray(i * each, (i + 1) * each));
    images.set(applyAll(before, { ...from, data }).data, i * size);
  }
  return { ...split, images, shape: to };
}

/** Mean and standard deviation of the channels of the training images, where `Normalize` is to take these. */
async function computeNormalization(
  { name, train }: ImageData,
  { normalize, evaluation }: TransformPlan,
  from: ImageShape,
  to: ImageShape,
): Promise<Normalization | undefined> {
  if (normalize === undefined || normalize.statistics !== undefined) return undefined;
  if (train.stream !== undefined) {
    throw new DataError(
      name,
      'Normalize: the images have no room in memory to compute it; give its mean and std',
    );
  }
  await train.pending?.all();
  const split = evaluation.length === 0 ? train : naming(name, () => fixedSplit(train, evaluation));
  const channels = channelStatistics(split, evaluation.length === 0 ? from.channels : to.channels);
  // As one writes them down, and as they stand in the run: with four places.
  const rounded = (value: number) => Number((value / 255).toFixed(4));
  const [mean, std] = [channels.map(c => rounded(c.mean)), channels.map(c => rounded(c.std))];
  if (std.every(value => value > 0)) return { mean, std };
  throw new DataError(
    name,
    'Normalize: all pixels of a channel are equal, so that nothing can be divided by their spread',
  );
}

function notesOf(transforms: SampleTransforms, computed: Normalization | undefined): string[] {
  const { texts, plan } = transforms;
  const notes = [`transforms: ${texts.join(', ')}`];
  const random = plan.training.filter(({ random }) => random).length;
  const erasing = plan.erasing.before.length + plan.erasing.after.length;
  if (random + erasing > 0) {
    const instead = plan.evaluation.map(({ text }) => text).join(', ');
    notes.push(
      `outside of training ${instead === '' ? 'random ones are left out' : `${instead} in place of random ones`}`,
    );
  }
  if (computed !== undefined) notes.push('mean and standard deviation are those of the training images');
  return notes;
}
