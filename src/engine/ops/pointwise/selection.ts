/** Choosing between elements: `where`, `maskedFill`. */

import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply, asTensor, type TensorLike } from '../apply';
import { encodeNumber } from '../encode-number';
import { nonzero } from '../indexing/nonzero';
import { decodeNumber, elementwise } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp } from '../op';
import { defineSignatures } from '../signatures';
import { arithmeticType, broadcastAll, promote } from './elementwise';

const whereOp = defineOp({
  name: 'where',
  formula: 'x where the condition holds, else y',
  infer: inputs => ({ shape: broadcastAll(inputs), dtype: promote(inputs.slice(1)) }),
  gradient: {
    name: 'WhereBackward0',
    edges: [1, 2],
    saves: () => ({ inputs: [0] }),
    backward: (grad, { needs, input }) => [
      needs[1] ? where(input(0), grad, 0) : undefined,
      needs[2] ? where(input(0), 0, grad) : undefined,
    ],
  },
  lower(graph, expr) {
    const type = arithmeticType(expr.dtype);
    const operands = expr.inputs.map((input, i) => graph.as(input, i === 0 ? 'bool' : type));
    return graph.cast(graph.node('Where', operands), type, expr.dtype);
  },
  kernel: elementwise((condition = 0, a = 0, b = 0) => (condition !== 0 ? a : b)),
});

/** `a` where `condition` holds, else `b`; of a condition alone, the indices where it holds for each dimension. */
export function where(condition: Tensor): Tensor[];
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor;
export function where(condition: Tensor, a?: TensorLike, b?: TensorLike): Tensor | Tensor[] {
  if (a === undefined || b === undefined) return nonzero(condition, { asTuple: true });
  if (condition.dtype !== 'bool' && condition.dtype !== 'uint8') {
    throw new EngineError(
      `where expected condition to be a boolean tensor, but got a tensor with dtype ${condition.dtype}`,
    );
  }
  return apply(whereOp, [condition, asTensor(a, condition), asTensor(b, condition)], {});
}

type Fill = { value: number | string };

const maskedFillOp = defineOp<Fill>({
  name: 'masked_fill',
  formula: 'x with a value where the mask holds',
  infer: inputs => ({ shape: broadcastAll(inputs), dtype: inputs[0]?.dtype ?? 'float32' }),
  gradient: {
    name: 'MaskedFillBackward0',
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { input }) => [maskedFill(grad, input(1), 0)],
  },
  lower(graph, { inputs: [self, mask], attributes, dtype }) {
    if (self === undefined || mask === undefined) throw new Error('masked_fill takes two inputs');
    const type = arithmeticType(dtype);
    const fill = graph.scalar(decodeNumber(attributes.value), type);
    return graph.cast(graph.node('Where', [graph.value(mask), fill, graph.as(self, type)]), type, dtype);
  },
  kernel: (inputs, { value }, output) =>
    elementwise((x = 0, mask = 0) => (mask !== 0 ? decodeNumber(value) : x))(inputs, undefined, output),
});

/** The value is a tensor without dimensions. */
const maskedFillTensorOp = defineOp({
  name: 'masked_fill_tensor',
  formula: 'x with a value where the mask holds',
  infer: ([self, mask]) => ({
    shape: broadcastAll([self, mask].filter(meta => meta !== undefined)),
    dtype: self?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'MaskedFillBackward1',
    edges: [0, 2],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { needs, input }) => [
      needs[0] ? maskedFill(grad, input(1), 0) : undefined,
      needs[2] ? where(input(1), grad, 0).sum() : undefined,
    ],
  },
  lower(graph, { inputs: [self, mask, value], dtype }) {
    if (self === undefined || mask === undefined || value === undefined) throw new Error('three inputs');
    const type = arithmeticType(dtype);
    const filled = graph.node('Where', [graph.value(mask), graph.as(value, type), graph.as(self, type)]);
    return graph.cast(filled, type, dtype);
  },
  kernel: elementwise((x = 0, mask = 0, value = 0) => (mask !== 0 ? value : x)),
});

/** `self` with `value`, a number or a tensor without dimensions, where `mask` holds. */
export function maskedFill(self: Tensor, mask: Tensor, value: TensorLike): Tensor {
  if (mask.dtype !== 'bool') {
    throw new EngineError(`masked_fill_ only supports boolean masks, but got mask with dtype ${mask.dtype}`);
  }
  if (typeof value === 'number') return apply(maskedFillOp, [self, mask], { value: encodeNumber(value) });
  if (value.ndim > 0) {
    throw new EngineError(
      `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.ndim} dimension(s).`,
    );
  }
  return apply(maskedFillTensorOp, [self, mask, value], {});
}

/** `self` where `condition` holds, else `other`. */
const whereMethod = (self: Tensor, condition: Tensor, other: TensorLike): Tensor =>
  where(condition, self, other);

defineMethods({ maskedFill, where: whereMethod });
defineInPlaceMethods({ maskedFill });
defineSignatures(`
  masked_fill(self, mask, value)
`);

declare module '../../tensor' {
  interface Tensor {
    /** This with `value` where `mask` holds. */
    maskedFill(mask: Tensor, value: TensorLike): Tensor;
    maskedFill_(mask: Tensor, value: TensorLike): this;
    /** This where `condition` holds, else `other`. */
    where(condition: Tensor, other: TensorLike): Tensor;
  }
}
