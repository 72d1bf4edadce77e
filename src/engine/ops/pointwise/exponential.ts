/** Exponentials and logarithms of other bases, of sums, and of what is close to one. */
import { type DType, isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import type { Tensor } from '../../tensor';
import { apply, asTensor, type TensorLike } from '../apply';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { elementwiseOp, floatType, promote } from './elementwise';
import { lowerLog } from './logarithm';
import { where } from './selection';
import { inDouble, lowerExpm1, lowerLog1p } from './series';
import { functionOf, type Unary, type UnaryMethods, unary } from './unary-op';

/** log x / log base. */
function lowerLogOf(base: number) {
  return (graph: GraphBuilder, [x = '']: readonly string[], dtype: DType) =>
    inDouble(graph, [x], dtype, ([value = ''], type) =>
      graph.node('Div', [lowerLog(graph, value, type), graph.scalar(Math.log(base), type)]),
    );
}

const ops = {
  exp2: unary('exp2', {
    onnx: (graph, [x = ''], dtype) => graph.node('Pow', [graph.scalar(2, dtype), x]),
    element: x => 2 ** x,
    from: 'output',
    gradient: (grad, y) => grad.mul(y).mul(Math.LN2),
  }),
  expm1: unary('expm1', {
    onnx: (graph, [x = ''], dtype) => lowerExpm1(graph, x, dtype),
    element: Math.expm1,
    from: 'output',
    gradient: (grad, y) => grad.mul(y.add(1)),
  }),
  log2: unary('log2', {
    onnx: lowerLogOf(2),
    element: Math.log2,
    from: 'input',
    gradient: (grad, x) => grad.div(x.mul(Math.LN2)),
  }),
  log10: unary('log10', {
    onnx: lowerLogOf(10),
    element: Math.log10,
    from: 'input',
    gradient: (grad, x) => grad.div(x.mul(Math.LN10)),
  }),
};

/** log_b(bˣ + bʸ) = the larger + log1p(b^−|x − y|) / log b. */
function logAddExp(name: string, node: string, base: number): Op<Readonly<Record<string, never>>> {
  const factor = Math.log(base);
  return defineOp(
    elementwiseOp({
      name,
      formula: 'log(exp(x) + exp(y))',
      onnx(graph, [a = '', b = ''], dtype) {
        const larger = graph.node('Max', [a, b]);
        const apart = graph.node('Abs', [graph.node('Sub', [a, b])]);
        const power = graph.node('Exp', [graph.node('Mul', [apart, graph.scalar(-factor, dtype)])]);
        const more = graph.node('Div', [lowerLog1p(graph, power, dtype), graph.scalar(factor, dtype)]);
        const infinite = graph.node('And', [graph.node('Equal', [a, b]), graph.node('IsInf', [a])]);
        return graph.node('Where', [infinite, a, graph.node('Add', [larger, more])]);
      },
      element(_, a = 0, b = 0) {
        if (a === b && !Number.isFinite(a)) return a;
        return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b) * factor)) / factor;
      },
      gradient: {
        name: node,
        saves: () => ({ inputs: [0, 1] }),
        backward: (grad, { needs, input }) => {
          const [a, b] = [input(0), input(1)];
          const power = (x: Tensor) => (base === 2 ? x.exp2() : x.exp());
          return [
            needs[0] ? grad.div(power(b.sub(a)).add(1)) : undefined,
            needs[1] ? grad.div(power(a.sub(b)).add(1)) : undefined,
          ];
        },
      },
    }),
  );
}

const logaddexpOp = logAddExp('logaddexp', 'LogaddexpBackward0', Math.E);
const logaddexp2Op = logAddExp('logaddexp2', 'Logaddexp2Backward0', 2);

const xlogyForm = (name: string, node: string, edges: readonly number[]) =>
  elementwiseOp({
    name,
    formula: 'x · log y',
    result: floatType,
    onnx(graph, [x = '', y = ''], dtype) {
      const zero = graph.scalar(0, dtype);
      const isZero = graph.node('And', [
        graph.node('Equal', [x, zero]),
        graph.node('Not', [graph.node('IsNaN', [y])]),
      ]);
      return graph.node('Where', [isZero, zero, graph.node('Mul', [x, lowerLog(graph, y, dtype)])]);
    },
    element: (_, x = 0, y = 0) => (x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y)),
    gradient: {
      name: node,
      edges,
      saves: () => ({ inputs: [0, 1] }),
      backward: (grad, { needs, input }) => {
        const [x, y] = [input(0), input(1)];
        const none = x.eq(0).logicalAnd(y.le(0));
        const results = [
          needs[0] ? where(none, 0, grad.mul(y.log())) : undefined,
          needs[1] ? grad.mul(x.div(y)) : undefined,
        ];
        return edges.map(edge => results[edge]);
      },
    },
  });

const xlogyOp = defineOp(xlogyForm('xlogy', 'XlogyBackward0', [0, 1]));
const xlogyOtherOp = defineOp(xlogyForm('xlogy_other_number', 'XlogyBackward2', [0]));

export const exp2: Unary = functionOf(ops.exp2);
export const expm1: Unary = functionOf(ops.expm1);
export const log2: Unary = functionOf(ops.log2);
export const log10: Unary = functionOf(ops.log10);

function floating(kernel: string, ...operands: Tensor[]): Tensor[] {
  const type = promote(operands);
  if (!isFloating(type)) throw new EngineError(`"${kernel}" not implemented for '${type}'`);
  return operands;
}

/** log(exp(self) + exp(other)), without overflow. */
export function logaddexp(self: Tensor, other: Tensor): Tensor {
  return apply(logaddexpOp, floating('logaddexp_cpu', self, other), {});
}

/** log₂(2^self + 2^other), without overflow. */
export function logaddexp2(self: Tensor, other: Tensor): Tensor {
  return apply(logaddexp2Op, floating('logaddexp2_cpu', self, other), {});
}

/** `self · log(other)`, and 0 where `self` is 0. */
export function xlogy(self: Tensor, other: TensorLike): Tensor {
  return apply(typeof other === 'number' ? xlogyOtherOp : xlogyOp, [self, asTensor(other, self)], {});
}

const functions = { exp2, expm1, log2, log10 };
defineMethods({ ...functions, logaddexp, logaddexp2, xlogy });
defineInPlaceMethods({ ...functions, xlogy });
defineSignatures(`
  exp2(self)
  expm1(self)
  log2(self)
  log10(self)
  logaddexp(self, other)
`);

type Methods = UnaryMethods<typeof functions>;

declare module '../../tensor' {
  interface Tensor extends Methods {
    /** log(exp(this) + exp(other)), without overflow. */
    logaddexp(other: Tensor): Tensor;
    /** log₂(2^this + 2^other), without overflow. */
    logaddexp2(other: Tensor): Tensor;
    /** `this · log(other)`, and 0 where this is 0. */
    xlogy(other: TensorLike): Tensor;
    xlogy_(other: TensorLike): this;
  }
}
