/** Division that rounds, and what it leaves over. */
import { type DType, isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { numel } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply, asTensor, type TensorLike, wrapNumber } from '../apply';
import { zerosLike } from '../creation/creation';
import { elementwise } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { notImplemented } from '../not-implemented';
import { defineOp, type Gradient, type Op, type Values } from '../op';
import { defineSignatures } from '../signatures';
import { div, divOp } from './arithmetic';
import { elementwiseOp, type NoAttributes, promote } from './elementwise';
import { lowerTrunc } from './series';

type Operator = (graph: GraphBuilder, operands: readonly string[], dtype: DType) => string;

/** The divisor of integers, which the processor must not find to be 0: the computation stops before. */
function safeDivisor(graph: GraphBuilder, b: string, dtype: DType): string {
  const isZero = graph.node('Equal', [b, graph.scalar(0, dtype)]);
  const count = graph.node('ReduceSum', [graph.cast(isZero, 'bool', 'int64')], { keepdims: 0 });
  const one = graph.cast(graph.oneUnless(count, 'ZeroDivisionError'), 'int64', dtype);
  return graph.node('Where', [isZero, one, b]);
}

/** Throws where integers are divided by 0. */
function checkZero([, divisor]: readonly Values[], { dtype, shape }: Meta): void {
  if (isFloating(dtype) || numel(shape) === 0) return;
  if (divisor?.data.includes(0) === true) throw new EngineError('ZeroDivisionError');
}

/** What is left of a / b, with the sign of a. */
const lowerFmod: Operator = (graph, [a = '', b = ''], dtype) =>
  graph.node('Mod', [a, isFloating(dtype) ? b : safeDivisor(graph, b, dtype)], { fmod: 1 });

/** True where a remainder that has the sign of a belongs to the next smaller quotient. */
function isBelow(graph: GraphBuilder, rest: string, b: string, dtype: DType): string {
  const zero = graph.scalar(0, dtype);
  const differ = graph.node('Xor', [graph.node('Less', [b, zero]), graph.node('Less', [rest, zero])]);
  return graph.node('And', [differ, graph.node('Not', [graph.node('Equal', [rest, zero])])]);
}

const lowerRemainder: Operator = (graph, [a = '', b = ''], dtype) => {
  const rest = lowerFmod(graph, [a, b], dtype);
  return graph.node('Where', [isBelow(graph, rest, b, dtype), graph.node('Add', [rest, b]), rest]);
};

/** ⌊a / b⌋ as Python finds it: exactly also where the quotient rounds up to a whole number. */
const lowerFloorDivide: Operator = (graph, [a = '', b = ''], dtype) => {
  const rest = lowerFmod(graph, [a, b], dtype);
  const below = isBelow(graph, rest, b, dtype);
  const one = graph.scalar(1, dtype);
  if (!isFloating(dtype)) {
    const quotient = graph.node('Div', [a, safeDivisor(graph, b, dtype)]);
    return graph.node('Where', [below, graph.node('Sub', [quotient, one]), quotient]);
  }
  const whole = graph.node('Div', [graph.node('Sub', [a, rest]), b]);
  const lowered = graph.node('Where', [below, graph.node('Sub', [whole, one]), whole]);
  const floor = graph.node('Floor', [lowered]);
  const far = graph.node('Greater', [graph.node('Sub', [lowered, floor]), graph.scalar(0.5, dtype)]);
  const rounded = graph.node('Where', [far, graph.node('Add', [floor, one]), floor]);
  const quotient = graph.node('Div', [a, b]);
  const zero = graph.scalar(0, dtype);
  const none = graph.node('Equal', [lowered, zero]);
  const signed = graph.node('Where', [none, graph.node('Mul', [quotient, zero]), rounded]);
  return graph.node('Where', [graph.node('Equal', [b, zero]), quotient, signed]);
};

const lowerTruncDivide: Operator = (graph, [a = '', b = ''], dtype) =>
  isFloating(dtype)
    ? lowerTrunc(graph, graph.node('Div', [a, b]), dtype)
    : graph.node('Div', [a, safeDivisor(graph, b, dtype)]);

