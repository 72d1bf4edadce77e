/** Functions of one element. */
import type { DType } from '../dtype';
import { isFloating } from '../dtype';
import { EngineError } from '../errors';
import type { Tensor } from '../tensor';
import { apply } from './apply';
import { pow } from './arithmetic';
import { zerosLike } from './creation';
import { elementwiseOp, floatType, type Lowering, type NoAttributes } from './elementwise';
import { lowerLog } from './logarithm';
import { defineInPlaceMethods, defineMethods } from './methods';
import { defineOp, type Op, type Saves } from './op';

interface UnarySpec {
  readonly onnx: Lowering<NoAttributes>;
  readonly element: (x: number) => number;
  /** What the gradient is computed from. */
  readonly from?: 'input' | 'output';
  /** The gradient of the input, given that of the output and what `from` names. */
  readonly gradient: (grad: Tensor, saved: Tensor) => Tensor;
  /** Functions such as `exp` turn integers into floating point; `neg` and its like keep the type. */
  readonly keepsType?: boolean;
}

/** PyTorch's name for a node: `log1p` gives `Log1PBackward0`. */
function nodeName(name: string): string {
  return `${name.replace(/^[a-z]/, c => c.toUpperCase()).replace(/\d([a-z])/g, c => c.toUpperCase())}Backward0`;
}

function unary(name: string, { onnx, element, from, gradient, keepsType }: UnarySpec): Op<NoAttributes> {
  const saves: Saves = from === undefined ? {} : from === 'input' ? { inputs: [0] } : { output: true };
  return defineOp(
    elementwiseOp({
      name,
      formula: `${name}(x)`,
      result: keepsType ? (dtype: DType) => dtype : floatType,
      onnx,
      element: (_, x = 0) => element(x),
      gradient: {
        name: nodeName(name),
        saves: () => saves,
        backward(grad, context) {
          const saved = from === undefined ? grad : from === 'input' ? context.input(0) : context.output();
          return [gradient(grad, saved)];
        },
      },
    }),
  );
}

/** Rounds half to even, as PyTorch and IEEE 754 do. */
function roundEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

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
    onnx: withLog1p,
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
    onnx: 'Sigmoid',
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
};

/** (x > 0) − (x < 0): zero at NaN, as in PyTorch and unlike ONNX's `Sign`. */
function withSign(...[graph, [x = ''], dtype]: Parameters<Exclude<Lowering<NoAttributes>, string>>): string {
  if (!isFloating(dtype)) return graph.node('Sign', [x]);
  const zero = graph.scalar(0, dtype);
  const holds = (comparison: string) => graph.cast(graph.node(comparison, [x, zero]), 'bool', dtype);
  return graph.node('Sub', [holds('Greater'), holds('Less')]);
}

/** log(1 + x) by Kahan's correction: exact also where 1 + x rounds to 1, or is infinite. */
function withLog1p(...[graph, [x = ''], dtype]: Parameters<Exclude<Lowering<NoAttributes>, string>>): string {
  const one = graph.scalar(1, dtype);
  const u = graph.node('Add', [x, one]);
  const du = graph.node('Sub', [u, one]);
  const zero = graph.node('Equal', [du, graph.scalar(0, dtype)]);
  const largest = graph.scalar(dtype === 'float64' ? Number.MAX_VALUE : 3.4028234663852886e38, dtype);
  const safe = graph.node('Where', [zero, one, graph.node('Min', [du, largest])]);
  const corrected = graph.node('Mul', [lowerLog(graph, u, dtype), graph.node('Div', [x, safe])]);
  return graph.node('Where', [zero, x, corrected]);
}

type Unary = (self: Tensor) => Tensor;

const notForBools: Partial<Record<keyof typeof ops, string>> = {
  abs: 'abs_cpu',
  floor: 'floor_vml_cpu',
  ceil: 'ceil_vml_cpu',
  round: 'round_vml_cpu',
};

function functionOf(name: keyof typeof ops): Unary {
  return self => {
    const kernel = notForBools[name];
    if (kernel !== undefined && self.dtype === 'bool') {
      throw new EngineError(`"${kernel}" not implemented for 'Bool'`);
    }
    if (name === 'neg' && self.dtype === 'bool') {
      throw new EngineError(
        'Negation, the `-` operator, on a bool tensor is not supported. Use logical_not() instead.',
      );
    }
    return apply(ops[name], [self], {});
  };
}

export const neg: Unary = functionOf('neg');
export const abs: Unary = functionOf('abs');
export const sign: Unary = functionOf('sign');
export const square: Unary = self => pow(self, 2);
export const exp: Unary = functionOf('exp');
export const log: Unary = functionOf('log');
export const log1p: Unary = functionOf('log1p');
export const sqrt: Unary = functionOf('sqrt');
export const rsqrt: Unary = functionOf('rsqrt');
export const reciprocal: Unary = functionOf('reciprocal');
export const sin: Unary = functionOf('sin');
export const cos: Unary = functionOf('cos');
export const tanh: Unary = functionOf('tanh');
export const sigmoid: Unary = functionOf('sigmoid');
export const floor: Unary = functionOf('floor');
export const ceil: Unary = functionOf('ceil');
export const round: Unary = functionOf('round');

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
  round,
};
defineMethods(functions);
defineInPlaceMethods(functions);

/** A method and its in-place form for each name. */
type UnaryMethods = { [Name in keyof typeof functions]: () => Tensor } & {
  [Name in keyof typeof functions as `${Name}_`]: () => Tensor;
};

declare module '../tensor' {
  interface Tensor extends UnaryMethods {}
}
