/**
 * Getting samples to the model. On the CPU the whole 8-bit data set is a constant of the compiled step,
 * which picks the rows of a batch itself; elsewhere the host picks them. Either way pixels stay 8-bit
 * until they are on the device, and become numbers from 0 to 1 there (torchvision's `ToTensor`).
 */
import type { ImageSplit } from '../data/image-data';
import { type Device, fromArray, hostInput, type Tensor } from '../engine';

/** Where the next batch's samples stand in the data set. */
export type BatchIndices = (target: Int32Array, start: number) => void;

/** Images [N, channels, height, width] as float32 from 0 to 1, or features [N, features]; labels [N] as int64. */
export interface Batch {
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** The shape in which a network gets a sample: grey images have one channel. */
function shapeOf({ shape }: Pick<ImageSplit, 'shape'>): readonly number[] {
  return shape.length === 2 ? [1, ...shape] : shape;
}

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
  ) {
    this.#shape = shapeOf(split);
    this.#each = this.#shape.reduce((product, size) => product * size, 1);
    this.#images = fromArray(split.images, [split.length, ...this.#shape]);
    this.#labels = fromArray(BigInt64Array.from(split.labels, BigInt), [split.length]);
  }

  /** A batch that the step asks for anew each time it runs. */
  batch(size: number, indices: BatchIndices): Batch {
    if (this.device !== 'cpu') return this.#pickedByHost(size, indices);
    const rows = hostInput({ shape: [size], dtype: 'int32' }, this.device, (target, start) => {
      if (target instanceof Int32Array) indices(target, start);
    });
    return {
      images: normalize(this.#images.indexSelect(0, rows)),
      labels: this.#labels.indexSelect(0, rows),
    };
  }

  #pickedByHost(size: number, indices: BatchIndices): Batch {
    const rows = new Int32Array(size);
    const { images: source, labels: sourceLabels } = this.split;
    const images = hostInput(
      { shape: [size, ...this.#shape], dtype: source instanceof Uint8Array ? 'uint8' : 'float32' },
      this.device,
      (target, start) => {
        indices(rows, 0);
        if (!(target instanceof Uint8Array || target instanceof Float32Array)) return;
        rows.forEach((row, i) => {
          target.set(source.subarray(row * this.#each, (row + 1) * this.#each), start + i * this.#each);
        });
      },
    );
    const labels = hostInput({ shape: [size], dtype: 'int64' }, this.device, (target, start) => {
      if (!(target instanceof BigInt64Array)) return;
      rows.forEach((row, i) => {
        target[start + i] = BigInt(sourceLabels[row] ?? 0);
      });
    });
    return { images: normalize(images), labels };
  }
}

/** Some samples as a network gets them, on its device. */
export function samplesAsTensor(
  numbers: ImageSplit['images'],
  count: number,
  shape: readonly number[],
  device: Device,
): Tensor {
  return normalize(fromArray(numbers, [count, ...shapeOf({ shape })], { device }));
}

/** Pixels from 0 to 1; features are left as they are. */
function normalize(images: Tensor): Tensor {
  return images.dtype === 'uint8' ? images.to('float32').div(255) : images;
}
