/** Norms of vectors: (Σ |x|ᵖ)^(1/p), the largest or smallest |x| for p = ±∞, and how many are not 0 for p = 0. */
import { type DType, isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { wrapDims } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { encodeNumber } from '../encode-number';
import { decodeNumber } from '../kernels';
import { defineOp } from '../op';
import { keepingNaN } from './extremes';
import { countOf, type Dims, kernelOf, type Reduction, reducedMeta, restored } from './reduction';

type Norm = Reduction & { p: number | string; node: string; dtype: DType };

/** Writes the nodes of a norm over `dims` of a value of this type. */
export function lowerNorm(
  graph: GraphBuilder,
  x: string,
  dtype: DType,
  p: number,
  dims: readonly number[],
  keepdim: boolean,
): string {
  const size = graph.node('Abs', [x]);
  if (dims.length === 0 && p !== 0) return size;
  const reduce = (operator: string, value: string) =>
    dims.length === 0
      ? value
      : graph.node(operator, [value, graph.ints(dims)], { keepdims: Number(keepdim) });
  if (Math.abs(p) === Number.POSITIVE_INFINITY) {
    return keepingNaN(graph, x, reduce(p > 0 ? 'ReduceMax' : 'ReduceMin', size), dims, keepdim, dtype);
  }
  if (p === 0) {
    const isZero = graph.node('Equal', [x, graph.scalar(0, dtype)]);
    return reduce('ReduceSum', graph.cast(graph.node('Not', [isZero]), 'bool', dtype));
  }
  if (p === 1) return reduce('ReduceSum', size);
  if (p === 2) return graph.node('Sqrt', [reduce('ReduceSum', graph.node('Mul', [x, x]))]);
  const powers = reduce('ReduceSum', graph.node('Pow', [size, graph.scalar(p, dtype)]));
  return graph.node('Pow', [powers, graph.scalar(1 / p, dtype)]);
}

/** The norm of a list of numbers. */
export function normOf(elements: readonly number[], p: number): number {
  if (elements.length === 0) return 0;
  const sizes = elements.map(Math.abs);
  if (Math.abs(p) === Number.POSITIVE_INFINITY) {
    if (sizes.some(Number.isNaN)) return Number.NaN;
    return sizes.reduce((a, b) => (p > 0 ? Math.max(a, b) : Math.min(a, b)), p > 0 ? 0 : p * -1);
  }
  if (p === 0) return sizes.filter(x => x !== 0).length;
  return sizes.reduce((sum, x) => sum + x ** p, 0) ** (1 / p);
}

/** The gradient for `x`, given those of the norm, with the dimensions put back. */
function normGradient(grad: Tensor, x: Tensor, norm: Tensor, p: number, dims: readonly number[]): Tensor {
  const without = (value: Tensor) => value.maskedFill(norm.detach().eq(0), 0);
  if (p === 1) return x.sign().mul(grad);
  if (p === 2) return x.mul(without(grad.div(norm)));
  if (Math.abs(p) === Number.POSITIVE_INFINITY) {
    const size = x.detach().abs();
    const mask = size.eq(norm.detach()).logicalOr(size.isnan()).to(grad.dtype);
    return x
      .sign()
      .mul(grad.div(dims.length === 0 ? mask : mask.sum([...dims], true)))
      .mul(mask);
  }
  if (p < 1) {
    const scaled = x
      .sign()
      .mul(x.abs().pow(p - 1))
      .maskedFill(x.detach().eq(0), 0);
    return scaled.mul(grad).mul(norm.pow(1 - p));
  }
  const scaled = p < 2 ? x.sign().mul(x.abs().pow(p - 1)) : x.mul(x.abs().pow(p - 2));
  return scaled.mul(without(grad.div(norm.pow(p - 1))));
}

const normOp = defineOp<Norm>({
  name: 'vector_norm',
  formula: '(Σ |x|ᵖ)^(1/p)',
  infer: ([input], attributes) => reducedMeta(input, attributes, attributes.dtype),
  gradient: {
    name: ({ node }) => node,
    saves: () => ({ inputs: [0], output: true }),
    backward: (grad, { attributes, input, output }) => {
      if (attributes.p === 0) return [undefined];
      const x = input(0).to(attributes.dtype);
      const [slope, norm] = [grad, output()].map(value => restored(value, x.shape, attributes));
      if (slope === undefined || norm === undefined) throw new Error('a norm has a gradient and a value');
      return [normGradient(slope, x, norm, decodeNumber(attributes.p), attributes.dims)];
    },
  },
  lower(graph, { inputs: [input], attributes: { p, dims, keepdim }, dtype, shape }) {
    if (input === undefined) throw new Error('vector_norm takes an input');
    const power = decodeNumber(p);
    if (countOf(input.shape, dims) === 0 && (power < 0 || power === Number.POSITIVE_INFINITY)) {
      // The norm of nothing.
      return graph.node('Expand', [graph.scalar(0, dtype), graph.ints(shape)]);
    }
    return lowerNorm(graph, graph.as(input, dtype), dtype, power, dims, keepdim);
  },
  kernel: (inputs, attributes) =>
    kernelOf(elements => normOf(elements, decodeNumber(attributes.p)))(inputs, attributes),
});

/** The order of a norm, over which dimensions, and how it is called. */
export interface NormSpec {
  readonly p: number;
  readonly dim?: Dims;
  readonly keepdim?: boolean;
  readonly dtype?: DType | undefined;
  readonly node: string;
  /** The function, for its complaints. */
  readonly name: string;
}

/** A norm with PyTorch's name for its node. */
export function normBy(self: Tensor, { p, dim, keepdim = false, dtype, node, name }: NormSpec): Tensor {
  const type = dtype ?? self.dtype;
  if (!isFloating(type) || (dtype === undefined && !isFloating(self.dtype))) {
    throw new EngineError(
      `${name}(): input dtype should be either floating point or complex. Got ${self.dtype} instead.`,
    );
  }
  const dims = wrapDims(dim, self.ndim);
  const unbounded = p < 0 || p === Number.POSITIVE_INFINITY;
  if (name.startsWith('linalg') && unbounded && countOf(self.shape, dims) === 0) {
    throw new EngineError(
      `${name} cannot compute the ${p} norm on an empty tensor because the operation does not ` +
        'have an identity',
    );
  }
  const all = dim === undefined;
  return apply(normOp, [self], { p: encodeNumber(p), dims, keepdim, all, node, dtype: type });
}