function remainderOf(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function floorDivided(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const quotient = (a - rest) / b - Number(rest !== 0 && rest < 0 !== b < 0);
  if (quotient === 0) return (a / b) * 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** Which of two numbers the function is differentiated by: by the first alone if the second is a plain number. */
type Of = 'tensor' | 'number';

function roundedForm(
  name: string,
  onnx: Operator,
  element: (a: number, b: number) => number,
  gradient: Gradient<NoAttributes>,
): Op<NoAttributes> {
  const form = elementwiseOp<NoAttributes>({
    name,
    onnx,
    element: (_, a = 0, b = 0) => element(a, b),
    gradient,
  });
  return {
    ...form,
    kernel(inputs, attributes, output) {
      checkZero(inputs, output);
      return form.kernel(inputs, attributes, output);
    },
  };
}

const roundedOp: typeof roundedForm = (...form) => defineOp(roundedForm(...form));

/** a − b·q: the gradient of b is −q, where q is the quotient that was rounded in the same way. */
function restGradient(name: string, of: Of, rounding: Rounding): Gradient<NoAttributes> {
  return of === 'number'
    ? { name, edges: [0], backward: grad => [grad] }
    : {
        name,
        saves: needs => ({ inputs: needs[1] ? [0, 1] : [] }),
        backward: (grad, { needs, input }) => [
          needs[0] ? grad : undefined,
          needs[1] ? grad.neg().mul(input(0).div(input(1), { roundingMode: rounding })) : undefined,
        ],
      };
}

const flat: Gradient<NoAttributes> = {
  name: 'DivBackward2',
  backward: (grad, { needs }) => [
    needs[0] ? zerosLike(grad) : undefined,
    needs[1] ? zerosLike(grad) : undefined,
  ],
};

const forms = (name: string, onnx: Operator, element: (a: number, b: number) => number, r: Rounding) => {
  const node = name === 'fmod' ? 'FmodBackward' : 'RemainderBackward';
  return {
    tensor: roundedOp(name, onnx, element, restGradient(`${node}1`, 'tensor', r)),
    number: roundedOp(`${name}_number`, onnx, element, restGradient(`${node}0`, 'number', r)),
  };
};

/** A number by a tensor, which PyTorch 1.13 has no derivative for. */
const reflectedRemainderOp = roundedOp('remainder_reflected', lowerRemainder, remainderOf, {
  ...notImplemented('remainder'),
  edges: [1],
});

const fmodOps = forms('fmod', lowerFmod, (a, b) => a % b, 'trunc');
const remainderOps = forms('remainder', lowerRemainder, remainderOf, 'floor');
const floorOp = roundedOp('div_floor', lowerFloorDivide, floorDivided, flat);
const truncOp = defineOp({
  ...roundedForm('div_trunc', lowerTruncDivide, (a, b) => a / b, flat),
  // The quotient is rounded to its type before it is cut: 1 / 0.1 is 10 in float32.
  kernel: (inputs, _, output) => {
    checkZero(inputs, output);
    const rounded = output.dtype === 'float32' ? Math.fround : (x: number) => x;
    return elementwise((a = 0, b = 0) => Math.trunc(rounded(a / b)))(inputs, undefined, output);
  },
});
const floorDivideOp = roundedOp(
  'floor_divide',
  lowerFloorDivide,
  floorDivided,
  notImplemented('floor_divide'),
);

/** The quotient that `div` gives if it is told in words not to round. */
const unroundedOp = defineOp({
  ...divOp,
  name: 'div_unrounded',
  ...(divOp.gradient && { gradient: { ...divOp.gradient, name: 'DivBackward2' } }),
});

/** Throws where integers are divided by a zero that is known already; one yet to be computed stops the computation. */
function checkDivisor(operands: readonly Tensor[], other: TensorLike): void {
  if (isFloating(promote(operands))) return;
  const known = typeof other === 'number' ? [other] : (other.expr.buffer?.host ?? []);
  for (const divisor of known) if (Number(divisor) === 0) throw new EngineError('ZeroDivisionError');
}

/** A whole number as a byte holds it. */
function wrapped(value: number): number {
  return Number.isInteger(value) ? value & 255 : value;
}

function divided(op: Op<NoAttributes>, kernel: string, self: Tensor, other: TensorLike): Tensor {
  const given = typeof other === 'number' && self.dtype === 'uint8' ? wrapped(other) : other;
  const operands = [self, asTensor(given, self)];
  if (promote(operands) === 'bool') throw new EngineError(`"${kernel}" not implemented for 'Bool'`);
  checkDivisor(operands, other);
  return apply(op, operands, {});
}

const formOf = (other: TensorLike): Of => (typeof other === 'number' ? 'number' : 'tensor');

/** What is left of `self / other`, with the sign of `self` (C's `fmod`). */
export function fmod(self: Tensor, other: TensorLike): Tensor {
  return divided(fmodOps[formOf(other)], 'fmod_cpu', self, other);
}

/** What is left of `self / other`, with the sign of `other` (Python's `%`). */
export function remainder(self: Tensor, other: TensorLike): Tensor {
  return divided(remainderOps[formOf(other)], 'remainder_cpu', self, other);
}

/** What is left of `dividend / self`, with the sign of `self`. */
export function reflectedRemainder(dividend: number, self: Tensor): Tensor {
  const operands = [wrapNumber(dividend, self.device), self];
  if (promote(operands) === 'bool') throw new EngineError('"remainder_cpu" not implemented for \'Bool\'');
  checkDivisor(operands, self);
  return apply(reflectedRemainderOp, operands, {});
}

/** ⌊self / other⌋. */
export function floorDivide(self: Tensor, other: TensorLike): Tensor {
  return divided(floorDivideOp, 'div_floor_cpu', self, other);
}

/** How a quotient is rounded: not at all, towards zero, or down. */
export type Rounding = 'trunc' | 'floor' | null;

/** The quotient; rounded, integers stay integers. */
export function divide(self: Tensor, other: TensorLike, options: { roundingMode?: Rounding } = {}): Tensor {
  const { roundingMode } = options;
  if (roundingMode === undefined) return div(self, other);
  if (roundingMode === null) return apply(unroundedOp, [self, asTensor(other, self)], {});
  if (roundingMode === 'floor') return divided(floorOp, 'div_floor_cpu', self, other);
  if (roundingMode === 'trunc') return divided(truncOp, 'div_trunc_cpu', self, other);
  throw new EngineError(
    `div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${roundingMode}'`,
  );
}

/** The true quotient. */
export const trueDivide = (self: Tensor, other: TensorLike): Tensor => div(self, other);

const functions = { fmod, remainder, floorDivide, trueDivide, div: divide, divide };
defineMethods(functions);
defineInPlaceMethods(functions);
defineSignatures(`
  true_divide(self, other)
  floor_divide(self, other)
  remainder(self, other)
  fmod(self, other)
`);

declare module '../../tensor' {
  interface Tensor {
    /** What is left of `this / other`, with the sign of this (C's `fmod`). */
    fmod(other: TensorLike): Tensor;
    fmod_(other: TensorLike): this;
    /** What is left of `this / other`, with the sign of `other` (Python's `%`). */
    remainder(other: TensorLike): Tensor;
    remainder_(other: TensorLike): this;
    /** ⌊this / other⌋. */
    floorDivide(other: TensorLike): Tensor;
    floorDivide_(other: TensorLike): this;
    trueDivide(other: TensorLike): Tensor;
    trueDivide_(other: TensorLike): this;
    /** The quotient, rounded towards zero (`trunc`), down (`floor`) or not at all. */
    div(other: TensorLike, options?: { roundingMode?: Rounding }): Tensor;
    div_(other: TensorLike, options?: { roundingMode?: Rounding }): this;
    divide(other: TensorLike, options?: { roundingMode?: Rounding }): Tensor;
    divide_(other: TensorLike, options?: { roundingMode?: Rounding }): this;
  }
}
