/** The largest and smallest elements and where they are, over all or some dimensions. */
import { type DType, isFloating } from '../../dtype';
import { IndexError } from '../../errors';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { reduceShape, type Shape, wrapDim } from '../../shape';
import { Tensor } from '../../tensor';
import { apply } from '../apply';
import { zeros } from '../creation/creation';
import { reduceAlong } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { maximum, minimum } from '../pointwise/arithmetic';
import { arithmeticType } from '../pointwise/elementwise';
import { defineSignatures } from '../signatures';
import {
  type Dims,
  kernelOf,
  lowerReduce,
  type Reduction,
  reducedMeta,
  reduction,
  restored,
} from './reduction';

/** There is no largest element of nothing. */
function checkNotEmpty(name: string, shape: Shape, { dims, all }: Reduction): void {
  if (all && shape.includes(0)) {
    throw new IndexError(
      `${name === 'amax' ? 'max' : 'min'}(): Expected reduction dim to be specified for input.numel() == 0. ` +
        "Specify the reduction dim with the 'dim' argument.",
    );
  }
  const empty = dims.find(dim => shape[dim] === 0);
  if (empty !== undefined) {
    throw new IndexError(`${name}(): Expected reduction dim ${empty} to have non-zero size.`);
  }
}

/** `ReduceMax` and its like find a NaN only in the first place; PyTorch's result is NaN wherever one is. */
export function keepingNaN(
  graph: GraphBuilder,
  x: string,
  reduced: string,
  dims: readonly number[],
  keepdim: boolean,
  dtype: DType,
): string {
  if (!isFloating(dtype) || graph.device !== 'cpu' || dims.length === 0) return reduced;
  const missing = graph.cast(graph.node('IsNaN', [x]), 'bool', 'int32');
  const some = graph.node('ReduceMax', [missing, graph.ints(dims)], { keepdims: Number(keepdim) });
  return graph.node('Where', [graph.cast(some, 'int32', 'bool'), graph.scalar(Number.NaN, dtype), reduced]);
}

/**
 * The gradient of an element picked out of others, shared evenly by all that are equal to it.
 * @param over which dimensions it was picked; undefined for all, where NaN equals NaN
 */
export function sharedEvenly(grad: Tensor, x: Tensor, picked: Tensor, over: Reduction | undefined): Tensor {
  const whole = over ?? reduction(x, undefined, false);
  const extreme = restored(picked, x.shape, whole);
  const equal = x.eq(extreme);
  const chosen = over === undefined ? equal.logicalOr(x.ne(x).logicalAnd(extreme.ne(extreme))) : equal;
  const mask = chosen.to(grad.dtype);
  const share = mask.div(mask.sum([...whole.dims], true));
  return share.mul(restored(grad, x.shape, whole));
}

/** The gradient is shared out evenly among equal extremes. */
function extremeOp(
  name: string,
  onnx: string,
  pick: (a: number, b: number) => number,
  nodes: [string, string],
) {
  return defineOp<Reduction>({
    name,
    infer([input], attributes) {
      checkNotEmpty(name, input?.shape ?? [], attributes);
      return reducedMeta(input, attributes);
    },
    gradient: {
      name: ({ all }) => (all ? nodes[0] : nodes[1]),
      saves: () => ({ inputs: [0], output: true }),
      backward: (grad, { attributes, input, output }) => [
        sharedEvenly(grad, input(0), output(), attributes.all ? undefined : attributes),
      ],
    },
    lower(graph, expr) {
      const type = arithmeticType(expr.dtype);
      const { dims, keepdim } = expr.attributes;
      const reduced = lowerReduce(graph, expr, onnx, type);
      const x = expr.inputs.map(input => graph.value(input))[0] ?? '';
      return keepingNaN(graph, x, reduced, dims, keepdim, expr.dtype);
    },
    kernel: kernelOf(elements =>
      elements.some(Number.isNaN) ? Number.NaN : elements.reduce((a, b) => pick(a, b)),
    ),
  });
}

export const amaxOp = extremeOp('amax', 'ReduceMax', Math.max, ['MaxBackward1', 'AmaxBackward0']);
export const aminOp = extremeOp('amin', 'ReduceMin', Math.min, ['MinBackward1', 'AminBackward0']);

