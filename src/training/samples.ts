/**
 * Getting samples to the model. On the CPU the whole 8-bit data set is a constant of the compiled step,
 * which picks the rows of a batch itself; elsewhere the host picks them. Either way pixels stay 8-bit
 * until they are on the device, and become numbers from 0 to 1 there (torchvision's `ToTensor`), normalized where that
 * was chosen. Random transforms change each sample on the host when it is picked.
 */
import { type ImageSplit, numbersOf } from '../data/image-data';
import { Draws, type EpochPlace } from '../data/transforms/draws';
import type { Normalization, SampleTransforms } from '../data/transforms/sample-transforms';
import { type Device, fromArray, hostInput, type Tensor } from '../engine';

/** Where the next batch's samples stand in the data set; gives where in the epoch that batch begins. */
export type BatchIndices = (target: Int32Array, start: number) => EpochPlace;

/** Images [N, channels, height, width] as float32 from 0 to 1, or features [N, features]; labels [N] as int64. */
export interface Batch {
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** The shape in which a network gets a sample: grey images have one channel. */
function shapeOf({ shape }: Pick<ImageSplit, 'shape'>): readonly number[] {
  return shape.length === 2 ? [1, ...shape] : shape;
}

/** Bytes that the host picks for one run of several steps. */
const mostPicked = 1 << 26;

/** Samples of a split as tensors. */
export class Samples {
  readonly #images: Tensor;
  readonly #labels: Tensor;
  readonly #shape: readonly number[];
  /** Numbers of one sample. */
  readonly #each: number;

  constructor(
    readonly split: ImageSplit,
    private readonly device: Device,
    private readonly transforms?: SampleTransforms,
  ) {
    this.#shape = shapeOf(split);
    this.#each = this.#shape.reduce((product, size) => product * size, 1);
    const rows = split.stream === undefined ? split.length : 0;
    this.#images = fromArray(split.images, [rows, ...this.#shape]);
    this.#labels = fromArray(BigInt64Array.from(split.labels, BigInt), [split.length]);
  }

  /** Steps that may be taken in one run: what the host picks for all of them lies in memory together. */
  mostSteps(size: number): number {
    const { transforms, split } = this;
    const changed = transforms?.changesTraining ?? false;
    if (!changed && this.device === 'cpu' && split.stream === undefined) return Number.POSITIVE_INFINITY;
    const each = changed ? (transforms?.size ?? 0) * (transforms?.dtype === 'float32' ? 4 : 1) : this.#each;
    return Math.max(1, Math.floor(mostPicked / Math.max(1, size * each)));
  }

  /** A batch that the step asks for anew each time it runs. */
  batch(size: number, indices: BatchIndices): Batch {
    if (this.transforms?.changesTraining) return this.#changedByHost(size, indices, this.transforms);
    if (this.device !== 'cpu' || this.split.stream !== undefined) return this.#pickedByHost(size, indices);
    const rows = hostInput({ shape: [size], dtype: 'int32' }, this.device, (target, start) => {
      if (target instanceof Int32Array) indices(target, start);
    });
    return {
      images: normalize(this.#images.indexSelect(0, rows), this.transforms?.normalization),
      labels: this.#labels.indexSelect(0, rows),
    };
  }

  #pickedByHost(size: number, indices: BatchIndices): Batch {
    const rows = new Int32Array(size);
    const { images: source } = this.split;
    const images = hostInput(
      { shape: [size, ...this.#shape], dtype: source instanceof Uint8Array ? 'uint8' : 'float32' },
      this.device,
      (target, start) => {
        indices(rows, 0);
        if (!(target instanceof Uint8Array || target instanceof Float32Array)) return;
        rows.forEach((row, i) => {
          target.set(numbersOf(this.split, row), start + i * this.#each);
        });
      },
    );
    const labels = this.#labelsOf(rows);
    return { images: normalize(images, this.transforms?.normalization), labels };
  }

  #changedByHost(size: number, indices: BatchIndices, transforms: SampleTransforms): Batch {
    const rows = new Int32Array(size);
    const draws = new Draws();
    const { dtype, size: each } = transforms;
    const shape = shapeOf(transforms);
    const images = hostInput({ shape: [size, ...shape], dtype }, this.device, (target, start) => {
      const place = indices(rows, 0);
      if (!(target instanceof Uint8Array || target instanceof Float32Array)) return;
      rows.forEach((row, i) => {
        const sample = numbersOf(this.split, row);
        if (sample instanceof Uint8Array)
          transforms.trained(sample, draws.of(place, i), target, start + i * each);
      });
    });
    return { images: normalize(images, transforms.normalization), labels: this.#labelsOf(rows) };
  }

  /** The labels of the rows that were picked last. */
  #labelsOf(rows: Int32Array): Tensor {
    const { labels: sourceLabels } = this.split;
    return hostInput({ shape: [rows.length], dtype: 'int64' }, this.device, (target, start) => {
      if (!(target instanceof BigInt64Array)) return;
      rows.forEach((row, i) => {
        target[start + i] = BigInt(sourceLabels[row] ?? 0);
      });
    });
  }
}

/** Some samples as a network gets them outside of training, on its device. */
export function samplesAsTensor(
  numbers: ImageSplit['images'],
  count: number,
  shape: readonly number[],
  device: Device,
  transforms?: SampleTransforms,
): Tensor {
  if (transforms === undefined || !(numbers instanceof Uint8Array)) {
    return normalize(fromArray(numbers, [count, ...shapeOf({ shape })], { device }), undefined);
  }
  const changed = transforms.evaluated(numbers, count);
  const images = fromArray(changed, [count, ...shapeOf(transforms)], { device });
  return normalize(images, transforms.normalization);
}

/** Pixels from 0 to 1, and then by a mean and a spread of each channel; numbers are left as they are. */
function normalize(images: Tensor, normalization: Normalization | undefined): Tensor {
  if (images.dtype !== 'uint8') return images;
  const pixels = images.to('float32').div(255);
  if (normalization === undefined) return pixels;
  const constant = (values: readonly number[]) =>
    fromArray(Float32Array.from(values), [values.length, 1, 1], { device: images.device });
  return pixels.sub(constant(normalization.mean)).div(constant(normalization.std));
}
