/** ONNX nodes for the windows of a convolution or a pool: what the outputs see at each place of the kernel. */
import type { DType } from '../../dtype';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { numel, type Shape } from '../../shape';
import { eachIndex } from '../kernels';
import { type Geometry, spanOf } from './geometry';

/** A value whose last dimensions are spatial. */
export interface Spatial {
  readonly value: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Every index of an array of this shape, in order. */
export function indices(shape: Shape): number[][] {
  const all: number[][] = [];
  eachIndex(shape, index => void all.push([...index]));
  return all;
}

/**
 * Rows or columns added before and after each spatial dimension; fewer than none are cut off.
 * @param fill what the new elements are
 */
export function padded(
  graph: GraphBuilder,
  { value, shape, dtype }: Spatial,
  before: Shape,
  after: Shape,
  fill = 0,
): string {
  if ([...before, ...after].every(size => size === 0)) return value;
  const axes = before.map((_, i) => shape.length - before.length + i);
  return graph.node('Pad', [
    value,
    graph.ints([...before, ...after]),
    graph.scalar(fill, dtype),
    graph.ints(axes),
  ]);
}

/** For each place of the kernel, what the `sizes` outputs see there: the value's leading dimensions, then `sizes`. */
export function windowParts(
  graph: GraphBuilder,
  x: Spatial,
  kernel: Shape,
  sizes: Shape,
  geometry: Geometry,
  fill = 0,
): string[] {
  const { stride, padding, dilation } = geometry;
  const input = x.shape.slice(-kernel.length);
  const axes = kernel.map((_, i) => x.shape.length - kernel.length + i);
  const reach = sizes.map(
    (size, i) => (size - 1) * (stride[i] ?? 1) + spanOf(geometry, i, kernel[i] ?? 1) + 1,
  );
  // A window may end in the padding, or beyond it where a pool rounds up; what no window sees may stay.
  const after = reach.map((end, i) =>
    Math.max(0, Math.min(end, Number.MAX_SAFE_INTEGER) - (padding[i] ?? 0) - (input[i] ?? 0)),
  );
  const whole = padded(graph, x, padding, after, fill);
  const exact = numel(kernel) === 1 && stride.every(step => step === 1) && reach.join() === input.join();
  if (exact && padding.every(size => size === 0)) return [whole];
  return indices(kernel).map(place => {
    const starts = place.map((k, i) => k * (dilation[i] ?? 1));
    const ends = starts.map((start, i) => start + ((sizes[i] ?? 1) - 1) * (stride[i] ?? 1) + 1);
    return graph.node('Slice', [
      whole,
      graph.ints(starts),
      graph.ints(ends),
      graph.ints(axes),
      graph.ints(stride),
    ]);
  });
}

/** The value in another shape. */
export function reshaped(graph: GraphBuilder, value: string, shape: Shape): string {
  return graph.node('Reshape', [value, graph.ints(shape)], { allowzero: 1 });
}
