/**
 * Maxima over windows, where they are, and the gradient, which goes to the first maximum of each window. ONNX Runtime's
 * MaxPool loses a NaN among numbers, and takes 15 times as long where it is asked for places; so what the windows see
 * at each place of the kernel is taken apart and compared. Measured for 64 × 32 images of 28×28 and windows of 2×2, on one
 * thread: forward and backward 3.4 ms, by MaxPool's indices and MaxUnpool 8.9.
 */
import type { DType } from '../../dtype';
import type { Expr, Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { numel, type Shape, stridesOf } from '../../shape';
import { apply } from '../apply';
import { type Geometry, sourceOf } from '../convolution/geometry';
import { indices, reshaped, windowParts } from '../convolution/windows';
import { eachIndex } from '../kernels';
import { defineOp, type Op, type Values } from '../op';
import { arithmeticType } from '../pointwise/elementwise';

/** Windows of a pool: where they lie, how large they are, how many there are. */
export type Pool = Geometry & { kernel: readonly number[]; sizes: readonly number[] };

const pooled = (shape: Shape, { sizes }: Pool): number[] => [...shape.slice(0, -sizes.length), ...sizes];

/** The smallest number of a type: what lies beyond the edge is never the largest. */
function lowest(dtype: DType): number {
  if (dtype === 'int64') return -(2 ** 63);
  return dtype === 'int32' ? -(2 ** 31) : Number.NEGATIVE_INFINITY;
}

/** True if the windows lie side by side and cover everything. */
function tiles(input: Shape, { kernel, stride, padding, dilation, sizes }: Pool): boolean {
  return kernel.every(
    (size, i) =>
      stride[i] === size &&
      padding[i] === 0 &&
      (dilation[i] === 1 || size === 1) &&
      (sizes[i] ?? 0) * size === input[input.length - kernel.length + i],
  );
}

/**
 * What tiling windows of 2 dimensions see at each place of the kernel: [rows of windows, windows in a row] each. Parts
 * are taken by Gather: Slices after a Transpose are exchanged with it by ONNX Runtime, and then take single elements.
 */
function tileParts(graph: GraphBuilder, x: string, count: number, pool: Pool): string[] {
  const [height = 1, width = 1] = pool.kernel;
  const across = pool.sizes[1] ?? 1;
  const rows = count / (height * width * across);
  const columns = graph.node('Transpose', [reshaped(graph, x, [count / width, width])], { perm: [1, 0] });
  const part = (value: string, i: number, axis: number) =>
    graph.node('Gather', [value, graph.scalar(i, 'int64')], { axis });
  return indices([height, width]).map(([i = 0, j = 0]) =>
    part(reshaped(graph, part(columns, j, 0), [rows, height, across]), i, 1),
  );
}

/** Puts {@link tileParts} together again. */
function joinTiles(graph: GraphBuilder, parts: readonly string[], shape: Shape, pool: Pool): string {
  const [height = 1, width = 1] = pool.kernel;
  const across = pool.sizes[1] ?? 1;
  const rows = numel(shape) / (height * width * across);
  const columns = Array.from({ length: width }, (_, j) => {
    const each = Array.from({ length: height }, (_, i) =>
      reshaped(graph, parts[i * width + j] ?? '', [rows, 1, across]),
    );
    return reshaped(graph, graph.node('Concat', each, { axis: 1 }), [1, rows * height * across]);
  });
  const joined = graph.node('Concat', columns, { axis: 0 });
  return reshaped(graph, graph.node('Transpose', [joined], { perm: [1, 0] }), shape);
}

/** What the windows see at each place of the kernel, and whether the parts are tiles. */
function partsOf(graph: GraphBuilder, x: Expr, pool: Pool): { parts: string[]; tiled: boolean } {
  const dtype = arithmeticType(x.dtype);
  const value = graph.as(x, dtype);
  if (pool.kernel.length === 2 && tiles(x.shape, pool)) {
    return { parts: tileParts(graph, value, numel(x.shape), pool), tiled: true };
  }
  const spatial = { value, shape: x.shape, dtype };
  return { parts: windowParts(graph, spatial, pool.kernel, pool.sizes, pool, lowest(dtype)), tiled: false };
}

function largest(graph: GraphBuilder, parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '') : graph.node('Max', parts);
}

