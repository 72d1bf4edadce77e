/** The tangent and the inverses of sine, cosine and tangent. */
import type { DType } from '../../dtype';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp } from '../op';
import { defineSignatures } from '../signatures';
import { elementwiseOp, floatType } from './elementwise';
import { functionOf, type Unary, type UnaryMethods, unary } from './unary-op';

/**
 * atan x. In float64, which ONNX Runtime lacks, the float32 result is made exact: the error is the arc tangent of
 * (x·cos y − sin y) / (cos y + x·sin y), so small that two terms of its series do.
 */
function lowerAtan(graph: GraphBuilder, x: string, dtype: DType): string {
  if (dtype !== 'float64') return graph.node('Atan', [x]);
  const rough = graph.cast(graph.node('Atan', [graph.cast(x, dtype, 'float32')]), 'float32', dtype);
  const [sin, cos] = [graph.node('Sin', [rough]), graph.node('Cos', [rough])];
  const finite = graph.node('Clip', [x, graph.scalar(-1e300, dtype), graph.scalar(1e300, dtype)]);
  const error = graph.node('Div', [
    graph.node('Sub', [graph.node('Mul', [finite, cos]), sin]),
    graph.node('Add', [cos, graph.node('Mul', [finite, sin])]),
  ]);
  const cube = graph.node('Mul', [graph.node('Mul', [error, error]), error]);
  const correction = graph.node('Sub', [error, graph.node('Div', [cube, graph.scalar(3, dtype)])]);
  return graph.node('Where', [
    graph.node('Equal', [x, graph.scalar(0, dtype)]),
    x,
    graph.node('Add', [rough, correction]),
  ]);
}

/** asin x = atan(x / √(1 − x²)). */
function lowerAsin(graph: GraphBuilder, x: string, dtype: DType): string {
  if (dtype !== 'float64') return graph.node('Asin', [x]);
  const one = graph.scalar(1, dtype);
  const square = graph.node('Mul', [graph.node('Sub', [one, x]), graph.node('Add', [one, x])]);
  return lowerAtan(graph, graph.node('Div', [x, graph.node('Sqrt', [square])]), dtype);
}

/** acos x = 2·atan √((1 − x) / (1 + x)). */
function lowerAcos(graph: GraphBuilder, x: string, dtype: DType): string {
  if (dtype !== 'float64') return graph.node('Acos', [x]);
  const one = graph.scalar(1, dtype);
  const ratio = graph.node('Div', [graph.node('Sub', [one, x]), graph.node('Add', [one, x])]);
  return graph.node('Mul', [lowerAtan(graph, graph.node('Sqrt', [ratio]), dtype), graph.scalar(2, dtype)]);
}

/** True where x is negative or −0. */
function lowerSignBit(graph: GraphBuilder, x: string, dtype: DType): string {
  const zero = graph.scalar(0, dtype);
  const negativeZero = graph.node('Less', [graph.node('Reciprocal', [x]), zero]);
  return graph.node('Or', [graph.node('Less', [x, zero]), negativeZero]);
}

/** The angle of (x, y): the smaller over the larger of the two is never infinite, and zero only where that is right. */
function lowerAtan2(graph: GraphBuilder, y: string, x: string, dtype: DType): string {
  const constant = (value: number) => graph.scalar(value, dtype);
  const [width, height] = [graph.node('Abs', [x]), graph.node('Abs', [y])];
  const steep = graph.node('Greater', [height, width]);
  const [small, large] = [graph.node('Min', [width, height]), graph.node('Max', [width, height])];
  const isZero = graph.node('Equal', [large, constant(0)]);
  const bothInfinite = graph.node('Equal', [small, constant(Number.POSITIVE_INFINITY)]);
  const quotient = graph.node('Div', [small, graph.node('Where', [isZero, constant(1), large])]);
  const ratio = graph.node('Where', [bothInfinite, constant(1), quotient]);
  const angle = lowerAtan(graph, ratio, dtype);
  const upright = graph.node('Where', [steep, graph.node('Sub', [constant(Math.PI / 2), angle]), angle]);
  const left = graph.node('Sub', [constant(Math.PI), upright]);
  const size = graph.node('Where', [lowerSignBit(graph, x, dtype), left, upright]);
  return graph.node('Where', [lowerSignBit(graph, y, dtype), graph.node('Neg', [size]), size]);
}

const ops = {
  tan: unary('tan', {
    onnx: (graph, [x = '']) => graph.node('Div', [graph.node('Sin', [x]), graph.node('Cos', [x])]),
    element: Math.tan,
    from: 'output',
    gradient: (grad, y) => grad.mul(y.mul(y).add(1)),
  }),
  asin: unary('asin', {
    onnx: (graph, [x = ''], dtype) => lowerAsin(graph, x, dtype),
    element: Math.asin,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.mul(x).rsub(1).rsqrt()),
  }),
  acos: unary('acos', {
    onnx: (graph, [x = ''], dtype) => lowerAcos(graph, x, dtype),
    element: Math.acos,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.mul(x).rsub(1).rsqrt().neg()),
  }),
  atan: unary('atan', {
    onnx: (graph, [x = ''], dtype) => lowerAtan(graph, x, dtype),
    element: Math.atan,
    from: 'input',
    gradient: (grad, x) => grad.div(x.mul(x).add(1)),
  }),
};

const atan2Op = defineOp(
  elementwiseOp({
    name: 'atan2',
    formula: 'the angle of (y, x)',
    result: floatType,
    onnx: (graph, [y = '', x = ''], dtype) => lowerAtan2(graph, y, x, dtype),
    element: (_, y = 0, x = 0) => Math.atan2(y, x),
    gradient: {
      name: 'Atan2Backward0',
      saves: () => ({ inputs: [0, 1] }),
      backward: (grad, { needs, input }) => {
        const [y, x] = [input(0), input(1)];
        const square = y.mul(y).add(x.mul(x));
        const scaled = grad.mul(square.reciprocal());
        return [needs[0] ? scaled.mul(x) : undefined, needs[1] ? scaled.mul(y.neg()) : undefined];
      },
    },
  }),
);

export const tan: Unary = functionOf(ops.tan);
export const asin: Unary = functionOf(ops.asin);
export const acos: Unary = functionOf(ops.acos);
export const atan: Unary = functionOf(ops.atan);

/** The angle between the first axis and the point (`other`, `self`), in (−π, π]. */
export function atan2(self: Tensor, other: Tensor): Tensor {
  return apply(atan2Op, [self, other], {});
}

const functions = { tan, asin, acos, atan };
defineMethods({ ...functions, atan2 });
defineInPlaceMethods({ ...functions, atan2 });
defineSignatures(`
  tan(self)
  asin(self)
  acos(self)
  atan(self)
  arcsin = asin(self)
  arccos = acos(self)
  arctan = atan(self)
  atan2(self, other)
`);

type Methods = UnaryMethods<typeof functions>;

declare module '../../tensor' {
  interface Tensor extends Methods {
    /** The angle between the first axis and the point (`other`, this), in (−π, π]. */
    atan2(other: Tensor): Tensor;
    atan2_(other: Tensor): this;
  }
}
