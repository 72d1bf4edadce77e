/** Arithmetic of two tensors, with broadcasting and PyTorch's type promotion. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Expr } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import type { Tensor } from '../../tensor';
import { apply, asTensor, type TensorLike, wrapNumber } from '../apply';
import { zerosLike } from '../creation/creation';
import { encodeNumber } from '../encode-number';
import { decodeNumber } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Gradient, type Op } from '../op';
import { gemmMinus, gemmPlus } from '../products/gemm';
import { defineSignatures } from '../signatures';
import { elementwiseOp, floatType, promote } from './elementwise';
import { where } from './selection';

/** What `mul` and its like save: each input if the other needs a gradient. */
const theOther = (needs: readonly boolean[]) => ({ inputs: [1, 0].filter((_, i) => needs[i]) });

type Scaled = { alpha: number };

const scaled = (graph: GraphBuilder, value: string, alpha: number, dtype: Expr['dtype']) =>
  alpha === 1 ? value : graph.node('Mul', [value, graph.scalar(alpha, dtype)]);

const plainAdd: Op<Scaled> = elementwiseOp<Scaled>({
  name: 'add',
  formula: 'x + α·y',
  onnx: (graph, [a = '', b = ''], dtype, { alpha }) => graph.node('Add', [a, scaled(graph, b, alpha, dtype)]),
  element: ({ alpha }, a = 0, b = 0) => a + alpha * b,
  gradient: {
    name: 'AddBackward0',
    backward: (grad, { attributes: { alpha }, needs }) => [
      needs[0] ? grad : undefined,
      needs[1] ? times(grad, alpha) : undefined,
    ],
  },
});

export const addOp = defineOp<Scaled>({
  ...plainAdd,
  /** `μ · v + a @ b`, the velocity of SGD, is one `Gemm`. */
  lower: (graph, expr) => gemmPlus(graph, expr) ?? plainAdd.lower(graph, expr),
});

const plainSub: Op<Scaled> = elementwiseOp<Scaled>({
  name: 'sub',
  formula: 'x − α·y',
  onnx: (graph, [a = '', b = ''], dtype, { alpha }) => graph.node('Sub', [a, scaled(graph, b, alpha, dtype)]),
  element: ({ alpha }, a = 0, b = 0) => a - alpha * b,
  gradient: {
    name: 'SubBackward0',
    backward: (grad, { attributes: { alpha }, needs }) => [
      needs[0] ? grad : undefined,
      needs[1] ? times(grad, -alpha) : undefined,
    ],
  },
});

export const subOp = defineOp<Scaled>({
  ...plainSub,
  /** `w − lr · (a @ b)`, the step of SGD, is one `Gemm`. */
  lower: (graph, expr) => gemmMinus(graph, expr) ?? plainSub.lower(graph, expr),
});

const reversedSub = (name: string, gradient: Gradient<Scaled>) =>
  elementwiseOp<Scaled>({
    name,
    onnx: (graph, [a = '', b = ''], dtype, { alpha }) =>
      graph.node('Sub', [b, scaled(graph, a, alpha, dtype)]),
    element: ({ alpha }, a = 0, b = 0) => b - alpha * a,
    gradient,
  });

const rsubOp = defineOp<Scaled>(
  reversedSub('rsub', {
    name: 'RsubBackward1',
    edges: [0],
    backward: (grad, { attributes: { alpha } }) => [times(grad, -alpha)],
  }),
);

const rsubTensorOp = defineOp<Scaled>(
  reversedSub('rsub_tensor', {
    name: 'RsubBackward0',
    backward: (grad, { attributes: { alpha }, needs }) => [
      needs[0] ? times(grad, -alpha) : undefined,
      needs[1] ? grad : undefined,
    ],
  }),
);

export const mulOp = defineOp(
  elementwiseOp({
    name: 'mul',
    formula: 'x · y',
    onnx: 'Mul',
    element: (_, a = 0, b = 0) => a * b,
    gradient: {
      name: 'MulBackward0',
      saves: theOther,
      backward: (grad, { needs, input }) => [
        needs[0] ? grad.mul(input(1)) : undefined,
        needs[1] ? grad.mul(input(0)) : undefined,
      ],
    },
  }),
);