/** The place of each window's first maximum in the flattened spatial dimensions. */
function lowerPlaces(graph: GraphBuilder, x: Expr, pool: Pool): string {
  const { kernel, sizes, dilation } = pool;
  const strides = stridesOf(x.shape.slice(-kernel.length));
  const dtype = arithmeticType(x.dtype);
  const spatial = { value: graph.as(x, dtype), shape: x.shape, dtype };
  const parts = windowParts(graph, spatial, kernel, sizes, pool, lowest(dtype));
  const axis = x.shape.length;
  const stacked = graph.node(
    'Concat',
    parts.map(part => graph.node('Unsqueeze', [part, graph.ints([axis])])),
    { axis },
  );
  const comparable = dtype === 'int64' ? graph.cast(stacked, dtype, 'float64') : stacked;
  const chosen = graph.node('ArgMax', [comparable], { axis, keepdims: 0 });
  const flat = (place: Shape) => place.reduce((sum, at, i) => sum + at * (strides[i] ?? 1), 0);
  const steps = indices(kernel).map(place => flat(place.map((k, i) => k * (dilation[i] ?? 1))));
  const firsts = indices(sizes).map(y => flat(y.map((at, i) => sourceOf(pool, i, at, 0))));
  return graph.node('Add', [
    graph.node('Gather', [graph.ints(steps), chosen], { axis: 0 }),
    reshaped(graph, graph.ints(firsts), sizes),
  ]);
}

/** For each window the place and the value of its maximum; the last NaN counts as the largest. */
function maxima(x: Values, pool: Pool, shape: Shape): { place: number; value: number }[] {
  const { kernel } = pool;
  const spatial = x.shape.slice(-kernel.length);
  const strides = stridesOf(spatial);
  const plane = numel(spatial);
  const found: { place: number; value: number }[] = [];
  const windows = numel(pool.sizes);
  eachIndex(shape, (index, position) => {
    const start = Math.floor(position / windows) * plane;
    const y = index.slice(-kernel.length);
    let best = { place: -1, value: Number.NEGATIVE_INFINITY };
    eachIndex(kernel, k => {
      const at = k.map((place, i) => sourceOf(pool, i, y[i] ?? 0, place));
      if (at.some((place, i) => place < 0 || place >= (spatial[i] ?? 0))) return;
      const place = at.reduce((sum, one, i) => sum + one * (strides[i] ?? 1), 0);
      const value = x.data[start + place] ?? 0;
      if (best.place === -1 || value > best.value || Number.isNaN(value)) best = { place, value };
    });
    found.push(best);
  });
  return found;
}

export const maxPoolOp: Op<Pool> = defineOp<Pool>({
  name: 'max_pool',
  formula: 'the largest of each window',
  infer: ([x], pool) => ({ shape: pooled(x?.shape ?? [], pool), dtype: x?.dtype ?? 'float32' }),
  gradient: {
    name: 'MaxPool2DWithIndicesBackward0',
    saves: () => ({ inputs: [0] }),
    backward: (grad, { attributes, input }) => [apply(maxPoolGradientOp, [grad, input(0)], attributes)],
  },
  lower(graph, expr) {
    const [x] = expr.inputs;
    if (x === undefined) throw new Error('a pool takes an input');
    if (numel(expr.shape) === 0) return graph.ones(expr.shape, expr.dtype);
    const values = largest(graph, partsOf(graph, x, expr.attributes).parts);
    return reshaped(graph, graph.cast(values, arithmeticType(x.dtype), x.dtype), expr.shape);
  },
  kernel: ([x], pool, { shape }) => (x ? maxima(x, pool, shape).map(({ value }) => value) : []),
});

