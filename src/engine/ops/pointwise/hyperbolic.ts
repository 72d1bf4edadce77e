/** Hyperbolic functions and their inverses. `tanh` stands among the simpler functions of one element. */
import type { DType } from '../../dtype';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineSignatures } from '../signatures';
import { lowerLog } from './logarithm';
import { lowerExpm1, lowerLog1p } from './series';
import { functionOf, type Unary, type UnaryMethods, unary } from './unary-op';

/** Where `small(|x|)` would overflow `large(|x|)`, and the sign of x on either. */
function lowerOdd(
  graph: GraphBuilder,
  x: string,
  dtype: DType,
  limit: number,
  small: (size: string) => string,
  large: (size: string) => string,
): string {
  const size = graph.node('Abs', [x]);
  const bound = graph.scalar(limit, dtype);
  const value = graph.node('Where', [
    graph.node('Greater', [size, bound]),
    large(size),
    small(graph.node('Min', [size, bound])),
  ]);
  const negative = graph.node('Less', [x, graph.scalar(0, dtype)]);
  const signed = graph.node('Where', [negative, graph.node('Neg', [value]), value]);
  // Keeps −0, and NaN where `Min` passes over it.
  const itself = graph.node('Not', [graph.node('Greater', [size, graph.scalar(0, dtype)])]);
  return graph.node('Where', [itself, x, signed]);
}

/** ½·exp(x), which is finite somewhat longer than exp(x). */
function halfExp(graph: GraphBuilder, x: string, dtype: DType): string {
  const half = graph.scalar(0.5, dtype);
  const root = graph.node('Exp', [graph.node('Mul', [x, half])]);
  return graph.node('Mul', [graph.node('Mul', [root, half]), root]);
}

/** sinh by u = exp(|x|) − 1: ½·(u + u / (u + 1)). */
function lowerSinh(graph: GraphBuilder, x: string, dtype: DType): string {
  const small = (size: string) => {
    const u = lowerExpm1(graph, size, dtype);
    const rest = graph.node('Div', [u, graph.node('Add', [u, graph.scalar(1, dtype)])]);
    return graph.node('Mul', [graph.node('Add', [u, rest]), graph.scalar(0.5, dtype)]);
  };
  return lowerOdd(graph, x, dtype, 20, small, size => halfExp(graph, size, dtype));
}

function lowerCosh(graph: GraphBuilder, x: string, dtype: DType): string {
  const half = halfExp(graph, graph.node('Abs', [x]), dtype);
  return graph.node('Add', [half, graph.node('Div', [graph.scalar(0.25, dtype), half])]);
}

/** log(2x), for large x. */
function logOfTwice(graph: GraphBuilder, x: string, dtype: DType): string {
  return graph.node('Add', [lowerLog(graph, x, dtype), graph.scalar(Math.LN2, dtype)]);
}

/** From here on x² + 1 is x² in either type. */
const far = 1e9;

/** asinh |x| = log1p(|x| + x² / (1 + √(x² + 1))). */
function lowerAsinh(graph: GraphBuilder, x: string, dtype: DType): string {
  const small = (size: string) => {
    const one = graph.scalar(1, dtype);
    const square = graph.node('Mul', [size, size]);
    const root = graph.node('Sqrt', [graph.node('Add', [square, one])]);
    const more = graph.node('Div', [square, graph.node('Add', [root, one])]);
    return lowerLog1p(graph, graph.node('Add', [size, more]), dtype);
  };
  return lowerOdd(graph, x, dtype, far, small, size => logOfTwice(graph, size, dtype));
}

/** acosh x = log1p(t + √(2t + t²)) with t = x − 1. */
function lowerAcosh(graph: GraphBuilder, x: string, dtype: DType): string {
  const t = graph.node('Sub', [graph.node('Min', [x, graph.scalar(far, dtype)]), graph.scalar(1, dtype)]);
  const square = graph.node('Mul', [t, graph.node('Add', [t, graph.scalar(2, dtype)])]);
  const small = lowerLog1p(graph, graph.node('Add', [t, graph.node('Sqrt', [square])]), dtype);
  const isFar = graph.node('Greater', [x, graph.scalar(far, dtype)]);
  const isNumber = graph.node('GreaterOrEqual', [x, graph.scalar(1, dtype)]);
  const value = graph.node('Where', [isFar, logOfTwice(graph, x, dtype), small]);
  return graph.node('Where', [isNumber, value, graph.scalar(Number.NaN, dtype)]);
}

/** atanh |x| = ½·log1p(2|x| / (1 − |x|)). */
function lowerAtanh(graph: GraphBuilder, x: string, dtype: DType): string {
  const inner = (size: string) => {
    const twice = graph.node('Add', [size, size]);
    const ratio = graph.node('Div', [twice, graph.node('Sub', [graph.scalar(1, dtype), size])]);
    return graph.node('Mul', [lowerLog1p(graph, ratio, dtype), graph.scalar(0.5, dtype)]);
  };
  return lowerOdd(graph, x, dtype, 1, inner, () => graph.scalar(Number.NaN, dtype));
}

const ops = {
  sinh: unary('sinh', {
    onnx: (graph, [x = ''], dtype) => lowerSinh(graph, x, dtype),
    element: Math.sinh,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.cosh()),
  }),
  cosh: unary('cosh', {
    onnx: (graph, [x = ''], dtype) => lowerCosh(graph, x, dtype),
    element: Math.cosh,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.sinh()),
  }),
  asinh: unary('asinh', {
    onnx: (graph, [x = ''], dtype) => lowerAsinh(graph, x, dtype),
    element: Math.asinh,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.mul(x).add(1).rsqrt()),
  }),
  acosh: unary('acosh', {
    onnx: (graph, [x = ''], dtype) => lowerAcosh(graph, x, dtype),
    element: Math.acosh,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.mul(x).sub(1).rsqrt()),
  }),
  atanh: unary('atanh', {
    onnx: (graph, [x = ''], dtype) => lowerAtanh(graph, x, dtype),
    element: Math.atanh,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.mul(x).rsub(1).reciprocal()),
  }),
};

export const sinh: Unary = functionOf(ops.sinh);
export const cosh: Unary = functionOf(ops.cosh);
export const asinh: Unary = functionOf(ops.asinh);
export const acosh: Unary = functionOf(ops.acosh);
export const atanh: Unary = functionOf(ops.atanh);

const functions = { sinh, cosh, asinh, acosh, atanh };
defineMethods(functions);
defineInPlaceMethods(functions);
defineSignatures(`
  sinh(self)
  cosh(self)
  asinh(self)
  acosh(self)
  atanh(self)
`);

type Methods = UnaryMethods<typeof functions>;

declare module '../../tensor' {
  interface Tensor extends Methods {}
}