export const divOp = defineOp(
  elementwiseOp({
    name: 'div',
    formula: 'x / y',
    result: floatType,
    onnx: 'Div',
    element: (_, a = 0, b = 0) => a / b,
    gradient: {
      name: 'DivBackward0',
      saves: needs => ({ inputs: needs[1] ? [0, 1] : [1] }),
      backward: (grad, { needs, input }) => [
        needs[0] ? grad.div(input(1)) : undefined,
        needs[1] ? grad.neg().mul(input(0).div(input(1)).div(input(1))) : undefined,
      ],
    },
  }),
);

/** The gradient goes to the larger, half to each where they are equal. */
function extreme(name: string, onnx: string, pick: (a: number, b: number) => number) {
  return elementwiseOp({
    name,
    onnx,
    element: (_, a = 0, b = 0) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : pick(a, b)),
    gradient: {
      name: name === 'maximum' ? 'MaximumBackward0' : 'MinimumBackward0',
      saves: () => ({ inputs: [0, 1] }),
      backward: (grad, { needs, input }) => {
        const [a, b] = [input(0), input(1)];
        const half = grad.mul(a.eq(b).to(grad.dtype)).div(2);
        const aWins = name === 'maximum' ? a.gt(b) : a.lt(b);
        const bWins = name === 'maximum' ? a.lt(b) : a.gt(b);
        return [
          needs[0] ? grad.mul(aWins.to(grad.dtype)).add(half) : undefined,
          needs[1] ? grad.mul(bWins.to(grad.dtype)).add(half) : undefined,
        ];
      },
    },
  });
}

/** Exported for `clamp`, whose bounds may be tensors. */
export const maximumOp = defineOp(extreme('maximum', 'Max', Math.max));
export const minimumOp = defineOp(extreme('minimum', 'Min', Math.min));

const powTensorOp = defineOp(
  elementwiseOp({
    name: 'pow_tensor',
    formula: 'x ^ y',
    onnx: 'Pow',
    element: (_, a = 0, b = 0) => power(a, b),
    gradient: {
      name: 'PowBackward1',
      saves: () => ({ inputs: [0, 1], output: true }),
      backward: (grad, { needs, input, output }) => {
        const [base, exponent] = [input(0), input(1)];
        const zero = base.eq(0).logicalAnd(exponent.ge(0));
        return [
          needs[0] ? where(exponent.eq(0), 0, grad.mul(exponent.mul(base.pow(exponent.sub(1))))) : undefined,
          needs[1] ? where(zero, 0, grad.mul(output().mul(base.log()))) : undefined,
        ];
      },
    },
  }),
);

/** The exponent of a power, as {@link encodeNumber} gives it. */
type Exponent = { exponent: number | string };

const powScalarOp = defineOp<Exponent>(
  elementwiseOp<Exponent>({
    name: 'pow',
    formula: 'x ^ y',
    onnx: (graph, [base = ''], dtype, attributes) => {
      const exponent = decodeNumber(attributes.exponent);
      if (exponent === 2) return graph.node('Mul', [base, base]);
      if (exponent === 0.5) return graph.node('Sqrt', [base]);
      if (exponent === -0.5) return graph.node('Reciprocal', [graph.node('Sqrt', [base])]);
      return graph.node('Pow', [base, graph.scalar(exponent, dtype)]);
    },
    element: (attributes, a = 0) => {
      const exponent = decodeNumber(attributes.exponent);
      // PyTorch takes roots here, which differ from powers at −∞.
      if (Math.abs(exponent) === 0.5) return Math.sqrt(a) ** Math.sign(exponent);
      return power(a, exponent);
    },
    gradient: {
      name: 'PowBackward0',
      saves: () => ({ inputs: [0] }),
      backward: (grad, { attributes, input }) => {
        const exponent = decodeNumber(attributes.exponent);
        if (exponent === 0) return [zerosLike(grad)];
        return [
          grad.mul(
            input(0)
              .pow(exponent - 1)
              .mul(exponent),
          ),
        ];
      },
    },
  }),
);

/** C's `pow`: 1 to any power, and ±1 to an infinite one, is 1, where JavaScript says NaN. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1;
  return base ** exponent;
}

function times(tensor: Tensor, factor: number): Tensor {
  if (factor === 1) return tensor;
  return factor === -1 ? tensor.neg() : tensor.mul(factor);
}

/** Throws where a fraction of integers would be added. */
function checkAlpha(operands: readonly Tensor[], alpha: number): void {
  if (!Number.isInteger(alpha) && !isFloating(promote(operands))) {
    throw new EngineError('For integral input tensors, argument alpha must not be a floating point number.');
  }
}

