/** What all reductions share: which dimensions go, what shape is left, how they are lowered. */
import type { DType } from '../../dtype';
import type { Expr, Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { reduceShape, type Shape, wrapDims } from '../../shape';
import type { Tensor } from '../../tensor';
import { reduceAlong } from '../kernels';
import type { Values } from '../op';

/** Over which dimensions; `all` says that the caller named none. */
export type Reduction = { dims: readonly number[]; keepdim: boolean; all: boolean };

/** One dimension, several, or (undefined) all of them. */
export type Dims = number | readonly number[] | undefined;

export function reduction(self: Tensor, dim: Dims, keepdim: boolean): Reduction {
  return { dims: wrapDims(dim, self.ndim), keepdim, all: dim === undefined };
}

export function reducedMeta(input: Meta | undefined, { dims, keepdim }: Reduction, dtype?: DType): Meta {
  return { shape: reduceShape(input?.shape ?? [], dims, keepdim), dtype: dtype ?? input?.dtype ?? 'float32' };
}

/** A reduced tensor with its dimensions put back, so that it can be broadcast against the input. */
export function restored(reduced: Tensor, input: Shape, { dims, keepdim }: Reduction): Tensor {
  return keepdim ? reduced : reduced.reshape(reduceShape(input, dims, true));
}

/** How many elements go into each result. */
export function countOf(shape: Shape, dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * (shape[dim] ?? 1), 1);
}

export function lowerReduce(graph: GraphBuilder, expr: Expr<Reduction>, onnx: string, type: DType): string {
  const { dims, keepdim } = expr.attributes;
  const [input] = expr.inputs;
  if (input === undefined) throw new Error(`${onnx} takes an input`);
  const value = graph.as(input, type);
  const reduced =
    dims.length === 0 ? value : graph.node(onnx, [value, graph.ints(dims)], { keepdims: Number(keepdim) });
  return graph.cast(reduced, type, expr.dtype);
}

export function kernelOf(reduce: (elements: readonly number[]) => number) {
  return ([input]: readonly Values[], { dims }: Reduction) =>
    input === undefined ? [] : reduceAlong(input, dims, reduce);
}

export const total = (elements: readonly number[]) => elements.reduce((sum, x) => sum + x, 0);
export const average = (elements: readonly number[]) => total(elements) / elements.length;
