/** Signs: taken from another number, told, and what they are worth at zero. */
import { type DType, isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import type { Tensor } from '../../tensor';
import { apply, asTensor, type TensorLike } from '../apply';
import { zerosLike } from '../creation/creation';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { elementwiseOp, floatType, type NoAttributes } from './elementwise';

/** True where the sign is minus, that of −0 included, whose reciprocal tells it. */
function lowerIsMinus(graph: GraphBuilder, x: string, dtype: DType): string {
  const zero = graph.scalar(0, dtype);
  const below = graph.node('Less', [x, zero]);
  if (!isFloating(dtype)) return below;
  const reciprocal = graph.node('Less', [graph.node('Div', [graph.scalar(1, dtype), x]), zero]);
  return graph.node('Or', [below, reciprocal]);
}

const isMinus = (x: number) => x < 0 || Object.is(x, -0);

const copysignForm = (name: string, node: string, edges: readonly number[]): Op<NoAttributes> =>
  elementwiseOp({
    name,
    formula: '|x| with the sign of y',
    result: floatType,
    onnx(graph, [x = '', y = ''], dtype) {
      const size = graph.node('Abs', [x]);
      return graph.node('Where', [lowerIsMinus(graph, y, dtype), graph.node('Neg', [size]), size]);
    },
    element: (_, x = 0, y = 0) => (isMinus(y) ? -Math.abs(x) : Math.abs(x)),
    gradient: {
      name: node,
      edges,
      saves: () => ({ inputs: [0], output: true }),
      backward: (grad, { needs, input, output }) => {
        const turned = output().div(input(0)).maskedFill(input(0).eq(0), 0);
        return [needs[0] ? grad.mul(turned) : undefined, needs[1] ? zerosLike(grad) : undefined];
      },
    },
  });

const copysignOp = defineOp(copysignForm('copysign', 'CopysignBackward0', [0, 1]));
const copysignNumberOp = defineOp(copysignForm('copysign_number', 'CopysignBackward1', [0]));

/** |self| with the sign of `other`. */
export function copysign(self: Tensor, other: TensorLike): Tensor {
  const op = typeof other === 'number' ? copysignNumberOp : copysignOp;
  return apply(op, [self, asTensor(other, self)], {});
}

const signbitOp = defineOp(
  elementwiseOp({
    name: 'signbit',
    formula: 'x has a minus',
    result: () => 'bool',
    onnx: (graph, [x = ''], dtype) => lowerIsMinus(graph, x, dtype),
    element: (_, x = 0) => Number(isMinus(x)),
  }),
);

/** True where there is a minus, that of −0 included. */
export const signbit = (self: Tensor): Tensor => apply(signbitOp, [self], {});

const heavisideOp = defineOp(
  elementwiseOp({
    name: 'heaviside',
    formula: '0 below 0, 1 above, y at 0',
    onnx(graph, [x = '', y = ''], dtype) {
      const zero = graph.scalar(0, dtype);
      const above = graph.cast(graph.node('Greater', [x, zero]), 'bool', dtype);
      return graph.node('Where', [graph.node('Equal', [x, zero]), y, above]);
    },
    element: (_, x = 0, y = 0) => (x === 0 ? y : Number(x > 0)),
  }),
);

/** 0 below 0, 1 above, and at 0 what `values` says. */
export function heaviside(self: Tensor, values: Tensor): Tensor {
  if (self.dtype !== values.dtype) {
    throw new EngineError('heaviside is not yet implemented for tensors with different dtypes.');
  }
  return apply(heavisideOp, [self.detach(), values.detach()], {});
}

const infinite = (name: string, sign: number) =>
  defineOp(
    elementwiseOp({
      name,
      formula: sign > 0 ? 'x is +∞' : 'x is −∞',
      result: () => 'bool',
      onnx: (graph, [x = ''], dtype) =>
        isFloating(dtype)
          ? graph.node('Equal', [x, graph.scalar(sign * Number.POSITIVE_INFINITY, dtype)])
          : graph.node('Less', [x, x]),
      element: (_, x = 0) => Number(x === sign * Number.POSITIVE_INFINITY),
    }),
  );

const [isposinfOp, isneginfOp] = [infinite('isposinf', 1), infinite('isneginf', -1)];

/** True where the element is +∞. */
export const isposinf = (self: Tensor): Tensor => apply(isposinfOp, [self], {});
/** True where the element is −∞. */
export const isneginf = (self: Tensor): Tensor => apply(isneginfOp, [self], {});
/** True where the element has no imaginary part: everywhere. */
export const isreal = (self: Tensor): Tensor => self.eq(self).logicalOr(self.ne(self));

/** The tensor itself. */
export function positive(self: Tensor): Tensor {
  if (self.dtype === 'bool') throw new EngineError('The `+` operator, on a bool tensor is not supported.');
  return self;
}

defineMethods({ copysign, signbit, heaviside, isposinf, isneginf, isreal, positive });
defineInPlaceMethods({ copysign, heaviside });
defineSignatures(`
  copysign(self, other)
  signbit(self)
  heaviside(self, values)
  isposinf(self)
  isneginf(self)
  isreal(self)
  positive(self)
`);

declare module '../../tensor' {
  interface Tensor {
    /** |this| with the sign of `other`. */
    copysign(other: TensorLike): Tensor;
    copysign_(other: TensorLike): this;
    /** True where there is a minus, that of −0 included. */
    signbit(): Tensor;
    /** 0 below 0, 1 above, and at 0 what `values` says. */
    heaviside(values: Tensor): Tensor;
    heaviside_(values: Tensor): this;
    isposinf(): Tensor;
    isneginf(): Tensor;
    isreal(): Tensor;
    positive(): Tensor;
  }
}
