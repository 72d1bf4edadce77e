/** Comparisons and logic: the results are bool and carry no gradient. */
import type { DType } from '../../dtype';
import type { Tensor } from '../../tensor';
import { apply, asTensor, type TensorLike } from '../apply';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { arithmeticType, elementwiseOp, type NoAttributes } from './elementwise';

const toBool = (): DType => 'bool';

function comparison(name: string, onnx: string, holds: (a: number, b: number) => boolean) {
  return defineOp(
    elementwiseOp({
      name,
      result: toBool,
      compute: arithmeticType,
      onnx: (graph, operands) =>
        onnx === 'NotEqual' ? graph.node('Not', [graph.node('Equal', operands)]) : graph.node(onnx, operands),
      element: (_, a = 0, b = 0) => Number(holds(a, b)),
    }),
  );
}

function logic(name: string, onnx: string, holds: (a: boolean, b: boolean) => boolean) {
  return defineOp(
    elementwiseOp({
      name,
      result: toBool,
      compute: toBool,
      onnx,
      element: (_, a = 0, b = 0) => Number(holds(a !== 0, b !== 0)),
    }),
  );
}

function between(op: Op<NoAttributes>) {
  return (self: Tensor, other: TensorLike): Tensor => apply(op, [self, asTensor(other, self)], {});
}

export const eq = between(comparison('eq', 'Equal', (a, b) => a === b));
export const ne = between(comparison('ne', 'NotEqual', (a, b) => a !== b));
export const lt = between(comparison('lt', 'Less', (a, b) => a < b));
export const le = between(comparison('le', 'LessOrEqual', (a, b) => a <= b));
export const gt = between(comparison('gt', 'Greater', (a, b) => a > b));
export const ge = between(comparison('ge', 'GreaterOrEqual', (a, b) => a >= b));
export const logicalAnd = between(logic('logical_and', 'And', (a, b) => a && b));
export const logicalOr = between(logic('logical_or', 'Or', (a, b) => a || b));
export const logicalXor = between(logic('logical_xor', 'Xor', (a, b) => a !== b));

const notOp = logic('logical_not', 'Not', a => !a);

/** True where the element is zero. */
export function logicalNot(self: Tensor): Tensor {
  return apply(notOp, [self], {});
}

const functions = { eq, ne, lt, le, gt, ge, logicalAnd, logicalOr, logicalXor };
defineMethods({ ...functions, logicalNot });
defineInPlaceMethods({ ...functions, logicalNot });
defineSignatures(`
  logical_not(self)
  logical_and(self, other)
  logical_or(self, other)
  logical_xor(self, other)
  eq(self, other)
  ne(self, other)
  not_equal = ne(self, other)
  lt(self, other)
  less = lt(self, other)
  le(self, other)
  less_equal = le(self, other)
  gt(self, other)
  greater = gt(self, other)
  ge(self, other)
  greater_equal = ge(self, other)
`);

type ComparisonMethods = { [Name in keyof typeof functions]: (other: TensorLike) => Tensor } & {
  [Name in keyof typeof functions as `${Name}_`]: (other: TensorLike) => Tensor;
};

declare module '../../tensor' {
  interface Tensor extends ComparisonMethods {
    /** True where the element is zero. */
    logicalNot(): Tensor;
    logicalNot_(): this;
  }
}
