/** Transforms in the order that somebody gave, sorted by when each of them is done. */
import { readTransforms } from './catalogue';
import { eraseBytes } from './erasing';
import type { Erasing, ImageShape, Normalize, PixelTransform, Transform } from './transform';
import { TransformError } from './transform-error';

/** What is done with samples, and when. */
export interface TransformPlan {
  /** On every image, once, when the data is read: what stands before the first random transform. */
  readonly before: readonly PixelTransform[];
  /** On each training image, each time that it is taken. */
  readonly training: readonly PixelTransform[];
  /** On other images in place of that. */
  readonly evaluation: readonly PixelTransform[];
  /** On pixels from 0 to 1. */
  readonly normalize: Normalize | undefined;
  /** On training images whose pixels are numbers already, before `Normalize` and after it. */
  readonly erasing: { readonly before: readonly Erasing[]; readonly after: readonly Erasing[] };
}

/**
 * The plan of some transforms.
 * @param texts each holds one transform or several
 * @throws TransformError where one is wrong, or they go not together
 */
export function planTransforms(texts: readonly string[]): TransformPlan {
  const all = texts.flatMap(readTransforms);
  const normalizing = all.filter(({ kind }) => kind === 'normalize');
  if (normalizing.length > 1) throw new TransformError('Normalize is given twice');
  const pixels: PixelTransform[] = [];
  const erasing = { before: [] as Erasing[], after: [] as Erasing[] };
  let normalize: Normalize | undefined;
  for (const transform of all) {
    if (transform.kind === 'normalize') normalize = transform;
    else if (transform.kind === 'erasing') {
      const { value } = transform;
      const inBytes = normalize === undefined && erasing.before.length === 0;
      if (inBytes && value !== 'random') pixels.push(eraseBytes(transform, value));
      else (normalize === undefined ? erasing.before : erasing.after).push(transform);
    } else if (transform.kind === 'pixels') {
      checkOrder(transform, normalize ?? erasing.before[0]);
      pixels.push(transform);
    }
  }
  const first = pixels.findIndex(({ random }) => random);
  const before = first < 0 ? pixels : pixels.slice(0, first);
  const training = pixels.slice(before.length);
  const evaluation = training.flatMap(each => (each.random ? (each.evaluation ?? []) : each));
  return { before, training, evaluation, normalize, erasing };
}

function checkOrder(transform: PixelTransform, earlier: Transform | undefined): void {
  if (earlier === undefined) return;
  throw new TransformError(
    `${transform.text} works on pixels and stands behind ${earlier.text}, after which they are numbers; put it before that`,
  );
}

/**
 * How large images are after some transforms.
 * @throws TransformError where one cannot be applied
 */
export function shapeAfter(transforms: readonly PixelTransform[], from: ImageShape): ImageShape {
  return transforms.reduce((shape, transform) => transform.shapeOf(shape), from);
}
