/** Reductions: many elements to one, over all or some dimensions. */
import { type DType, isFloating } from '../dtype';
import { EngineError, IndexError } from '../errors';
import type { Expr, Meta } from '../expr';
import type { GraphBuilder } from '../runtime/onnx/graph-builder';
import { reduceShape, type Shape, wrapDim, wrapDims } from '../shape';
import type { Tensor } from '../tensor';
import { apply } from './apply';
import { zeros } from './creation';
import { arithmeticType } from './elementwise';
import { reduceAlong } from './kernels';
import { defineMethods } from './methods';
import { defineOp, type Op, type Values } from './op';

/** Over which dimensions; `all` says that the caller named none. */
type Reduction = { dims: readonly number[]; keepdim: boolean; all: boolean };

/** One dimension, several, or (undefined) all of them. */
export type Dims = number | readonly number[] | undefined;

function reduction(self: Tensor, dim: Dims, keepdim: boolean): Reduction {
  return { dims: wrapDims(dim, self.ndim), keepdim, all: dim === undefined };
}

function reducedMeta(input: Meta | undefined, { dims, keepdim }: Reduction, dtype?: DType): Meta {
  return { shape: reduceShape(input?.shape ?? [], dims, keepdim), dtype: dtype ?? input?.dtype ?? 'float32' };
}

/** A reduced tensor with its dimensions put back, so that it can be broadcast against the input. */
function restored(reduced: Tensor, input: Shape, { dims, keepdim }: Reduction): Tensor {
  return keepdim ? reduced : reduced.reshape(reduceShape(input, dims, true));
}

/** How many elements go into each result. */
function countOf(shape: Shape, dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * (shape[dim] ?? 1), 1);
}

function lowerReduce(graph: GraphBuilder, expr: Expr<Reduction>, onnx: string, type: DType): string {
  const { dims, keepdim } = expr.attributes;
  const [input] = expr.inputs;
  if (input === undefined) throw new Error(`${onnx} takes an input`);
  const value = graph.as(input, type);
  const reduced =
    dims.length === 0 ? value : graph.node(onnx, [value, graph.ints(dims)], { keepdims: Number(keepdim) });
  return graph.cast(reduced, type, expr.dtype);
}

function kernelOf(reduce: (elements: readonly number[]) => number) {
  return ([input]: readonly Values[], { dims }: Reduction) =>
    input === undefined ? [] : reduceAlong(input, dims, reduce);
}

const total = (elements: readonly number[]) => elements.reduce((sum, x) => sum + x, 0);
const average = (elements: readonly number[]) => total(elements) / elements.length;

export const sumOp = defineOp<Reduction>({
  name: 'sum',
  infer: ([input], attributes) =>
    reducedMeta(input, attributes, isFloating(input?.dtype ?? 'float32') ? input?.dtype : 'int64'),
  gradient: {
    name: ({ all }) => (all ? 'SumBackward0' : 'SumBackward1'),
    backward: (grad, { attributes, inputMeta: [input] }) => {
      const shape = input?.shape ?? [];
      return [restored(grad, shape, attributes).expand(shape)];
    },
  },
  lower: (graph, expr) => lowerReduce(graph, expr, 'ReduceSum', expr.dtype),
  kernel: kernelOf(total),
});

const meanOp = defineOp<Reduction>({
  name: 'mean',
  infer(inputs, attributes) {
    const [input] = inputs;
    if (!isFloating(input?.dtype ?? 'float32')) {
      throw new EngineError(
        `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${input?.dtype}`,
      );
    }
    return reducedMeta(input, attributes);
  },
  gradient: {
    name: ({ all }) => (all ? 'MeanBackward0' : 'MeanBackward1'),
    backward: (grad, { attributes, inputMeta: [input] }) => {
      const shape = input?.shape ?? [];
      const count = countOf(shape, attributes.dims);
      return [restored(grad, shape, attributes).div(count).expand(shape)];
    },
  },
  lower(graph, expr) {
    const count = countOf(expr.inputs[0]?.shape ?? [], expr.attributes.dims);
    const mean = lowerReduce(graph, expr, 'ReduceMean', expr.dtype);
    // ONNX Runtime says that the mean of nothing is 0.
    return count === 0 ? graph.node('Add', [mean, graph.scalar(Number.NaN, expr.dtype)]) : mean;
  },
  kernel: kernelOf(average),
});

type Variance = Reduction & { correction: number };

function inferVariance([input]: readonly Meta[], attributes: Variance): Meta {
  if (!isFloating(input?.dtype ?? 'float32')) {
    throw new EngineError('std and var only support floating point and complex dtypes');
  }
  return reducedMeta(input, attributes);
}

/** The gradient of the variance, given that of the result. */
function varianceGradient(grad: Tensor, x: Tensor, attributes: Variance): Tensor {
  const { dims, correction, all } = attributes;
  const count = countOf(x.shape, dims);
  if (count === correction && (all || x.ndim === 0)) {
    return restored(grad.mul(Number.POSITIVE_INFINITY), x.shape, attributes).expand(x.shape);
  }
  const centred = x.sub(x.mean(dims, true));
  return restored(grad, x.shape, attributes)
    .mul(centred)
    .mul(2 / (count - correction));
}