/** `self + alpha · other`. */
export function add(self: Tensor, other: TensorLike, alpha = 1): Tensor {
  const operands = [self, asTensor(other, self)];
  checkAlpha(operands, alpha);
  return apply(addOp, operands, { alpha });
}

function checkSub(operands: readonly Tensor[], alpha: number): void {
  const bools = operands.filter(operand => operand.dtype === 'bool').length;
  if (bools === 2) {
    throw new EngineError(
      'Subtraction, the `-` operator, with two bool tensors is not supported. ' +
        'Use the `^` or `logical_xor()` operator instead.',
    );
  }
  if (bools === 1) {
    throw new EngineError(
      'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a ' +
        'mask, use the `~` or `logical_not()` operator instead.',
    );
  }
  checkAlpha(operands, alpha);
}

/** `self − alpha · other`. */
export function sub(self: Tensor, other: TensorLike, alpha = 1): Tensor {
  const operands = [self, asTensor(other, self)];
  checkSub(operands, alpha);
  return apply(subOp, operands, { alpha });
}

/** `other − alpha · self`. */
export function rsub(self: Tensor, other: TensorLike, alpha = 1): Tensor {
  const operands = [self, asTensor(other, self)];
  checkSub(operands, alpha);
  return apply(typeof other === 'number' ? rsubOp : rsubTensorOp, operands, { alpha });
}

/** The elementwise product. */
export function mul(self: Tensor, other: TensorLike): Tensor {
  return apply(mulOp, [self, asTensor(other, self)], {});
}

/** The true quotient: integers give floating point. */
export function div(self: Tensor, other: TensorLike): Tensor {
  return apply(divOp, [self, asTensor(other, self)], {});
}

/** `self` to the power of `exponent`. */
export function pow(self: Tensor, exponent: TensorLike): Tensor {
  if (typeof exponent !== 'number') {
    if (promote([self, exponent]) === 'bool') throw new EngineError('"pow" not implemented for \'Bool\'');
    return apply(powTensorOp, [self, exponent], {});
  }
  const type = promote([self, wrapNumber(exponent, self.device)]);
  if (!isFloating(type) && exponent < 0) {
    throw new EngineError('Integers to negative integer powers are not allowed.');
  }
  return apply(powScalarOp, [self.to(type)], { exponent: encodeNumber(exponent) });
}

/** The larger of two elements; NaN if one of them is. */
export function maximum(self: Tensor, other: Tensor): Tensor {
  return apply(maximumOp, [self, other], {});
}

/** The smaller of two elements; NaN if one of them is. */
export function minimum(self: Tensor, other: Tensor): Tensor {
  return apply(minimumOp, [self, other], {});
}

// `div` is among the divisions that round, for it may round too.
defineMethods({ add, sub, rsub, mul, pow, maximum, minimum });
defineInPlaceMethods({ add, sub, mul, pow });
defineSignatures(`
  maximum(self, other)
  minimum(self, other)
  add(self, other, alpha)
  sub(self, other, alpha)
  subtract = sub(self, other, alpha)
  rsub(self, other, alpha)
  mul(self, other)
  multiply = mul(self, other)
  div(self, other | rounding_mode)
  divide = div(self, other | rounding_mode)
  pow(self, exponent)
`);

declare module '../../tensor' {
  interface Tensor {
    /** `this + alpha · other`. */
    add(other: TensorLike, alpha?: number): Tensor;
    add_(other: TensorLike, alpha?: number): this;
    /** `this − alpha · other`. */
    sub(other: TensorLike, alpha?: number): Tensor;
    sub_(other: TensorLike, alpha?: number): this;
    /** `other − alpha · this`. */
    rsub(other: TensorLike, alpha?: number): Tensor;
    /** The elementwise product. */
    mul(other: TensorLike): Tensor;
    mul_(other: TensorLike): this;
    /** This to the power of `exponent`. */
    pow(exponent: TensorLike): Tensor;
    pow_(exponent: TensorLike): this;
    /** The larger of two elements. */
    maximum(other: Tensor): Tensor;
    /** The smaller of two elements. */
    minimum(other: Tensor): Tensor;
  }
}
