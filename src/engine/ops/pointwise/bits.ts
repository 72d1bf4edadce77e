/** Logic bit by bit, of whole numbers; of bools it is that of truth. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply, asTensor, type TensorLike } from '../apply';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { elementwiseOp, type NoAttributes, promote } from './elementwise';

/** Bits beyond the 32 that JavaScript's operators have are those of the sign. */
function bitwise(
  name: string,
  symbol: string,
  onnx: 'And' | 'Or' | 'Xor',
  bits: (a: bigint, b: bigint) => bigint,
) {
  return defineOp(
    elementwiseOp({
      name,
      formula: `x ${symbol} y`,
      compute: dtype => dtype,
      onnx: (graph, operands, dtype) => graph.node(dtype === 'bool' ? onnx : `Bitwise${onnx}`, operands),
      element: (_, a = 0, b = 0) => Number(bits(BigInt(a), BigInt(b))),
    }),
  );
}

const notOp = defineOp(
  elementwiseOp({
    name: 'bitwise_not',
    formula: '~x',
    compute: dtype => dtype,
    onnx: 'BitwiseNot',
    element: (_, x = 0) => Number(~BigInt(x)),
  }),
);

function checkWhole(name: string, operands: readonly Tensor[]): void {
  const dtype = promote(operands);
  if (isFloating(dtype)) throw new EngineError(`"${name}_cpu" not implemented for '${dtype}'`);
}

const between =
  (op: Op<NoAttributes>) =>
  (self: Tensor, other: TensorLike): Tensor => {
    const operands = [self, asTensor(other, self)];
    checkWhole(op.name, operands);
    return apply(op, operands, {});
  };

export const bitwiseAnd = between(bitwise('bitwise_and', '&', 'And', (a, b) => a & b));
export const bitwiseOr = between(bitwise('bitwise_or', '|', 'Or', (a, b) => a | b));
export const bitwiseXor = between(bitwise('bitwise_xor', '^', 'Xor', (a, b) => a ^ b));

/** Every bit turned over: −x − 1 of a signed number, the opposite of a bool. */
export function bitwiseNot(self: Tensor): Tensor {
  checkWhole('bitwise_not', [self]);
  if (self.dtype === 'bool') return self.logicalNot();
  if (self.dtype === 'uint8') return self.to('int32').mul(-1).add(255).to('uint8');
  return apply(notOp, [self], {});
}

const functions = { bitwiseAnd, bitwiseOr, bitwiseXor };
defineMethods({ ...functions, bitwiseNot });
defineInPlaceMethods({ ...functions, bitwiseNot });
defineSignatures(`
  bitwise_not(self)
  bitwise_and(self, other)
  bitwise_or(self, other)
  bitwise_xor(self, other)
`);

type BitMethods = { [Name in keyof typeof functions]: (other: TensorLike) => Tensor } & {
  [Name in keyof typeof functions as `${Name}_`]: (other: TensorLike) => Tensor;
};

declare module '../../tensor' {
  interface Tensor extends BitMethods {
    /** Every bit turned over; of a bool the opposite. */
    bitwiseNot(): Tensor;
    bitwiseNot_(): this;
  }
}
