/**
 * Lowering products of matrices to ONNX `Gemm`, which transposes, scales and adds in one go. What stands
 * around a product in the graph is looked through: transposes, constant factors, the step of SGD.
 */
import { isFloating } from '../../dtype';
import type { Attributes, Expr, Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { numel, sameShape } from '../../shape';
import { constantOf } from '../number';
import {
  type Addition,
  type Factor,
  gemmNode,
  inHalves,
  multiply,
  type ProductSize,
  turned,
} from './gemm-layout';

/** Operations are told apart by name here: their files import this one. */
function isNamed(expr: Expr, name: 'mm' | 'mul' | 'div' | 'sum' | 'permute' | 'reshape'): boolean {
  return expr.op?.name === name;
}

/** True for a `permute` that exchanges the dimensions of a matrix. */
function isTranspose(expr: Expr): boolean {
  const { dims } = expr.attributes;
  return isNamed(expr, 'permute') && Array.isArray(dims) && dims.length === 2 && dims[0] === 1;
}

/** The factor that a product or quotient with a constant multiplies its first input by. */
function constantFactor(graph: GraphBuilder, expr: Expr): number | undefined {
  const [first, second] = graph.inputsOf(expr);
  const constant = constantOf(second);
  if (first === undefined || constant === undefined) return undefined;
  if (!sameShape(first.shape, expr.shape) || first.dtype !== expr.dtype) return undefined;
  if (isNamed(expr, 'mul')) return constant;
  return isNamed(expr, 'div') ? 1 / constant : undefined;
}

/** Looks through transposes, reshapes and constant factors. */
function factorOf(graph: GraphBuilder, expr: Expr): Factor {
  const [first] = graph.inputsOf(expr);
  if (first === undefined) return plainFactor(graph, expr);
  if (isTranspose(expr)) return turned(factorOf(graph, first));
  const constant = constantFactor(graph, expr);
  if (constant !== undefined) {
    const inner = factorOf(graph, first);
    return { ...inner, scale: inner.scale * constant };
  }
  const inner = isNamed(expr, 'reshape') ? factorOf(graph, first) : undefined;
  if (inner !== undefined && !inner.transposed && inner.scale !== 1) {
    const value = graph.node('Reshape', [inner.value, graph.ints(expr.shape)], { allowzero: 1 });
    return { ...inner, value };
  }
  return plainFactor(graph, expr);
}

/** The value itself, or what it is a transposed copy of. */
function plainFactor(graph: GraphBuilder, expr: Expr): Factor {
  const value = graph.value(expr);
  const original = graph.transposedFrom(value);
  return { value: original ?? value, transposed: original !== undefined, scale: 1 };
}

/** Two factors, and the expressions that they come from. */
interface Product {
  readonly left: Factor;
  readonly right: Factor;
  readonly operands: readonly [Expr, Expr];
}

/** An `mm`, or a transposed one, which is the product of the transposed factors the other way round. */
function productOf(graph: GraphBuilder, expr: Expr): Product | undefined {
  const [first, second] = graph.inputsOf(expr);
  if (first === undefined) return undefined;
  if (isTranspose(expr)) {
    const inner = graph.usedOnce(first) ? productOf(graph, first) : undefined;
    if (inner === undefined) return undefined;
    const [a, b] = inner.operands;
    return { left: turned(inner.right), right: turned(inner.left), operands: [b, a] };
  }
  if (second === undefined || !isNamed(expr, 'mm') || !isFloating(expr.dtype)) return undefined;
  return { left: factorOf(graph, first), right: factorOf(graph, second), operands: [first, second] };
}

/** The size of a product in the shape of `expr`, one of whose factors is `left`. */
function sizeOf({ shape, dtype }: Meta, left: Meta): ProductSize {
  const [rows = 0, columns = 0] = shape;
  // A factor has the inner dimension and one of the outer ones, in either order.
  return { rows, columns, dtype, inner: numel(left.shape) / Math.max(1, rows) };
}

/** `alpha · a @ b + beta · c` of two matrices in the shape of `expr`; `c` is optional. */
export function gemm(graph: GraphBuilder, expr: Meta, a: Expr, b: Expr, addition: Addition = {}): string {
  return multiply(graph, factorOf(graph, a), factorOf(graph, b), sizeOf(expr, a), addition);
}

/** A transposed product, as one product; undefined if `expr` is none or somebody else needs the product. */
export function transposedGemm(graph: GraphBuilder, expr: Expr): string | undefined {
  const product = productOf(graph, expr);
  return product && multiply(graph, product.left, product.right, sizeOf(expr, product.operands[0]));
}

/** The factors of `s · x`, where `s` has no dimensions and is known only when the model runs. */
function scaledBy(graph: GraphBuilder, expr: Expr): { scalar: Expr; tensor: Expr } | undefined {
  const [a, b] = graph.inputsOf(expr);
  if (!isNamed(expr, 'mul') || a === undefined || b === undefined) return undefined;
  if (b.shape.length === 0 && !b.isNumber) return { scalar: b, tensor: a };
  return a.shape.length === 0 && !a.isNumber ? { scalar: a, tensor: b } : undefined;
}

/**
 * `μ · v + a @ b`, the velocity of SGD with momentum, as one `Gemm` with `v` as its bias, where nobody else
 * needs the product.
 */
export function gemmPlus<A extends Attributes>(graph: GraphBuilder, expr: Expr<A>): string | undefined {
  const [scaled, product] = expr.inputs;
  if (scaled === undefined || product === undefined || expr.attributes['alpha'] !== 1) return undefined;
  const [velocity] = graph.inputsOf(scaled);
  const momentum = isNamed(scaled, 'mul') ? constantFactor(graph, scaled) : undefined;
  if (velocity === undefined || momentum === undefined || !graph.usedOnce(product)) return undefined;
  if (!sameShape(scaled.shape, product.shape) || scaled.dtype !== product.dtype) return undefined;
  const factors = productOf(graph, product);
  return (
    factors && gemmNode(graph, factors.left, factors.right, { c: graph.value(velocity), beta: momentum })
  );
}

/**
 * `w − s · g`, the step of SGD, as one `Gemm` with `w` as its bias, where `g` is a product or the sum of
 * rows (ones @ rows) and nobody else needs it. The scalar is multiplied into the smaller factor, which the
 * weight and the bias of a layer share. A large wide product is made in halves instead, and subtracted.
 */
export function gemmMinus<A extends Attributes>(graph: GraphBuilder, expr: Expr<A>): string | undefined {
  const [weight, update] = expr.inputs;
  if (weight === undefined || update === undefined || expr.attributes['alpha'] !== 1) return undefined;
  const scaled = scaledBy(graph, update);
  if (scaled === undefined || !isFloating(expr.dtype) || !sameShape(weight.shape, expr.shape))
    return undefined;
  if (!graph.usedOnce(update) || !graph.usedOnce(scaled.tensor)) return undefined;
  const { scalar, tensor } = scaled;
  if ([weight, scalar, tensor].some(({ dtype }) => dtype !== expr.dtype)) return undefined;
  return minusProduct(graph, weight, scalar, tensor) ?? minusRowSum(graph, weight, scalar, tensor);
}

const times = (graph: GraphBuilder, factor: Factor, scalar: Expr): Factor => ({
  ...factor,
  value: graph.node('Mul', [factor.value, graph.value(scalar)]),
});

function minusProduct(graph: GraphBuilder, weight: Expr, scalar: Expr, tensor: Expr): string | undefined {
  const product = productOf(graph, tensor);
  if (product === undefined) return undefined;
  const { left, right, operands } = product;
  const leftIsSmaller = numel(operands[0].shape) <= numel(operands[1].shape);
  const [a, b] = leftIsSmaller ? [times(graph, left, scalar), right] : [left, times(graph, right, scalar)];
  const halves = inHalves(graph, a, b, sizeOf(tensor, operands[0]));
  if (halves !== undefined) return graph.node('Sub', [graph.value(weight), halves]);
  return gemmNode(graph, a, b, { c: graph.value(weight), alpha: -1 });
}

function minusRowSum(graph: GraphBuilder, weight: Expr, scalar: Expr, sum: Expr): string | undefined {
  const [rows] = graph.inputsOf(sum);
  const { dims } = sum.attributes;
  if (rows?.shape.length !== 2 || !isNamed(sum, 'sum') || sum.shape.length !== 1) return undefined;
  if (!Array.isArray(dims) || dims[0] !== 0) return undefined;
  const ones = { value: graph.ones([1, rows.shape[0] ?? 0], sum.dtype), transposed: false, scale: 1 };
  const scaled = times(graph, factorOf(graph, rows), scalar);
  const row = gemmNode(graph, ones, scaled, { c: graph.value(weight), alpha: -1 });
  return graph.node('Reshape', [row, graph.ints(sum.shape)]);
}
