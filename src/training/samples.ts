/**
 * Getting samples to the model. On the CPU the whole 8-bit data set is a constant of the compiled step,
 * which picks the rows of a batch itself; elsewhere the host picks them. Either way pixels stay 8-bit
 * until they are on the device, and become numbers from 0 to 1 there (torchvision's `ToTensor`).
 */
import type { ImageSplit } from '../data/image-data';
import { type Device, fromArray, hostInput, type Tensor } from '../engine';

/** Where the next batch's samples stand in the data set. */
export type BatchIndices = (target: Int32Array, start: number) => void;

/** Images [N, 1, height, width] as float32 from 0 to 1, and labels [N] as int64. */
export interface Batch {
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** Samples of a split as tensors. */
export class Samples {
  readonly #images: Tensor;
  readonly #labels: Tensor;
  readonly #shape: readonly number[];

  constructor(
    readonly split: ImageSplit,
    private readonly device: Device,
  ) {
    this.#shape = [1, ...split.shape];
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

  /** The samples from `start` until before `end`, in their order. */
  range(start: number, end: number): Batch {
    const pixels = this.#shape.reduce((product, size) => product * size, 1);
    const images = fromArray(
      this.split.images.subarray(start * pixels, end * pixels),
      [end - start, ...this.#shape],
      { device: this.device },
    );
    const labels = BigInt64Array.from(this.split.labels.subarray(start, end), BigInt);
    return { images: normalize(images), labels: fromArray(labels, [end - start], { device: this.device }) };
  }

  #pickedByHost(size: number, indices: BatchIndices): Batch {
    const rows = new Int32Array(size);
    const pixels = this.#shape.reduce((product, length) => product * length, 1);
    const images = hostInput(
      { shape: [size, ...this.#shape], dtype: 'uint8' },
      this.device,
      (target, start) => {
        indices(rows, 0);
        if (!(target instanceof Uint8Array)) return;
        rows.forEach((row, i) => {
          target.set(this.split.images.subarray(row * pixels, (row + 1) * pixels), start + i * pixels);
        });
      },
    );
    const labels = hostInput({ shape: [size], dtype: 'int64' }, this.device, (target, start) => {
      if (!(target instanceof BigInt64Array)) return;
      rows.forEach((row, i) => {
        target[start + i] = BigInt(this.split.labels[row] ?? 0);
      });
    });
    return { images: normalize(images), labels };
  }
}

function normalize(images: Tensor): Tensor {
  return images.to('float32').div(255);
}
