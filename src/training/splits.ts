/** Which samples are trained on and which are held out. */
import { randomSplit } from '../data/dataset';
import type { ImageSplit } from '../data/image-data';
import { Generator } from '../engine';

/** Indices into the training set. */
export interface TrainingSplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/** Far from where the weights and the shuffling of the same seed are drawn. */
const splitOffset = 2 ** 40;

/** Holds a share of the samples out for validation; the same seed holds out the same ones. */
export function splitTraining(length: number, share: number, seed: number): TrainingSplit {
  // 0.29 of 100 is 29, though the product of the floats is a little less.
  const held = Math.floor(length * share + 1e-6);
  const generator = new Generator().setState({ seed, offset: splitOffset });
  const everything = { length, get: (i: number) => i };
  const [train, validation] = randomSplit(everything, [length - held, held], generator);
  return {
    train: Int32Array.from(train?.indices ?? []),
    validation: Int32Array.from(validation?.indices ?? []),
  };
}

/** The samples of a split with these indices, in this order. */
export function pick(split: ImageSplit, indices: Int32Array): ImageSplit {
  const pixels = split.shape.reduce((product, size) => product * size, 1);
  const images = new Uint8Array(indices.length * pixels);
  indices.forEach((from, to) => {
    images.set(split.images.subarray(from * pixels, (from + 1) * pixels), to * pixels);
  });
  const labels = Uint8Array.from(indices, i => split.labels[i] ?? 0);
  return { images, shape: split.shape, labels, length: indices.length };
}
