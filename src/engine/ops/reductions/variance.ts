/** Variance and standard deviation, over all or some dimensions. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Expr, Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import type { Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply, applyJoint, part } from '../apply';
import { reduceAlong } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp, type JointGradient, type Op } from '../op';
import {
  average,
  countOf,
  type Dims,
  type Reduction,
  reducedMeta,
  reduction,
  restored,
  total,
} from './reduction';
import { meanOp } from './sum';

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
      return [deviationGradient(grad, output(), input(0), attributes)];
    },
  },
  lower: (graph, expr) => graph.node('Sqrt', [lowerVariance(graph, expr)]),
  kernel: ([input], { dims, correction }) =>
    input === undefined
      ? []
      : reduceAlong(input, dims, elements => Math.sqrt(varianceOf(elements, correction))),
});

/** The gradient of a mean, given that of the result. */
function meanGradient(grad: Tensor, shape: Shape, attributes: Variance): Tensor {
  return restored(grad, shape, attributes).div(countOf(shape, attributes.dims)).expand(shape);
}

function deviationGradient(grad: Tensor, deviation: Tensor, x: Tensor, attributes: Variance): Tensor {
  const ofVariance = grad.div(deviation.mul(2)).maskedFill(deviation.eq(0), 0);
  return varianceGradient(ofVariance, x, attributes);
}

/** The sum of what is there. */
function sumOf(parts: readonly (Tensor | undefined)[]): Tensor | undefined {
  return parts.reduce((sum, part) =>
    sum === undefined || part === undefined ? (sum ?? part) : sum.add(part),
  );
}

const varMeanGradient: JointGradient<Variance> = {
  name: 'VarMeanBackward0',
  saves: () => ({ inputs: [0] }),
  backward: ([grad, ofMean], { attributes, input, inputMeta: [meta] }) => [
    sumOf([
      grad && varianceGradient(grad, input(0), attributes),
      ofMean && meanGradient(ofMean, meta?.shape ?? [], attributes),
    ]),
  ],
};

const stdMeanGradient: JointGradient<Variance> = {
  name: 'StdMeanBackward0',
  saves: () => ({ inputs: [0], outputs: [0] }),
  backward: ([grad, ofMean], { attributes, input, output, inputMeta: [meta] }) => [
    sumOf([
      grad && deviationGradient(grad, output(0), input(0), attributes),
      ofMean && meanGradient(ofMean, meta?.shape ?? [], attributes),
    ]),
  ],
};

function withMean(
  gradient: JointGradient<Variance>,
  op: Op<Variance>,
  self: Tensor,
  [dim, correction, keepdim]: [Dims, number, boolean],
): [Tensor, Tensor] {
  const over = reduction(self, dim, keepdim);
  const attributes = { ...over, correction };
  const [spread, mean] = applyJoint(gradient, [self], attributes, [part(op, attributes), part(meanOp, over)]);
  if (spread === undefined || mean === undefined) throw new Error(`${gradient.name} gives two tensors`);
  return [spread, mean];
}

/** The variance and the mean; see {@link variance}. */
export function varMean(self: Tensor, dim?: Dims, correction = 1, keepdim = false): [Tensor, Tensor] {
  return withMean(varMeanGradient, varOp, self, [dim, correction, keepdim]);
}

/** The standard deviation and the mean; see {@link variance}. */
export function stdMean(self: Tensor, dim?: Dims, correction = 1, keepdim = false): [Tensor, Tensor] {
  return withMean(stdMeanGradient, stdOp, self, [dim, correction, keepdim]);
}

/** The variance; `correction` 1 divides by n − 1 (Bessel), 0 by n. */
export function variance(self: Tensor, dim?: Dims, correction = 1, keepdim = false): Tensor {
  return apply(varOp, [self], { ...reduction(self, dim, keepdim), correction });
}

/** The standard deviation; see {@link variance}. */
export function std(self: Tensor, dim?: Dims, correction = 1, keepdim = false): Tensor {
  return apply(stdOp, [self], { ...reduction(self, dim, keepdim), correction });
}

defineMethods({ var: variance, std });

declare module '../../tensor' {
  interface Tensor {
    /** The variance; `correction` 1 divides by n − 1, 0 by n. */
    var(dim?: Dims, correction?: number, keepdim?: boolean): Tensor;
    /** The standard deviation. */
    std(dim?: Dims, correction?: number, keepdim?: boolean): Tensor;
  }
}
