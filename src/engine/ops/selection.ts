/** Choosing between elements: `where`, `clamp`, `maskedFill`. */

import { EngineError } from '../errors';
import type { Tensor } from '../tensor';
import { apply, asTensor, type TensorLike, wrapNumber } from './apply';
import { arithmeticType, broadcastAll, elementwiseOp, promote } from './elementwise';
import { encodeNumber } from './encode-number';
import { decodeNumber, elementwise } from './kernels';
import { defineInPlaceMethods, defineMethods } from './methods';
import { defineOp } from './op';

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

/** `a` where `condition` holds, else `b`. */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
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

/** `self` with `value` where `mask` holds. */
export function maskedFill(self: Tensor, mask: Tensor, value: number): Tensor {
  if (mask.dtype !== 'bool') {
    throw new EngineError(`masked_fill_ only supports boolean masks, but got mask with dtype ${mask.dtype}`);
  }
  return apply(maskedFillOp, [self, mask], { value: encodeNumber(value) });
}

type Bounds = { min: number | null; max: number | null };

const clampOp = defineOp<Bounds>(
  elementwiseOp<Bounds>({
    name: 'clamp',
    formula: 'x kept between a lowest and a highest value',
    onnx: (graph, [x = ''], dtype, { min, max }) =>
      graph.node('Clip', [
        x,
        min === null ? '' : graph.scalar(min, dtype),
        max === null ? '' : graph.scalar(max, dtype),
      ]),
    element: ({ min, max }, x = 0) =>
      Number.isNaN(x)
        ? x
        : Math.min(Math.max(x, min ?? Number.NEGATIVE_INFINITY), max ?? Number.POSITIVE_INFINITY),
    gradient: {
      name: 'ClampBackward1',
      saves: () => ({ inputs: [0] }),
      backward: (grad, { attributes: { min, max }, input }) => {
        const x = input(0);
        const inside = [...(min === null ? [] : [x.ge(min)]), ...(max === null ? [] : [x.le(max)])];
        return [inside.reduce((result, holds) => result.mul(holds.to(grad.dtype)), grad)];
      },
    },
  }),
);

/** The elements, moved into [min, max]. */
export function clamp(self: Tensor, min?: number | null, max?: number | null): Tensor {
  if (min == null && max == null) {
    throw new EngineError("torch.clamp: At least one of 'min' or 'max' must not be None");
  }
  const fractional = [min, max].some(bound => bound != null && !Number.isInteger(bound));
  const operand =
    fractional && promote([self, wrapNumber(0.5, self.device)]) !== self.dtype ? self.to('float32') : self;
  return apply(clampOp, [operand], { min: min ?? null, max: max ?? null });
}

defineMethods({ clamp, maskedFill });
defineInPlaceMethods({ clamp, maskedFill });

declare module '../tensor' {
  interface Tensor {
    /** The elements, moved into [min, max]. */
    clamp(min?: number | null, max?: number | null): Tensor;
    clamp_(min?: number | null, max?: number | null): this;
    /** This with `value` where `mask` holds. */
    maskedFill(mask: Tensor, value: number): Tensor;
    maskedFill_(mask: Tensor, value: number): this;
  }
}