export const maxPoolPlacesOp: Op<Pool> = defineOp<Pool>({
  name: 'max_pool_indices',
  infer: ([x], pool) => ({ shape: pooled(x?.shape ?? [], pool), dtype: 'int64' }),
  lower(graph, { inputs: [x], shape, attributes }) {
    if (x === undefined) throw new Error('a pool takes an input');
    return numel(shape) === 0 ? graph.ones(shape, 'int64') : lowerPlaces(graph, x, attributes);
  },
  kernel: ([x], pool, { shape }) => (x ? maxima(x, pool, shape).map(({ place }) => place) : []),
});

/**
 * Each part of the gradient goes to where its window's first maximum is; the other places get zeros. By products: ONNX
 * Runtime's Where takes several times as long.
 */
function tileGradients(graph: GraphBuilder, grad: string, parts: readonly string[], dtype: DType): string[] {
  const top = largest(graph, parts);
  let rest = grad;
  return parts.map((part, i) => {
    if (i === parts.length - 1) return rest;
    const here = graph.cast(graph.node('Equal', [part, top]), 'bool', dtype);
    const given = graph.node('Mul', [rest, here]);
    rest = graph.node('Sub', [rest, given]);
    return given;
  });
}

const maxPoolGradientOp: Op<Pool> = defineOp<Pool>({
  name: 'max_pool_backward',
  infer: ([grad, x]) => ({ shape: x?.shape ?? [], dtype: grad?.dtype ?? 'float32' }),
  gradient: {
    name: 'MaxPool2DWithIndicesBackwardBackward0',
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { attributes, input }) => {
      const places = apply(maxPoolPlacesOp, [input(1)], attributes);
      const rank = attributes.kernel.length;
      const leading = grad.shape.slice(0, -rank);
      const picked = grad.reshape([...leading, -1]).gather(-1, places.reshape([...leading, -1]));
      return [picked.reshape(places.shape)];
    },
  },
  lower(graph, { inputs: [grad, x], shape, dtype, attributes }) {
    if (grad === undefined || x === undefined) throw new Error('the gradient of a pool takes two inputs');
    const zeros = (shape: Shape) => graph.node('Expand', [graph.scalar(0, dtype), graph.ints(shape)]);
    if (numel(grad.shape) === 0) return zeros(shape);
    const { parts, tiled } = partsOf(graph, x, attributes);
    if (tiled) {
      const rows = numel(grad.shape) / (attributes.sizes[1] ?? 1);
      const flat = reshaped(graph, graph.value(grad), [rows, attributes.sizes[1] ?? 1]);
      return joinTiles(graph, tileGradients(graph, flat, parts, dtype), shape, attributes);
    }
    const rank = attributes.kernel.length;
    const planes = numel(shape.slice(0, -rank));
    const places = reshaped(graph, lowerPlaces(graph, x, attributes), [planes, numel(attributes.sizes)]);
    const values = reshaped(graph, graph.value(grad), [planes, numel(attributes.sizes)]);
    const spread = [zeros([planes, numel(shape.slice(-rank))]), places, values];
    return reshaped(graph, graph.node('ScatterElements', spread, { axis: 1, reduction: 'add' }), shape);
  },
  kernel([grad, x], pool, output: Meta) {
    if (grad === undefined || x === undefined) return [];
    const result = new Float64Array(numel(output.shape));
    const [plane, windows] = [numel(output.shape.slice(-pool.kernel.length)), numel(pool.sizes)];
    maxima(x, pool, grad.shape).forEach(({ place }, i) => {
      const target = Math.floor(i / windows) * plane + place;
      result[target] = (result[target] ?? 0) + (grad.data[i] ?? 0);
    });
    return result;
  },
});
