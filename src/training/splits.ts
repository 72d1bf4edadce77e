/** Which samples are trained on and which are held out. */
import { randomSplit } from '../data/dataset';
import { type ImageSplit, numbersOf } from '../data/image-data';
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

/** Some samples of a split, in an order of their own; nothing is copied. */
export interface Selection {
  readonly split: ImageSplit;
  /** Which ones; all of them, in their order, without it. */
  readonly rows?: Int32Array;
}

/** How many samples are selected. */
export function lengthOf({ split, rows }: Selection): number {
  return rows?.length ?? split.length;
}

/** Which samples are selected, from the one at `start` until before the one at `end`. */
export function rowsOf({ rows }: Selection, start: number, end: number): Int32Array {
  return rows?.subarray(start, end) ?? Int32Array.from({ length: end - start }, (_, i) => start + i);
}

/** The numbers and labels of selected samples, from the one at `start` until before the one at `end`. */
export function select(
  selection: Selection,
  start: number,
  end: number,
): Pick<ImageSplit, 'images' | 'labels'> {
  const { split, rows } = selection;
  const each = split.shape.reduce((product, size) => product * size, 1);
  if (rows === undefined && split.stream === undefined) {
    return {
      images: split.images.subarray(start * each, end * each),
      labels: split.labels.subarray(start, end),
    };
  }
  const length = (end - start) * each;
  const images = split.images instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  const labels = new Int32Array(end - start);
  rowsOf(selection, start, end).forEach((from, to) => {
    images.set(numbersOf(split, from), to * each);
    labels[to] = split.labels[from] ?? 0;
  });
  return { images, labels };
}
