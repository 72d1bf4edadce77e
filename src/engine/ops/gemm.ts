/**
 * Lowering products of matrices to ONNX `Gemm`, which transposes, scales and adds in one go. What stands
 * around a product in the graph is looked through: a transpose, a constant factor, the step of SGD.
 */
import { isFloating } from '../dtype';
import type { Attributes, Expr } from '../expr';
import type { GraphBuilder } from '../runtime/onnx/graph-builder';
import { numel, sameShape } from '../shape';
import { decodeNumber } from './kernels';
import { number } from './number';
import { permuteOp } from './shape-ops';

/** A factor of a product: a value, whether it is to be transposed, and a constant to multiply by. */
interface Factor {
  readonly value: string;
  readonly transposed: boolean;
  readonly scale: number;
}

function constantOf(expr: Expr | undefined): number | undefined {
  return expr?.is(number) ? decodeNumber(expr.attributes.value) : undefined;
}

/** Operations are told apart by name here: their files import this one. */
function isNamed(expr: Expr, name: 'mm' | 'mul' | 'div'): boolean {
  return expr.op?.name === name;
}

/** Looks through transposes and constant factors. */
function factorOf(graph: GraphBuilder, expr: Expr): Factor {
  const [first, second] = expr.inputs;
  if (first !== undefined && expr.is(permuteOp)) {
    const inner = factorOf(graph, first);
    return expr.attributes.dims[0] === 0 ? inner : { ...inner, transposed: !inner.transposed };
  }
  const constant = constantOf(second);
  if (
    first !== undefined &&
    constant !== undefined &&
    sameShape(first.shape, expr.shape) &&
    first.dtype === expr.dtype
  ) {
    if (isNamed(expr, 'mul')) return scaledFactor(factorOf(graph, first), constant);
    if (isNamed(expr, 'div')) return scaledFactor(factorOf(graph, first), 1 / constant);
  }
  return { value: graph.value(expr), transposed: false, scale: 1 };
}

function scaledFactor(factor: Factor, by: number): Factor {
  return { ...factor, scale: factor.scale * by };
}

/** `alpha · a @ b + beta · c` of two matrices; `c` is optional. */
export function gemm(
  graph: GraphBuilder,
  a: Expr,
  b: Expr,
  { c, alpha = 1, beta = 1 }: { c?: string; alpha?: number; beta?: number } = {},
): string {
  const [left, right] = [factorOf(graph, a), factorOf(graph, b)];
  return graph.node('Gemm', [left.value, right.value, ...(c === undefined ? [] : [c])], {
    alpha: { float: alpha * left.scale * right.scale },
    beta: { float: beta },
    transA: Number(left.transposed),
    transB: Number(right.transposed),
  });
}

/** A product times a scalar that is known only when the model runs. */
interface ScaledProduct {
  readonly scalar: Expr;
  readonly product: Expr;
}

function scaledProduct(expr: Expr): ScaledProduct | undefined {
  const [a, b] = expr.inputs;
  if (!isNamed(expr, 'mul') || a === undefined || b === undefined) return undefined;
  const isScalar = (x: Expr) => x.shape.length === 0;
  if (isScalar(b) && isNamed(a, 'mm')) return { scalar: b, product: a };
  return isScalar(a) && isNamed(b, 'mm') ? { scalar: a, product: b } : undefined;
}

/**
 * `w − s · (a @ b)` as one `Gemm` with `w` as its bias, where nobody else needs the product. The scalar is
 * multiplied into the smaller factor.
 */
export function gemmMinus<A extends Attributes>(graph: GraphBuilder, expr: Expr<A>): string | undefined {
  const [weight, update] = expr.inputs;
  if (weight === undefined || update === undefined || !sameShape(weight.shape, expr.shape)) return undefined;
  if (expr.attributes['alpha'] !== 1 || !isFloating(expr.dtype)) return undefined;
  const found = scaledProduct(update);
  if (found === undefined || !graph.usedOnce(update) || !graph.usedOnce(found.product)) return undefined;
  const [a, b] = found.product.inputs;
  if (a === undefined || b === undefined || [weight, a, b, found.scalar].some(x => x.dtype !== expr.dtype))
    return undefined;
  const [left, right] = [factorOf(graph, a), factorOf(graph, b)];
  const scaleLeft = numel(a.shape) <= numel(b.shape);
  const scaled = graph.product(scaleLeft ? left.value : right.value, graph.value(found.scalar));
  return graph.node(
    'Gemm',
    [scaleLeft ? scaled : left.value, scaleLeft ? right.value : scaled, graph.value(weight)],
    {
      alpha: { float: -left.scale * right.scale },
      beta: { float: 1 },
      transA: Number(left.transposed),
      transB: Number(right.transposed),
    },
  );
}
