/** What the activation functions have in common: one element in, one out, differentiated by its input. */
import { type DType, isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Attributes } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import type { Tensor } from '../../tensor';
import { defineOp, type Op } from '../op';
import { elementwiseOp } from '../pointwise/elementwise';

/** An activation function with its settings. */
export interface ActivationSpec<A extends Attributes> {
  readonly name: string;
  /** PyTorch's `grad_fn` name. */
  readonly node: string;
  readonly formula: string;
  readonly onnx: (graph: GraphBuilder, x: string, dtype: DType, attributes: A) => string;
  readonly element: (x: number, attributes: A) => number;
  readonly gradient: (grad: Tensor, x: Tensor, attributes: A) => Tensor;
}

/** Registers an activation function. */
export function activationOp<A extends Attributes>(spec: ActivationSpec<A>): Op<A> {
  const { name, node, formula, onnx, element, gradient } = spec;
  return defineOp(
    elementwiseOp<A>({
      name,
      formula,
      onnx: (graph, [x = ''], dtype, attributes) => onnx(graph, x, dtype, attributes),
      element: (attributes, x = 0) => element(x, attributes),
      gradient: {
        name: node,
        saves: () => ({ inputs: [0] }),
        backward: (grad, { attributes, input }) => [gradient(grad, input(0), attributes)],
      },
    }),
  );
}

/** The tensor, if it is floating point. */
export function floatingOnly(kernel: string, self: Tensor): Tensor {
  if (!isFloating(self.dtype)) throw new EngineError(`"${kernel}" not implemented for '${self.dtype}'`);
  return self;
}
