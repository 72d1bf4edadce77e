/**
 * Lowering functions that ONNX lacks, or that ONNX Runtime computes in float32 only, by those that are everywhere:
 * exp, log, sin, cos and polynomials. Care is taken that nothing cancels near zero and nothing overflows early.
 */
import type { DType } from '../../dtype';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { lowerLog } from './logarithm';

/** The largest finite number of a floating-point type. */
export function largest(dtype: DType): number {
  return dtype === 'float64' ? Number.MAX_VALUE : 3.4028234663852886e38;
}

/** On the CPU `compute` works in float64, where rounding on the way does not show; elsewhere in the given type. */
export function inDouble(
  graph: GraphBuilder,
  operands: readonly string[],
  dtype: DType,
  compute: (operands: readonly string[], dtype: DType) => string,
): string {
  const type = graph.device === 'cpu' ? 'float64' : dtype;
  const widened = operands.map(operand => graph.cast(operand, dtype, type));
  return graph.cast(compute(widened, type), type, dtype);
}

/** c₀ + c₁x + c₂x² + …, by Horner's rule. */
export function lowerPolynomial(
  graph: GraphBuilder,
  x: string,
  coefficients: readonly number[],
  dtype: DType,
): string {
  return coefficients
    .map(c => graph.scalar(c, dtype))
    .reduceRight((sum, c) => graph.node('Add', [graph.node('Mul', [sum, x]), c]));
}

/** The coefficients 1, 1/2!, 1/3!, … of (exp(x) − 1) / x. */
const expm1Series = Array.from({ length: 19 }, (_, i) => 1 / factorial(i + 1));

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

/** exp(x) − 1: by its series near zero, where the difference would cancel. */
export function lowerExpm1(graph: GraphBuilder, x: string, dtype: DType): string {
  const one = graph.scalar(1, dtype);
  const near = graph.node('Less', [graph.node('Abs', [x]), one]);
  const small = graph.node('Where', [near, x, graph.scalar(0, dtype)]);
  const terms = expm1Series.slice(0, dtype === 'float64' ? 19 : 11);
  const series = graph.node('Mul', [small, lowerPolynomial(graph, small, terms, dtype)]);
  return graph.node('Where', [near, series, graph.node('Sub', [graph.node('Exp', [x]), one])]);
}

/** log(1 + x) by Kahan's correction: exact also where 1 + x rounds to 1, or is infinite. */
export function lowerLog1p(graph: GraphBuilder, x: string, dtype: DType): string {
  const one = graph.scalar(1, dtype);
  const u = graph.node('Add', [x, one]);
  const du = graph.node('Sub', [u, one]);
  const zero = graph.node('Equal', [du, graph.scalar(0, dtype)]);
  const safe = graph.node('Where', [zero, one, graph.node('Min', [du, graph.scalar(largest(dtype), dtype)])]);
  const corrected = graph.node('Mul', [lowerLog(graph, u, dtype), graph.node('Div', [x, safe])]);
  return graph.node('Where', [zero, x, corrected]);
}

/** x without what is behind the point. */
export function lowerTrunc(graph: GraphBuilder, x: string, dtype: DType): string {
  const negative = graph.node('Less', [x, graph.scalar(0, dtype)]);
  return graph.node('Where', [negative, graph.node('Ceil', [x]), graph.node('Floor', [x])]);
}

/** 1 / (1 + exp(−x)). ONNX Runtime fuses x · σ(x) into an operator that it has in float32 only. */
export function lowerSigmoid(graph: GraphBuilder, x: string, dtype: DType): string {
  if (dtype !== 'float64') return graph.node('Sigmoid', [x]);
  const inverse = graph.node('Add', [graph.node('Exp', [graph.node('Neg', [x])]), graph.scalar(1, dtype)]);
  return graph.node('Reciprocal', [inverse]);
}
