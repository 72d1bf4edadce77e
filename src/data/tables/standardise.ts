/** Features in the order of one: each less its mean, divided by its standard deviation, both of the training set. */
import type { ImageSplit } from '../image-data';
import { figuresOf } from './feature-figures';

/** Standardises features; pixels, and numbers that are no plain rows, stay as they are. */
export function standardise(
  train: ImageSplit,
  others: readonly (ImageSplit | undefined)[],
): [ImageSplit, ...(ImageSplit | undefined)[]] {
  if (train.images instanceof Uint8Array || train.shape.length !== 1) return [train, ...others];
  const [width = 0] = train.shape;
  const figures = Array.from({ length: width }, (_, i) => figuresOf(train.images, train.length, i, width));
  const apply = (split: ImageSplit): ImageSplit => ({
    ...split,
    images: Float32Array.from(split.images, (value, i) => {
      const { mean, std } = figures[i % width] ?? { mean: 0, std: 1 };
      return (value - mean) / std;
    }),
  });
  return [apply(train), ...others.map(split => split && apply(split))];
}