function lowerVariance(graph: GraphBuilder, expr: Expr<Variance>): string {
  const [input] = expr.inputs;
  if (input === undefined) throw new Error('var takes an input');
  const { dims, keepdim, correction } = expr.attributes;
  const count = countOf(input.shape, dims);
  const x = graph.value(input);
  const mean = dims.length === 0 ? x : graph.node('ReduceMean', [x, graph.ints(dims)], { keepdims: 1 });
  const centred = graph.node('Sub', [x, mean]);
  const squares = graph.node('Mul', [centred, centred]);
  const sum =
    dims.length === 0
      ? squares
      : graph.node('ReduceSum', [squares, graph.ints(dims)], { keepdims: Number(keepdim) });
  return graph.node('Div', [sum, graph.scalar(Math.max(count - correction, 0), expr.dtype)]);
}

function varianceOf(elements: readonly number[], correction: number): number {
  const mean = average(elements);
  return total(elements.map(x => (x - mean) ** 2)) / Math.max(elements.length - correction, 0);
}

const varOp = defineOp<Variance>({
  name: 'var',
  infer: inferVariance,
  gradient: {
    name: 'VarBackward0',
    saves: () => ({ inputs: [0] }),
    backward: (grad, { attributes, input }) => [varianceGradient(grad, input(0), attributes)],
  },
  lower: lowerVariance,
  kernel: ([input], { dims, correction }) =>
    input === undefined ? [] : reduceAlong(input, dims, elements => varianceOf(elements, correction)),
});

const stdOp = defineOp<Variance>({
  name: 'std',
  infer: inferVariance,
  gradient: {
    name: 'StdBackward0',
    saves: () => ({ inputs: [0], output: true }),
    backward: (grad, { attributes, input, output }) => {
      const deviation = output();
      const ofVariance = grad.div(deviation.mul(2)).maskedFill(deviation.eq(0), 0);
      return [varianceGradient(ofVariance, input(0), attributes)];
    },
  },
  lower: (graph, expr) => graph.node('Sqrt', [lowerVariance(graph, expr)]),
  kernel: ([input], { dims, correction }) =>
    input === undefined
      ? []
      : reduceAlong(input, dims, elements => Math.sqrt(varianceOf(elements, correction))),
});

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
function keepingNaN(
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
      backward: (grad, { attributes, input, output }) => {
        const x = input(0);
        const extreme = restored(output(), x.shape, attributes);
        const equal = x.eq(extreme);
        const chosen = attributes.all ? equal.logicalOr(x.ne(x).logicalAnd(extreme.ne(extreme))) : equal;
        const mask = chosen.to(grad.dtype);
        const share = mask.div(mask.sum([...attributes.dims], true));
        return [share.mul(restored(grad, x.shape, attributes))];
      },
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

const amaxOp = extremeOp('amax', 'ReduceMax', Math.max, ['MaxBackward1', 'AmaxBackward0']);
const aminOp = extremeOp('amin', 'ReduceMin', Math.min, ['MinBackward1', 'AminBackward0']);

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

/** The sum of the elements; integers are summed as int64. */
export function sum(self: Tensor, dim?: Dims, keepdim = false): Tensor {
  return apply(sumOp, [self], reduction(self, dim, keepdim));
}

/** The mean of the elements. */
export function mean(self: Tensor, dim?: Dims, keepdim = false): Tensor {
  return apply(meanOp, [self], reduction(self, dim, keepdim));
}

/** The variance; `correction` 1 divides by n − 1 (Bessel), 0 by n. */
export function variance(self: Tensor, dim?: Dims, correction = 1, keepdim = false): Tensor {
  return apply(varOp, [self], { ...reduction(self, dim, keepdim), correction });
}

/** The standard deviation; see {@link variance}. */
export function std(self: Tensor, dim?: Dims, correction = 1, keepdim = false): Tensor {
  return apply(stdOp, [self], { ...reduction(self, dim, keepdim), correction });
}

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

/** The largest element of all, or along a dimension with its index. */
export function max(self: Tensor): Tensor;
export function max(self: Tensor, dim: number, keepdim?: boolean): ValuesAndIndices;
export function max(self: Tensor, dim?: number, keepdim = false): Tensor | ValuesAndIndices {
  if (dim === undefined) return apply(amaxOp, [self], reduction(self, undefined, false));
  return along(self, dim, keepdim, maxAlongOp, argmax);
}

/** The smallest element of all, or along a dimension with its index. */
export function min(self: Tensor): Tensor;
export function min(self: Tensor, dim: number, keepdim?: boolean): ValuesAndIndices;
export function min(self: Tensor, dim?: number, keepdim = false): Tensor | ValuesAndIndices {
  if (dim === undefined) return apply(aminOp, [self], reduction(self, undefined, false));
  return along(self, dim, keepdim, minAlongOp, argmin);
}

defineMethods({ sum, mean, var: variance, std, amax, amin, argmax, argmin, max, min });

declare module '../tensor' {
  interface Tensor {
    /** The sum of the elements; integers are summed as int64. */
    sum(dim?: Dims, keepdim?: boolean): Tensor;
    mean(dim?: Dims, keepdim?: boolean): Tensor;
    /** The variance; `correction` 1 divides by n − 1, 0 by n. */
    var(dim?: Dims, correction?: number, keepdim?: boolean): Tensor;
    /** The standard deviation. */
    std(dim?: Dims, correction?: number, keepdim?: boolean): Tensor;
    amax(dim?: Dims, keepdim?: boolean): Tensor;
    amin(dim?: Dims, keepdim?: boolean): Tensor;
    /** The place of the first largest element. */
    argmax(dim?: number, keepdim?: boolean): Tensor;
    argmin(dim?: number, keepdim?: boolean): Tensor;
    /** The largest element of all, or along a dimension with its index. */
    max(): Tensor;
    max(dim: number, keepdim?: boolean): ValuesAndIndices;
    min(): Tensor;
    min(dim: number, keepdim?: boolean): ValuesAndIndices;
  }
}
