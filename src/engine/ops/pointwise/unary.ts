/** Functions of one element. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { zerosLike } from '../creation/creation';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineSignatures } from '../signatures';
import { pow } from './arithmetic';
import type { Lowering, NoAttributes } from './elementwise';
import { lowerLog } from './logarithm';
import { roundDecimals, roundEven } from './rounding';
import { lowerLog1p, lowerSigmoid, lowerTrunc } from './series';
import { functionOf, type Unary, type UnaryMethods, unary } from './unary-op';

const identityOnIntegers =
  (opType: string): Lowering<NoAttributes> =>
  (graph, [x = ''], dtype) =>
    isFloating(dtype) ? graph.node(opType, [x]) : x;

const ops = {
  neg: unary('neg', { onnx: 'Neg', element: x => -x, gradient: grad => grad.neg(), keepsType: true }),
  abs: unary('abs', {
    onnx: 'Abs',
    element: Math.abs,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.sign()),
    keepsType: true,
  }),
  sign: unary('sign', {
    onnx: withSign,
    element: x => Math.sign(x) || 0,
    gradient: zerosLike,
    keepsType: true,
  }),
  exp: unary('exp', { onnx: 'Exp', element: Math.exp, from: 'output', gradient: (grad, y) => grad.mul(y) }),
  log: unary('log', {
    onnx: (graph, [x = ''], dtype) => lowerLog(graph, x, dtype),
    element: Math.log,
    from: 'input',
    gradient: (grad, x) => grad.div(x),
  }),
  log1p: unary('log1p', {
    onnx: (graph, [x = ''], dtype) => lowerLog1p(graph, x, dtype),
    element: Math.log1p,
    from: 'input',
    gradient: (grad, x) => grad.div(x.add(1)),
  }),
  sqrt: unary('sqrt', {
    onnx: 'Sqrt',
    element: Math.sqrt,
    from: 'output',
    gradient: (grad, y) => grad.div(y.mul(2)),
  }),
  rsqrt: unary('rsqrt', {
    onnx: (graph, [x = '']) => graph.node('Reciprocal', [graph.node('Sqrt', [x])]),
    element: x => 1 / Math.sqrt(x),
    from: 'output',
    gradient: (grad, y) => grad.mul(y.pow(3)).mul(-0.5),
  }),
  reciprocal: unary('reciprocal', {
    onnx: 'Reciprocal',
    element: x => 1 / x,
    from: 'output',
    gradient: (grad, y) => grad.neg().mul(y.mul(y)),
  }),
  sin: unary('sin', {
    onnx: 'Sin',
    element: Math.sin,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.cos()),
  }),
  cos: unary('cos', {
    onnx: 'Cos',
    element: Math.cos,
    from: 'input',
    gradient: (grad, x) => grad.mul(x.sin().neg()),
  }),
  tanh: unary('tanh', {
    onnx: 'Tanh',
    element: Math.tanh,
    from: 'output',
    gradient: (grad, y) => grad.mul(y.mul(y).rsub(1)),
  }),
  sigmoid: unary('sigmoid', {
    onnx: (graph, [x = ''], dtype) => lowerSigmoid(graph, x, dtype),
    element: x => 1 / (1 + Math.exp(-x)),
    from: 'output',
    gradient: (grad, y) => grad.mul(y.rsub(1).mul(y)),
  }),
  floor: unary('floor', {
    onnx: identityOnIntegers('Floor'),
    element: Math.floor,
    gradient: zerosLike,
    keepsType: true,
  }),
  ceil: unary('ceil', {
    onnx: identityOnIntegers('Ceil'),
    element: Math.ceil,
    gradient: zerosLike,
    keepsType: true,
  }),
  round: unary('round', {
    onnx: identityOnIntegers('Round'),
    element: roundEven,
    gradient: zerosLike,
    keepsType: true,
  }),
  trunc: unary('trunc', {
    onnx: (graph, [x = ''], dtype) => (isFloating(dtype) ? lowerTrunc(graph, x, dtype) : x),
    element: Math.trunc,
    gradient: zerosLike,
    keepsType: true,
  }),
  frac: unary('frac', {
    onnx: (graph, [x = ''], dtype) => graph.node('Sub', [x, lowerTrunc(graph, x, dtype)]),
    element: x => x - Math.trunc(x),
    gradient: grad => grad,
    keepsType: true,
  }),
};

/** (x > 0) − (x < 0): zero at NaN, as in PyTorch and unlike ONNX's `Sign`. */
function withSign(...[graph, [x = ''], dtype]: Parameters<Exclude<Lowering<NoAttributes>, string>>): string {
  if (!isFloating(dtype)) return graph.node('Sign', [x]);
  const zero = graph.scalar(0, dtype);
  const holds = (comparison: string) => graph.cast(graph.node(comparison, [x, zero]), 'bool', dtype);
  return graph.node('Sub', [holds('Greater'), holds('Less')]);
}

