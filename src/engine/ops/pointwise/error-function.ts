/** The error function, and what is left of 1 beyond it. */
import type { DType } from '../../dtype';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineSignatures } from '../signatures';
import { inDouble, lowerPolynomial } from './series';
import { functionOf, type Unary, type UnaryMethods, unary } from './unary-op';

/**
 * Chebyshev coefficients of log(erfc(z)·exp(z²) / t) in 2t − 1 … with t = 2 / (2 + z): exact to 1.2e-16 everywhere
 * (Numerical Recipes, third edition, §6.2.2).
 */
const chebyshev = [
  -1.3026537197817094, 0.6419697923564902, 1.9476473204185836e-2, -9.561514786808631e-3, -9.46595344482036e-4,
  3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6, 1.30365583558e-6,
  1.5626441722e-8, -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10,
  9.6467911e-11, 2.394038e-12, -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15,
  -1.523e-15, -9.4e-17, 1.21e-16, -2.8e-17,
];

/** 2/√π, by which the series of the error function begins. */
const slope = 2 / Math.sqrt(Math.PI);

/** erf x = slope · x · Σ (−1)ⁿ x²ⁿ / (n! (2n + 1)), for |x| ≤ ½. */
const series = Array.from({ length: 13 }, (_, n) => {
  const factorial = Array.from({ length: n }, (_unused, i) => i + 1).reduce((a, b) => a * b, 1);
  return ((-1) ** n * slope) / (factorial * (2 * n + 1));
});

/** erfc z for z ≥ 0. */
function tail(z: number): number {
  const t = 2 / (2 + z);
  const ty = 4 * t - 2;
  let [d, dd] = [0, 0];
  for (let j = chebyshev.length - 1; j > 0; j--) [d, dd] = [ty * d - dd + (chebyshev[j] ?? 0), d];
  return t * Math.exp(-z * z + 0.5 * ((chebyshev[0] ?? 0) + ty * d) - dd);
}

/** The error function. */
export function erfOf(x: number): number {
  const size = Math.abs(x);
  if (size < 0.5) return x * series.reduceRight((sum, c) => sum * x * x + c, 0);
  if (Number.isNaN(x)) return x;
  return Math.sign(x) * (1 - tail(size));
}

/** 1 − erf x, without cancellation. */
function erfcOf(x: number): number {
  if (Math.abs(x) < 0.5) return 1 - erfOf(x);
  return x < 0 ? 2 - tail(-x) : tail(x);
}

/** {@link tail}, by Clenshaw's recurrence as nodes. */
function lowerTail(graph: GraphBuilder, z: string, dtype: DType): string {
  const constant = (value: number) => graph.scalar(value, dtype);
  const t = graph.node('Div', [constant(2), graph.node('Add', [z, constant(2)])]);
  const ty = graph.node('Sub', [graph.node('Mul', [t, constant(4)]), constant(2)]);
  let [d, dd] = [constant(0), constant(0)];
  for (const c of chebyshev.slice(1).reverse()) {
    const next = graph.node('Sub', [graph.node('Mul', [ty, d]), dd]);
    [d, dd] = [graph.node('Add', [next, constant(c)]), d];
  }
  const half = graph.node('Mul', [
    graph.node('Add', [graph.node('Mul', [ty, d]), constant(chebyshev[0] ?? 0)]),
    constant(0.5),
  ]);
  const exponent = graph.node('Sub', [graph.node('Sub', [half, dd]), graph.node('Mul', [z, z])]);
  return graph.node('Mul', [t, graph.node('Exp', [exponent])]);
}

/** erf of small numbers by its series, and `beyond(erfc |x|)` for larger ones. */
function lowerErrorFunction(
  graph: GraphBuilder,
  x: string,
  dtype: DType,
  near: (erf: string) => string,
  beyond: (tail: string, negative: string) => string,
): string {
  const size = graph.node('Abs', [x]);
  const squared = graph.node('Mul', [x, x]);
  const small = graph.node('Mul', [x, lowerPolynomial(graph, squared, series, dtype)]);
  const isSmall = graph.node('Less', [size, graph.scalar(0.5, dtype)]);
  // Beyond 40 it is 0 in either type, and its polynomial infinite.
  const bounded = graph.node('Clip', [size, graph.scalar(0, dtype), graph.scalar(40, dtype)]);
  const negative = graph.node('Less', [x, graph.scalar(0, dtype)]);
  const far = beyond(lowerTail(graph, bounded, dtype), negative);
  const value = graph.node('Where', [isSmall, near(small), far]);
  return graph.node('Where', [graph.node('IsNaN', [x]), x, value]);
}

/** The error function as nodes: ONNX Runtime has it in float32 only. */
export function lowerErf(graph: GraphBuilder, x: string, dtype: DType): string {
  if (dtype !== 'float64') return graph.node('Erf', [x]);
  const one = graph.scalar(1, dtype);
  return lowerErrorFunction(
    graph,
    x,
    dtype,
    erf => erf,
    (rest, negative) => {
      const size = graph.node('Sub', [one, rest]);
      return graph.node('Where', [negative, graph.node('Neg', [size]), size]);
    },
  );
}

function lowerErfc(graph: GraphBuilder, x: string, dtype: DType): string {
  return lowerErrorFunction(
    graph,
    x,
    dtype,
    erf => graph.node('Sub', [graph.scalar(1, dtype), erf]),
    (rest, negative) =>
      graph.node('Where', [negative, graph.node('Sub', [graph.scalar(2, dtype), rest]), rest]),
  );
}

const ops = {
  erf: unary('erf', {
    onnx: (graph, [x = ''], dtype) => lowerErf(graph, x, dtype),
    element: erfOf,
    from: 'input',
    gradient: (grad, x) => x.mul(x).neg().exp().mul(slope).mul(grad),
  }),
  erfc: unary('erfc', {
    onnx: (graph, operands, dtype) =>
      inDouble(graph, operands, dtype, ([x = ''], type) => lowerErfc(graph, x, type)),
    element: erfcOf,
    from: 'input',
    gradient: (grad, x) => x.mul(x).neg().exp().mul(-slope).mul(grad),
  }),
};

export const erf: Unary = functionOf(ops.erf);
export const erfc: Unary = functionOf(ops.erfc);

const functions = { erf, erfc };
defineMethods(functions);
defineInPlaceMethods(functions);
defineSignatures(`
  erf(self)
  erfc(self)
`);

type Methods = UnaryMethods<typeof functions>;

declare module '../../tensor' {
  interface Tensor extends Methods {}
}
