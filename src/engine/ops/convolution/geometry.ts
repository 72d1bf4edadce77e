/**
 * Where the windows of a convolution lie. Along each spatial dimension, output y sees input y·stride + k·dilation −
 * padding for each place k of the kernel; a transposed convolution goes the same ways backwards.
 */
import { EngineError } from '../../errors';
import type { Shape } from '../../shape';

/** How a kernel walks over an input: one number for each spatial dimension. */
export type Geometry = {
  stride: readonly number[];
  padding: readonly number[];
  dilation: readonly number[];
  groups: number;
};

/** The input element that output `y` sees at place `k` of the kernel; it may lie in the padding. */
export function sourceOf({ stride, padding, dilation }: Geometry, dim: number, y: number, k: number): number {
  return y * (stride[dim] ?? 1) + k * (dilation[dim] ?? 1) - (padding[dim] ?? 0);
}

/** How far apart the first and the last element of a kernel of `size` lie. */
export function spanOf({ dilation }: Geometry, dim: number, size: number): number {
  return (dilation[dim] ?? 1) * (size - 1);
}

/** The spatial sizes of the output. */
export function outputSizes(input: Shape, kernel: Shape, geometry: Geometry): number[] {
  const padded = input.map((size, i) => size + 2 * (geometry.padding[i] ?? 0));
  const spans = kernel.map((size, i) => spanOf(geometry, i, size) + 1);
  if (padded.some((size, i) => size < (spans[i] ?? 0))) {
    throw new EngineError(
      `Calculated padded input size per channel: (${padded.join(' x ')}). Kernel size: (${spans.join(' x ')}). ` +
        "Kernel size can't be greater than actual input size",
    );
  }
  return padded.map((size, i) => Math.floor((size - (spans[i] ?? 1)) / (geometry.stride[i] ?? 1)) + 1);
}

/** The spatial sizes of the output of a transposed convolution. */
export function transposedSizes(
  input: Shape,
  kernel: Shape,
  geometry: Geometry,
  outputPadding: Shape,
): number[] {
  const { stride, padding, dilation } = geometry;
  outputPadding.forEach((extra, i) => {
    if (extra >= (stride[i] ?? 1) && extra >= (dilation[i] ?? 1)) {
      throw new EngineError(
        `output padding must be smaller than either stride or dilation, but got output_padding: [${outputPadding}], ` +
          `stride: [${stride}], dilation: [${dilation}]`,
      );
    }
  });
  const sizes = input.map((size, i) => {
    const span = spanOf(geometry, i, kernel[i] ?? 1);
    return (size - 1) * (stride[i] ?? 1) - 2 * (padding[i] ?? 0) + span + 1 + (outputPadding[i] ?? 0);
  });
  if (sizes.some(size => size < 1)) {
    throw new EngineError(
      `Given input size per channel: (${input.join(' x ')}). Calculated output size per channel: ` +
        `(${sizes.join(' x ')}). Output size is too small`,
    );
  }
  return sizes;
}

/** The output padding with which a transposed convolution of `output` gives `input` back. */
export function missingSizes(input: Shape, output: Shape, kernel: Shape, geometry: Geometry): number[] {
  const { stride, padding } = geometry;
  return input.map((size, i) => {
    const span = spanOf(geometry, i, kernel[i] ?? 1);
    return size - (((output[i] ?? 1) - 1) * (stride[i] ?? 1) - 2 * (padding[i] ?? 0) + span + 1);
  });
}
