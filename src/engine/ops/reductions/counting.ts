/** Reductions to truth values, counts, products and logarithms of sums. */
import { type DType, isFloating } from '../../dtype';
import type { Expr } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { floatType } from '../pointwise/elementwise';
import { lowerLog } from '../pointwise/logarithm';
import { where } from '../pointwise/selection';
import { defineSignatures } from '../signatures';
import {
  countOf,
  type Dims,
  kernelOf,
  lowerReduce,
  type Reduction,
  reducedMeta,
  reduction,
  restored,
} from './reduction';

/** Whether some or all elements hold: uint8 stays uint8, as in PyTorch. */
function truthOp(name: string, onnx: string, holds: (elements: readonly number[]) => boolean): Op<Reduction> {
  return defineOp<Reduction>({
    name,
    infer: ([input], attributes) =>
      reducedMeta(input, attributes, input?.dtype === 'uint8' ? 'uint8' : 'bool'),
    lower(graph, expr) {
      const { dims, keepdim } = expr.attributes;
      const [input] = expr.inputs;
      if (input === undefined) throw new Error(`${name} takes an input`);
      const truth = graph.cast(graph.as(input, 'bool'), 'bool', 'int32');
      const nothing = countOf(input.shape, dims) === 0;
      const operator = nothing ? 'ReduceSum' : onnx;
      const found =
        dims.length === 0
          ? truth
          : graph.node(operator, [truth, graph.ints(dims)], { keepdims: Number(keepdim) });
      // Everything is true of nothing.
      const value = nothing && name === 'all' ? graph.node('Add', [found, graph.scalar(1, 'int32')]) : found;
      return graph.cast(value, 'int32', expr.dtype);
    },
    kernel: kernelOf(elements => Number(holds(elements))),
  });
}

const allOp = truthOp('all', 'ReduceMin', elements => elements.every(x => x !== 0));
const anyOp = truthOp('any', 'ReduceMax', elements => elements.some(x => x !== 0));

const oneDim = (self: Tensor, dim: number | undefined, keepdim: boolean) =>
  reduction(self, dim === undefined ? undefined : wrapDim(dim, self.ndim), keepdim);

/** Whether all elements are true, or not zero. */
export const all = (self: Tensor, dim?: number, keepdim = false): Tensor =>
  apply(allOp, [self], oneDim(self, dim, keepdim));

/** Whether some element is true, or not zero. */
export const any = (self: Tensor, dim?: number, keepdim = false): Tensor =>
  apply(anyOp, [self], oneDim(self, dim, keepdim));

/** How many elements are not zero. */
export const countNonzero = (self: Tensor, dim?: Dims): Tensor => self.detach().ne(0).sum(dim);

/** Products of all others: what the gradient needs where an element is zero. */
function productGradient(grad: Tensor, x: Tensor, attributes: Reduction): Tensor {
  const { dims } = attributes;
  const zero = x.eq(0);
  const zeros = zero.to(x.dtype).sum([...dims], true);
  const filled = x.maskedFill(zero, 1);
  const others = dims.reduce((product, dim) => product.prod(dim, true), filled);
  const single = where(zero.logicalAnd(zeros.eq(1)), others, 0);
  const gradient = where(zeros.eq(0), others.div(filled), single);
  return gradient.mul(restored(grad, x.shape, attributes));
}

/** The type to compute in, where the caller named one. */
type Product = Reduction & { type: DType | null };

const prodOp = defineOp<Product>({
  name: 'prod',
  formula: 'Π x',
  infer: ([input], attributes) =>
    reducedMeta(
      input,
      attributes,
      attributes.type ?? (isFloating(input?.dtype ?? 'float32') ? input?.dtype : 'int64'),
    ),
  gradient: {
    name: ({ all: whole }) => (whole ? 'ProdBackward0' : 'ProdBackward1'),
    saves: () => ({ inputs: [0] }),
    backward: (grad, { attributes, input }) => [productGradient(grad, input(0), attributes)],
  },
  lower(graph, expr) {
    if (countOf(expr.inputs[0]?.shape ?? [], expr.attributes.dims) > 0) {
      return lowerReduce(graph, expr, 'ReduceProd', expr.dtype === 'bool' ? 'int32' : expr.dtype);
    }
    const one = graph.scalar(1, expr.dtype);
    return graph.node('Expand', [one, graph.ints(expr.shape)]);
  },
  kernel: kernelOf(elements => elements.reduce((product, x) => product * x, 1)),
});