type Argument = { dim: number; keepdim: boolean };

/** The place of the first NaN, or else of the first extreme. */
function lowerArgument(
  graph: GraphBuilder,
  onnx: string,
  x: string,
  dtype: DType,
  { dim, keepdim }: Argument,
): string {
  const options = { axis: dim, keepdims: Number(keepdim) };
  const found = graph.node(onnx, [x], options);
  if (!isFloating(dtype) || graph.device !== 'cpu') return found;
  const missing = graph.cast(graph.node('IsNaN', [x]), 'bool', 'int32');
  const some = graph.node('ReduceMax', [missing, graph.ints([dim])], { keepdims: Number(keepdim) });
  return graph.node('Where', [
    graph.cast(some, 'int32', 'bool'),
    graph.node('ArgMax', [missing], options),
    found,
  ]);
}

function argOp(name: string, onnx: string, better: (a: number, b: number) => boolean): Op<Argument> {
  return defineOp<Argument>({
    name,
    infer([input], { dim, keepdim }) {
      const shape = input?.shape ?? [];
      checkNotEmpty(name, shape, { dims: [dim], keepdim, all: false });
      return { shape: reduceShape(shape, [dim], keepdim), dtype: 'int64' };
    },
    lower: (graph, { inputs: [input], attributes: { dim, keepdim } }) => {
      if (input === undefined) throw new Error(`${name} takes an input`);
      const type = input.dtype === 'int64' ? 'float64' : arithmeticType(input.dtype);
      return lowerArgument(graph, onnx, graph.as(input, type), input.dtype, { dim, keepdim });
    },
    kernel: ([input], { dim }) =>
      input === undefined
        ? []
        : reduceAlong(input, [dim], elements =>
            elements.some(Number.isNaN)
              ? elements.findIndex(Number.isNaN)
              : elements.reduce((best, x, i) => (better(x, elements[best] ?? 0) ? i : best), 0),
          ),
  });
}

const argmaxOp = argOp('argmax', 'ArgMax', (a, b) => a > b);
const argminOp = argOp('argmin', 'ArgMin', (a, b) => a < b);

/** The largest (or smallest) element along one dimension, where the gradient goes to one place only. */
function alongOp(
  name: string,
  onnx: string,
  node: string,
  pick: (a: number, b: number) => number,
): Op<Argument> {
  return defineOp<Argument>({
    name,
    infer: ([input], { dim, keepdim }) => ({
      shape: reduceShape(input?.shape ?? [], [dim], keepdim),
      dtype: input?.dtype ?? 'float32',
    }),
    gradient: {
      name: node,
      edges: [0],
      saves: () => ({ inputs: [1] }),
      backward: (grad, { attributes: { dim, keepdim }, input, inputMeta }) => {
        const shape = inputMeta[0]?.shape ?? [];
        if (shape.length === 0) return [grad];
        const [indices, picked] = keepdim ? [input(1), grad] : [input(1).unsqueeze(dim), grad.unsqueeze(dim)];
        return [zeros(shape, { dtype: grad.dtype, device: grad.device }).scatterAdd(dim, indices, picked)];
      },
    },
    lower: (graph, { inputs: [input], attributes: { dim, keepdim }, dtype }) => {
      if (input === undefined) throw new Error(`${name} takes an input`);
      const type = arithmeticType(dtype);
      const x = graph.as(input, type);
      if (input.shape.length === 0) return graph.cast(x, type, dtype);
      const reduced = graph.node(onnx, [x, graph.ints([dim])], { keepdims: Number(keepdim) });
      return graph.cast(keepingNaN(graph, x, reduced, [dim], keepdim, dtype), type, dtype);
    },
    kernel: ([input], { dim }) =>
      input === undefined ? [] : reduceAlong(input, [dim], elements => elements.reduce((a, b) => pick(a, b))),
  });
}

const maxAlongOp = alongOp('max_dim', 'ReduceMax', 'MaxBackward0', Math.max);
const minAlongOp = alongOp('min_dim', 'ReduceMin', 'MinBackward0', Math.min);

