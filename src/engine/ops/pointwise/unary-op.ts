/** What the functions of one element have in common: one description makes the operation and its method. */
import type { DType } from '../../dtype';
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineOp, type Op, type Saves } from '../op';
import { elementwiseOp, floatType, type Lowering, type NoAttributes } from './elementwise';

/** A function of one element. */
export interface UnarySpec {
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
  const camel = name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return `${camel.replace(/\d([a-z])/g, c => c.toUpperCase())}Backward0`;
}

/** Registers a function of one element. */
export function unary(name: string, spec: UnarySpec): Op<NoAttributes> {
  const { onnx, element, from, gradient, keepsType } = spec;
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

/** A function of a tensor alone. */
export type Unary = (self: Tensor) => Tensor;

/** The function that applies an operation; `kernel` is PyTorch's name for what it lacks for bools. */
export function functionOf(op: Op<NoAttributes>, kernel?: string): Unary {
  return self => {
    if (kernel !== undefined && self.dtype === 'bool') {
      throw new EngineError(`"${kernel}" not implemented for 'Bool'`);
    }
    return apply(op, [self], {});
  };
}

/** A method and its in-place form for each name. */
export type UnaryMethods<Functions> = { [Name in keyof Functions & string]: () => Tensor } & {
  [Name in keyof Functions & string as `${Name}_`]: () => Tensor;
};
