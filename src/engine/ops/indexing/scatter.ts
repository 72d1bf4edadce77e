/** Writing and adding to the places along a dimension that a tensor of indices names: `gather` the other way round. */
import { EngineError } from '../../errors';
import type { Expr, Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { formatShape, sameShape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply, type TensorLike } from '../apply';
import { encodeNumber } from '../encode-number';
import { decodeNumber, eachIndex } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { notImplemented } from '../not-implemented';
import { defineOp, type Gradient, type Op, type Values } from '../op';
import { arithmeticType } from '../pointwise/elementwise';
import { defineSignatures } from '../signatures';
import { checkIndex, checkRange, flat, outOfBounds, place } from './gather';

/** What happens to the element that is there: it is replaced, added to or multiplied. */
export type ScatterReduce = 'add' | 'multiply';

/** `value` stands in for the third input where there is none. */
type Scatter = { dim: number; reduce: ScatterReduce | 'none'; value: number | string | null };

const onnxReduction = { none: 'none', add: 'add', multiply: 'mul' } as const;

const sameAsFirst = ([input]: readonly Meta[]): Meta => ({
  shape: input?.shape ?? [],
  dtype: input?.dtype ?? 'float32',
});

/** The numbers to be written, as many as there are indices. */
function lowerUpdates(
  graph: GraphBuilder,
  expr: Expr<Scatter>,
  indices: Expr,
  source: Expr | undefined,
): string {
  const { reduce, value } = expr.attributes;
  const type = reduce === 'none' ? expr.dtype : arithmeticType(expr.dtype);
  if (source === undefined) {
    const number = graph.scalar(decodeNumber(value ?? 0), type);
    return graph.node('Expand', [number, graph.ints(indices.shape)]);
  }
  const updates = graph.as(source, type);
  if (sameShape(source.shape, indices.shape)) return updates;
  const [starts, axes] = [indices.shape.map(() => 0), indices.shape.map((_, i) => i)];
  return graph.node('Slice', [updates, graph.ints(starts), graph.ints(indices.shape), graph.ints(axes)]);
}

function lowerScatter(graph: GraphBuilder, expr: Expr<Scatter>): string {
  const [self, indices, source] = expr.inputs;
  const { dim, reduce } = expr.attributes;
  if (self === undefined || indices === undefined) throw new Error('scatter takes a tensor and indices');
  // ONNX Runtime stretches a dimension of size 1 to 1 where it should have size 0.
  if (indices.shape.includes(0)) return graph.value(self);
  const type = reduce === 'none' ? expr.dtype : arithmeticType(expr.dtype);
  const updates = lowerUpdates(graph, expr, indices, source);
  // Without dimensions it is done as with one of size 1.
  const one = graph.ints([1]);
  const row = (value: string, i: number) =>
    [self, indices, indices][i]?.shape.length === 0 ? graph.node('Reshape', [value, one]) : value;
  const parts = [graph.as(self, type), graph.value(indices), updates].map(row);
  const result = graph.node('ScatterElements', parts, { axis: dim, reduction: onnxReduction[reduce] });
  const shaped = expr.shape.length === 0 ? graph.node('Reshape', [result, graph.ints([])]) : result;
  return graph.cast(shaped, type, expr.dtype);
}

function scatterKernel(inputs: readonly Values[], { dim, reduce, value }: Scatter): ArrayLike<number> {
  const [self, indices, source] = inputs;
  if (self === undefined || indices === undefined) return [];
  const result = Float64Array.from(self.data);
  eachIndex(indices.shape, (index, i) => {
    const target = place(indices.data[i] ?? 0, self.shape[dim] ?? 1);
    const position = flat(
      self,
      index.map((at, d) => (d === dim ? target : at)),
    );
    const update = source === undefined ? decodeNumber(value ?? 0) : (source.data[flat(source, index)] ?? 0);
    const before = result[position] ?? 0;
    result[position] = reduce === 'add' ? before + update : reduce === 'multiply' ? before * update : update;
  });
  return result;
}

/** A gradient that has come through the indices, in the shape of a source that is larger than they are. */
function restoredSource(gathered: Tensor, source: Meta | undefined): Tensor {
  const shape = source?.shape ?? [];
  if (sameShape(gathered.shape, shape)) return gathered;
  const pads = shape.map((size, i) => [0, size - (gathered.shape[i] ?? 0)]).reverse();
  return gathered.constantPadNd(pads.flat());
}

function scatterOp(name: string, gradient: Gradient<Scatter>): Op<Scatter> {
  return defineOp<Scatter>({
    name,
    infer: sameAsFirst,
    gradient,
    lower: lowerScatter,
    kernel: scatterKernel,
  });
}

const unknown = (edges: readonly number[]): Gradient<Scatter> => ({ ...notImplemented('scatter'), edges });

const scatterSourceOp = scatterOp('scatter', {
  name: 'ScatterBackward0',
  edges: [0, 2],
  saves: () => ({ inputs: [1] }),
  backward: (grad, { attributes: { dim }, needs, input, inputMeta }) => [
    needs[0] ? grad.scatter(dim, input(1), 0) : undefined,
    needs[2] ? restoredSource(grad.gather(dim, input(1)), inputMeta[2]) : undefined,
  ],
});

const scatterValueOp = scatterOp('scatter_value', {
  name: 'ScatterBackward1',
  edges: [0],
  saves: () => ({ inputs: [1] }),
  backward: (grad, { attributes: { dim }, input }) => [grad.scatter(dim, input(1), 0)],
});

const scatterReduceOp = scatterOp('scatter_reduced', unknown([0, 2]));
const scatterReduceValueOp = scatterOp('scatter_reduced_value', unknown([0]));

const scatterAddOp = scatterOp('scatter_add', {
  name: 'ScatterAddBackward0',
  edges: [0, 2],
  saves: () => ({ inputs: [1] }),
  backward: (grad, { attributes: { dim }, needs, input, inputMeta }) => [
    grad,
    needs[2] ? restoredSource(grad.gather(dim, input(1)), inputMeta[2]) : undefined,
  ],
});

function checkScatter(
  name: string,
  self: Tensor,
  dim: number,
  indices: Tensor,
  source: Tensor | undefined,
): number {
  checkIndex(name, indices);
  if (source !== undefined && source.dtype !== self.dtype) {
    throw new EngineError(
      `${name}(): Expected self.dtype to be equal to src.dtype, but got ${self.dtype} and ${source.dtype}`,
    );
  }
  const axis = wrapDim(dim, self.ndim);
  if (indices.numel() === 0) return axis;
  const fits = (other: Tensor, except?: number) =>
    Math.max(other.ndim, 1) === Math.max(indices.ndim, 1) &&
    indices.shape.every((size, i) => i === except || size <= (other.shape[i] ?? 1));
  if (!fits(self, axis) || (source !== undefined && !fits(source))) {
    throw new EngineError(
      `Expected index ${formatShape(indices.shape)} to be smaller than self ${formatShape(self.shape)} apart from ` +
        `dimension ${axis}${source === undefined ? '' : ` and to be smaller size than src ${formatShape(source.shape)}`}`,
    );
  }
  const size = self.shape[axis] ?? 1;
  checkRange(indices, 0, size, outOfBounds(axis, size));
  return axis;
}

/** Options of {@link scatter}. */
export interface ScatterOptions {
  /** Adds to the elements that are there, or multiplies them; there is no gradient then. */
  readonly reduce?: ScatterReduce;
}

/**
 * `self` with elements of a tensor, or one number, at the places along `dim` that `indices` says. Where an index comes
 * several times it is not said which element is written.
 */
export function scatter(
  self: Tensor,
  dim: number,
  indices: Tensor,
  source: TensorLike,
  { reduce }: ScatterOptions = {},
): Tensor {
  if (reduce !== undefined && reduce !== 'add' && reduce !== 'multiply') {
    throw new EngineError(`reduce argument must be either add or multiply, but got ${String(reduce)}.`);
  }
  const how = reduce ?? 'none';
  if (typeof source === 'number') {
    const axis = checkScatter('scatter', self, dim, indices, undefined);
    const op = reduce === undefined ? scatterValueOp : scatterReduceValueOp;
    return apply(op, [self, indices], { dim: axis, reduce: how, value: encodeNumber(source) });
  }
  const axis = checkScatter('scatter', self, dim, indices, source);
  const op = reduce === undefined ? scatterSourceOp : scatterReduceOp;
  return apply(op, [self, indices, source], { dim: axis, reduce: how, value: null });
}

/** `self` with each element of `source` added at the place along `dim` that `indices` says. */
export function scatterAdd(self: Tensor, dim: number, indices: Tensor, source: Tensor): Tensor {
  const axis = checkScatter('scatter_add', self, dim, indices, source);
  return apply(scatterAddOp, [self, indices, source], { dim: axis, reduce: 'add', value: null });
}

/**
 * `self` with `alpha` times the slices of `source` along `dim` added to those that a list of indices names.
 */
export function indexAdd(
  self: Tensor,
  dim: number,
  indices: Tensor,
  source: Tensor,
  { alpha = 1 }: { readonly alpha?: number } = {},
): Tensor {
  checkIndex('index_add_', indices);
  if (indices.ndim > 1) throw new EngineError('index_add_(): Index is supposed to be a vector');
  if (source.dtype !== self.dtype) {
    throw new EngineError(
      `index_add_(): self (${self.dtype}) and source (${source.dtype}) must have the same scalar type`,
    );
  }
  const axis = wrapDim(dim, self.ndim);
  if (indices.numel() !== (source.shape[axis] ?? 1)) {
    throw new EngineError(
      `index_add_(): Number of indices (${indices.numel()}) should be equal to source.size(dim): ` +
        `(${source.shape[axis] ?? 1}), for dim: ${axis}`,
    );
  }
  const size = self.shape[axis] ?? 1;
  checkRange(indices, 0, size, outOfBounds(axis, size));
  const others = ({ shape }: Tensor) => shape.filter((_, i) => i !== axis);
  if (self.ndim > 0 && source.ndim > 0 && !sameShape(others(self), others(source))) {
    throw new EngineError(
      `index_add_(): the slices of source ${formatShape(source.shape)} along dim ${axis} must have the shape of those of ` +
        `self ${formatShape(self.shape)}`,
    );
  }
  return apply(indexAddOp, [self, indices, source], { dim: axis, alpha });
}

type IndexAdd = { dim: number; alpha: number };

/** A list of indices in the shape of the source whose slices it belongs to. */
function asColumns(source: Meta, dim: number): number[] {
  return source.shape.map((size, i) => (i === dim ? size : 1));
}

const indexAddOp = defineOp<IndexAdd>({
  name: 'index_add',
  infer: sameAsFirst,
  gradient: {
    name: 'IndexAddBackward0',
    edges: [0, 2],
    saves: needs => ({ inputs: needs[2] ? [1] : [] }),
    backward: (grad, { attributes: { dim, alpha }, needs, input, inputMeta: [, , source] }) => {
      if (!needs[2]) return [grad, undefined];
      const part = grad.ndim === 0 ? grad : grad.indexSelect(dim, input(1));
      return [grad, (alpha === 1 ? part : part.mul(alpha)).reshape(source?.shape ?? [])];
    },
  },
  lower(graph, { inputs: [self, indices, source], attributes: { dim, alpha }, dtype, shape }) {
    if (self === undefined || indices === undefined || source === undefined) throw new Error('three inputs');
    if (source.shape.includes(0)) return graph.value(self);
    const type = arithmeticType(dtype);
    const given = graph.as(source, type);
    const scaled = alpha === 1 ? given : graph.node('Mul', [given, graph.scalar(alpha, type)]);
    const whole = graph.as(self, type);
    if (shape.length === 0) return graph.cast(graph.node('Add', [whole, scaled]), type, dtype);
    const column = graph.node('Reshape', [graph.as(indices, 'int64'), graph.ints(asColumns(source, dim))]);
    const places = graph.node('Expand', [column, graph.ints(source.shape)]);
    const sum = graph.node('ScatterElements', [whole, places, scaled], { axis: dim, reduction: 'add' });
    return graph.cast(sum, type, dtype);
  },
  kernel: ([self, indices, source], { dim, alpha }) => {
    if (self === undefined || indices === undefined || source === undefined) return [];
    const result = Float64Array.from(self.data);
    eachIndex(source.shape, (index, i) => {
      const target = place(indices.data[index[dim] ?? 0] ?? 0, self.shape[dim] ?? 1);
      const position = flat(
        self,
        index.map((at, d) => (d === dim ? target : at)),
      );
      result[position] = (result[position] ?? 0) + alpha * (source.data[i] ?? 0);
    });
    return result;
  },
});

defineMethods({ scatter, scatterAdd, indexAdd });
defineInPlaceMethods({ scatter, scatterAdd, indexAdd });
defineSignatures(`
  scatter(self, dim, index, src)
  scatter_add(self, dim, index, src)
  index_add(self, dim, index, source)
`);

declare module '../../tensor' {
  interface Tensor {
    /** This with elements of a tensor, or one number, at the places along `dim` that `indices` says. */
    scatter(dim: number, indices: Tensor, source: TensorLike, options?: ScatterOptions): Tensor;
    scatter_(dim: number, indices: Tensor, source: TensorLike, options?: ScatterOptions): this;
    /** This with `source` added at the places along `dim` that `indices` says. */
    scatterAdd(dim: number, indices: Tensor, source: Tensor): Tensor;
    scatterAdd_(dim: number, indices: Tensor, source: Tensor): this;
    /** This with `alpha` times the slices of `source` added to those that a list of indices names. */
    indexAdd(dim: number, indices: Tensor, source: Tensor, options?: { readonly alpha?: number }): Tensor;
    indexAdd_(dim: number, indices: Tensor, source: Tensor, options?: { readonly alpha?: number }): this;
  }
}