/** The largest element. */
export function amax(self: Tensor, dim?: Dims, keepdim = false): Tensor {
  return apply(amaxOp, [self], { ...reduction(self, dim, keepdim), all: false });
}

/** The smallest element. */
export function amin(self: Tensor, dim?: Dims, keepdim = false): Tensor {
  return apply(aminOp, [self], { ...reduction(self, dim, keepdim), all: false });
}

function argument(
  self: Tensor,
  op: Op<Argument>,
  name: string,
  dim: number | undefined,
  keepdim: boolean,
): Tensor {
  if (self.numel() === 0 && dim === undefined) {
    throw new IndexError(`${name}(): Expected reduction dim to be specified for input.numel() == 0.`);
  }
  const input = (
    dim === undefined ? self.detach().reshape([-1]) : self.ndim === 0 ? self.reshape([1]) : self
  ).detach();
  const found = apply(op, [input], { dim: dim === undefined ? 0 : wrapDim(dim, input.ndim), keepdim });
  if (self.ndim === 0) return found.reshape([]);
  return dim === undefined && keepdim ? found.reshape(self.shape.map(() => 1)) : found;
}

/** The place of the (first) largest element, along `dim` or in the flattened tensor. */
export function argmax(self: Tensor, dim?: number, keepdim = false): Tensor {
  return argument(self, argmaxOp, 'argmax', dim, keepdim);
}

/** The place of the (first) smallest element, along `dim` or in the flattened tensor. */
export function argmin(self: Tensor, dim?: number, keepdim = false): Tensor {
  return argument(self, argminOp, 'argmin', dim, keepdim);
}

/** The largest or smallest elements along a dimension, and where they are. */
export interface ValuesAndIndices {
  readonly values: Tensor;
  readonly indices: Tensor;
}

function along(
  self: Tensor,
  dim: number,
  keepdim: boolean,
  op: Op<Argument>,
  find: typeof argmax,
): ValuesAndIndices {
  const place = wrapDim(dim, self.ndim);
  const indices = find(self, place, keepdim);
  return { values: apply(op, [self, indices], { dim: place, keepdim }), indices };
}

/** The largest element of all, or along a dimension with its index; or the larger of each two elements. */
export function max(self: Tensor, other?: Tensor): Tensor;
export function max(self: Tensor, dim: number, keepdim?: boolean): ValuesAndIndices;
export function max(self: Tensor, dim?: number | Tensor, keepdim = false): Tensor | ValuesAndIndices {
  if (dim instanceof Tensor) return maximum(self, dim);
  if (dim === undefined) return apply(amaxOp, [self], reduction(self, undefined, false));
  return along(self, dim, keepdim, maxAlongOp, argmax);
}

/** The smallest element of all, or along a dimension with its index; or the smaller of each two elements. */
export function min(self: Tensor, other?: Tensor): Tensor;
export function min(self: Tensor, dim: number, keepdim?: boolean): ValuesAndIndices;
export function min(self: Tensor, dim?: number | Tensor, keepdim = false): Tensor | ValuesAndIndices {
  if (dim instanceof Tensor) return minimum(self, dim);
  if (dim === undefined) return apply(aminOp, [self], reduction(self, undefined, false));
  return along(self, dim, keepdim, minAlongOp, argmin);
}

defineMethods({ amax, amin, argmax, argmin, max, min });
defineSignatures(`
  amax(self, dim, keepdim)
  amin(self, dim, keepdim)
  argmax(self, dim, keepdim)
  argmin(self, dim, keepdim)
`);

declare module '../../tensor' {
  interface Tensor {
    amax(dim?: Dims, keepdim?: boolean): Tensor;
    amin(dim?: Dims, keepdim?: boolean): Tensor;
    /** The place of the first largest element. */
    argmax(dim?: number, keepdim?: boolean): Tensor;
    argmin(dim?: number, keepdim?: boolean): Tensor;
    /** The largest element of all, or along a dimension with its index; or the larger of each two elements. */
    max(other?: Tensor): Tensor;
    max(dim: number, keepdim?: boolean): ValuesAndIndices;
    min(other?: Tensor): Tensor;
    min(dim: number, keepdim?: boolean): ValuesAndIndices;
  }
}
