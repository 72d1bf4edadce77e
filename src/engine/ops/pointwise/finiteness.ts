/** Telling numbers from infinities and NaN, replacing those, and closeness of two tensors. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { encodeNumber } from '../encode-number';
import { decodeNumber } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { elementwiseOp } from './elementwise';
import { largest } from './series';

type Test = Readonly<Record<string, never>>;

function test(name: string, onnx: string, holds: (x: number) => boolean): Op<Test> {
  return defineOp(
    elementwiseOp({
      name,
      result: () => 'bool',
      compute: dtype => dtype,
      onnx: (graph, [x = ''], dtype) => {
        if (isFloating(dtype)) return graph.node(onnx, [x]);
        const whole = graph.cast(x, dtype, 'int32');
        return graph.node('Less', [whole, whole]);
      },
      element: (_, x = 0) => Number(holds(x)),
    }),
  );
}

const isnanOp = test('isnan', 'IsNaN', Number.isNaN);
const isinfOp = test('isinf', 'IsInf', x => Math.abs(x) === Number.POSITIVE_INFINITY);

/** True where the element is NaN. */
export const isnan = (self: Tensor): Tensor => apply(isnanOp, [self], {});
/** True where the element is +∞ or −∞. */
export const isinf = (self: Tensor): Tensor => apply(isinfOp, [self], {});
/** True where the element is neither infinite nor NaN. */
export const isfinite = (self: Tensor): Tensor => isnan(self).logicalOr(isinf(self)).logicalNot();

type Replacements = { nan: number; posinf: number | string | null; neginf: number | string | null };

function replacement(value: number | string | null, otherwise: number): number {
  return value === null ? otherwise : decodeNumber(value);
}

const nanToNumOp = defineOp<Replacements>({
  ...elementwiseOp<Replacements>({
    name: 'nan_to_num',
    formula: 'x, with numbers for NaN and ±∞',
    onnx(graph, [x = ''], dtype, { nan, posinf, neginf }) {
      if (!isFloating(dtype)) return x;
      const constant = (value: number) => graph.scalar(value, dtype);
      const infinite = graph.node('IsInf', [x]);
      const positive = graph.node('Greater', [x, constant(0)]);
      const replaced = graph.node('Where', [
        positive,
        constant(replacement(posinf, largest(dtype))),
        constant(replacement(neginf, -largest(dtype))),
      ]);
      const finite = graph.node('Where', [infinite, replaced, x]);
      return graph.node('Where', [graph.node('IsNaN', [x]), constant(nan), finite]);
    },
    element: (_, x = 0) => x,
    gradient: {
      name: 'NanToNumBackward0',
      saves: () => ({ inputs: [0] }),
      backward: (grad, { input }) => [grad.maskedFill(isfinite(input(0)).logicalNot(), 0)],
    },
  }),
  kernel: ([x], { nan, posinf, neginf }, { dtype }) =>
    (x?.data ?? new Float64Array()).map(value => {
      if (Number.isNaN(value)) return nan;
      if (value === Number.POSITIVE_INFINITY) return replacement(posinf, largest(dtype));
      return value === Number.NEGATIVE_INFINITY ? replacement(neginf, -largest(dtype)) : value;
    }),
});

const stored = (value: number | null) => (value === null ? null : encodeNumber(value));

/** With `nan` for NaN, and for ±∞ what is given, or else the largest and smallest number of the type. */
export function nanToNum(
  self: Tensor,
  nan: number | null = 0,
  posinf: number | null = null,
  neginf: number | null = null,
): Tensor {
  return apply(nanToNumOp, [self], { nan: nan ?? 0, posinf: stored(posinf), neginf: stored(neginf) });
}

/** How far two numbers may be apart and still be close: `atol + rtol · |other|`. */
export interface Tolerance {
  readonly rtol?: number;
  readonly atol?: number;
  readonly equalNan?: boolean;
}

/** True where |self − other| ≤ atol + rtol · |other|. */
export function isclose(self: Tensor, other: Tensor, tolerance: Tolerance = {}): Tensor {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = tolerance;
  if (self.dtype !== other.dtype) throw new EngineError(`${self.dtype} did not match ${other.dtype}`);
  if (rtol < 0 || atol < 0) {
    throw new EngineError(`${rtol < 0 ? 'rtol' : 'atol'} must be greater than or equal to zero`);
  }
  const equal = self.eq(other);
  const same = equalNan ? equal.logicalOr(isnan(self).logicalAnd(isnan(other))) : equal;
  if (rtol === 0 && atol === 0) return same;
  const [a, b] = [self, other].map(tensor => {
    const detached = tensor.detach();
    return isFloating(tensor.dtype) ? detached : detached.to(self.device === 'cpu' ? 'float64' : 'float32');
  });
  if (a === undefined || b === undefined) return same;
  const distance = a.sub(b).abs();
  const near = distance.le(b.mul(rtol).abs().add(atol)).logicalAnd(isfinite(distance));
  return same.logicalOr(near);
}

/** Whether all elements are close; see {@link isclose}. */
export async function allclose(self: Tensor, other: Tensor, tolerance: Tolerance = {}): Promise<boolean> {
  return (await isclose(self, other, tolerance).logicalNot().sum().item()) === 0;
}

/** Whether two tensors have the same shape and the same elements. */
export async function equal(self: Tensor, other: Tensor): Promise<boolean> {
  return sameShape(self.shape, other.shape) && (await self.ne(other).sum().item()) === 0;
}

defineMethods({ isnan, isinf, isfinite, nanToNum, isclose, allclose, equal });
defineInPlaceMethods({ nanToNum });
defineSignatures(`
  isnan(self)
  isinf(self)
  isfinite(self)
  nan_to_num(self, nan, posinf, neginf)
`);

declare module '../../tensor' {
  interface Tensor {
    /** True where the element is NaN. */
    isnan(): Tensor;
    /** True where the element is +∞ or −∞. */
    isinf(): Tensor;
    /** True where the element is neither infinite nor NaN. */
    isfinite(): Tensor;
    /** With `nan` for NaN, and for ±∞ what is given, or else the largest and smallest number of the type. */
    nanToNum(nan?: number | null, posinf?: number | null, neginf?: number | null): Tensor;
    nanToNum_(nan?: number | null, posinf?: number | null, neginf?: number | null): this;
    /** True where |this − other| ≤ atol + rtol · |other|. */
    isclose(other: Tensor, tolerance?: Tolerance): Tensor;
    /** Whether all elements are close. */
    allclose(other: Tensor, tolerance?: Tolerance): Promise<boolean>;
    /** Whether the other tensor has the same shape and the same elements. */
    equal(other: Tensor): Promise<boolean>;
  }
}