/** The product of the elements; of integers as int64. */
export function prod(self: Tensor, dim?: number, keepdim = false, { dtype }: { dtype?: DType } = {}): Tensor {
  return apply(prodOp, [self], { ...oneDim(self, dim, keepdim), type: dtype ?? null });
}

function lowerLogSumExp(graph: GraphBuilder, expr: Expr<Reduction>): string {
  const { dims, keepdim } = expr.attributes;
  const [input] = expr.inputs;
  if (input === undefined) throw new Error('logsumexp takes an input');
  const x = graph.as(input, expr.dtype);
  if (dims.length === 0) return x;
  const axes = graph.ints(dims);
  const infinite = (value: string) => graph.node('IsInf', [value]);
  if (countOf(input.shape, dims) === 0) {
    const none = graph.node('ReduceSum', [x, axes], { keepdims: Number(keepdim) });
    return graph.node('Add', [none, graph.scalar(Number.NEGATIVE_INFINITY, expr.dtype)]);
  }
  const largest = graph.node('ReduceMax', [x, axes], { keepdims: 1 });
  const shift = graph.node('Where', [infinite(largest), graph.scalar(0, expr.dtype), largest]);
  const powers = graph.node('Exp', [graph.node('Sub', [x, shift])]);
  const sum = graph.node('ReduceSum', [powers, axes], { keepdims: 1 });
  const result = graph.node('Add', [lowerLog(graph, sum, expr.dtype), shift]);
  return keepdim ? result : graph.node('Squeeze', [result, axes]);
}

const logsumexpOp = defineOp<Reduction>({
  name: 'logsumexp',
  formula: 'log Σ exp(x)',
  infer([input], attributes) {
    return reducedMeta(input, attributes, floatType(input?.dtype ?? 'float32'));
  },
  gradient: {
    name: 'LogsumexpBackward0',
    saves: () => ({ inputs: [0], output: true }),
    backward: (grad, { attributes, input, output }) => {
      const x = input(0);
      const sum = restored(output(), x.shape, attributes);
      return [restored(grad, x.shape, attributes).mul(x.sub(sum).exp())];
    },
  },
  lower: lowerLogSumExp,
  kernel: kernelOf(elements => {
    const largest = elements.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const shift = Number.isFinite(largest) ? largest : 0;
    return Math.log(elements.reduce((sum, x) => sum + Math.exp(x - shift), 0)) + shift;
  }),
});

/** The logarithm of the sum of exponentials, without overflow. */
export const logsumexp = (self: Tensor, dim: number | readonly number[], keepdim = false): Tensor =>
  apply(logsumexpOp, [self], { ...reduction(self, dim, keepdim), all: false });

defineMethods({ all, any, countNonzero, prod, logsumexp });
defineSignatures(`
  prod(self, dim, keepdim)
  all(self, dim, keepdim)
  any(self, dim, keepdim)
  logsumexp(self, dim, keepdim)
  count_nonzero(self, dim)
`);

declare module '../../tensor' {
  interface Tensor {
    /** Whether all elements are true, or not zero. */
    all(dim?: number, keepdim?: boolean): Tensor;
    /** Whether some element is true, or not zero. */
    any(dim?: number, keepdim?: boolean): Tensor;
    /** How many elements are not zero. */
    countNonzero(dim?: Dims): Tensor;
    /** The product of the elements; of integers as int64. */
    prod(dim?: number, keepdim?: boolean, options?: { dtype?: DType }): Tensor;
    /** The logarithm of the sum of exponentials, without overflow. */
    logsumexp(dim: number | readonly number[], keepdim?: boolean): Tensor;
  }
}