function negative(self: Tensor): Tensor {
  if (self.dtype === 'bool') {
    throw new EngineError(
      'Negation, the `-` operator, on a bool tensor is not supported. Use logical_not() instead.',
    );
  }
  return apply(ops.neg, [self], {});
}

export const neg: Unary = negative;
export const abs: Unary = functionOf(ops.abs, 'abs_cpu');
export const sign: Unary = functionOf(ops.sign);
export const square: Unary = self => pow(self, 2);
export const exp: Unary = functionOf(ops.exp);
export const log: Unary = functionOf(ops.log);
export const log1p: Unary = functionOf(ops.log1p);
export const sqrt: Unary = functionOf(ops.sqrt);
export const rsqrt: Unary = functionOf(ops.rsqrt);
export const reciprocal: Unary = functionOf(ops.reciprocal);
export const sin: Unary = functionOf(ops.sin);
export const cos: Unary = functionOf(ops.cos);
export const tanh: Unary = functionOf(ops.tanh);
export const sigmoid: Unary = functionOf(ops.sigmoid);
export const floor: Unary = functionOf(ops.floor, 'floor_vml_cpu');
export const ceil: Unary = functionOf(ops.ceil, 'ceil_vml_cpu');
const roundWhole = functionOf(ops.round, 'round_vml_cpu');

/** The nearest whole number, half to even; or the nearest number of so many `decimals`, which may be negative. */
export function round(self: Tensor, { decimals }: { readonly decimals?: number } = {}): Tensor {
  return decimals === undefined ? roundWhole(self) : roundDecimals(self, decimals);
}

export const trunc: Unary = functionOf(ops.trunc, 'trunc_vml_cpu');

/** What is behind the point: `x − trunc(x)`. */
export function frac(self: Tensor): Tensor {
  if (!isFloating(self.dtype)) throw new EngineError(`"frac_cpu" not implemented for '${self.dtype}'`);
  return apply(ops.frac, [self], {});
}

const functions = {
  neg,
  abs,
  sign,
  square,
  exp,
  log,
  log1p,
  sqrt,
  rsqrt,
  reciprocal,
  sin,
  cos,
  tanh,
  sigmoid,
  floor,
  ceil,
  trunc,
  frac,
};
defineMethods({ ...functions, round });
defineInPlaceMethods({ ...functions, round });
defineSignatures(`
  abs(self)
  absolute = abs(self)
  neg(self)
  negative = neg(self)
  sign(self)
  square(self)
  exp(self)
  log(self)
  log1p(self)
  sqrt(self)
  rsqrt(self)
  reciprocal(self)
  sin(self)
  cos(self)
  tanh(self)
  sigmoid(self)
  expit = sigmoid(self)
  floor(self)
  ceil(self)
  round(self | decimals)
  trunc(self)
  fix = trunc(self)
  frac(self)
`);

type Methods = UnaryMethods<typeof functions>;

declare module '../../tensor' {
  interface Tensor extends Methods {
    /** The nearest whole number, half to even, or the nearest number of so many decimals. */
    round(options?: { readonly decimals?: number }): Tensor;
    round_(options?: { readonly decimals?: number }): this;
  }
}
