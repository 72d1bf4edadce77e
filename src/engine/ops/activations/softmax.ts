/** Softmax and its logarithm, computed with the maximum subtracted, so that large inputs do not overflow. */
import type { DType } from '../../dtype';
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build, reduceAlong } from '../kernels';
import { crossEntropyGradient } from '../losses/cross-entropy';
import { defineMethods } from '../methods';
import { defineOp, type Values } from '../op';

type Along = { dim: number };

/** For each place, the logarithm of the sum of the exponentials along `dim`. */
function logSumExp(input: Values, dim: number): Values {
  const shape = input.shape.map((size, i) => (i === dim ? 1 : size));
  const data = reduceAlong(input, input.shape.length === 0 ? [] : [dim], elements => {
    const largest = elements.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return largest + Math.log(elements.reduce((sum, x) => sum + Math.exp(x - largest), 0));
  });
  return { shape, dtype: input.dtype, data };
}

function kernelOf(finish: (logProbability: number) => number) {
  return ([input]: readonly Values[], { dim }: Along, output: { shape: readonly number[]; dtype: DType }) => {
    if (input === undefined) return [];
    const sums = logSumExp(input, dim);
    return build(output, index => finish(at(input, index) - at(sums, index)));
  };
}

const softmaxOp = defineOp<Along>({
  name: 'softmax',
  formula: 'exp(x) / Σ exp(x)',
  infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: 'SoftmaxBackward0',
    saves: () => ({ output: true }),
    backward: (grad, { attributes: { dim }, output }) => {
      const y = output();
      const product = grad.mul(y);
      return [product.sub(y.mul(product.sum(dim, true)))];
    },
  },
  lower: (graph, { inputs, attributes, shape, dtype }) =>
    shape.length === 0
      ? graph.scalar(1, dtype)
      : graph.node(
          'Softmax',
          inputs.map(input => graph.value(input)),
          { axis: attributes.dim },
        ),
  kernel: kernelOf(Math.exp),
});

/** The gradient of `log_softmax`: grad − softmax · Σ grad. */
export const logSoftmaxGradOp = defineOp<Along>({
  name: 'log_softmax_backward',
  infer: ([grad]) => ({ shape: grad?.shape ?? [], dtype: grad?.dtype ?? 'float32' }),
  gradient: {
    name: 'LogSoftmaxBackwardDataBackward0',
    saves: () => ({ inputs: [0, 1] }),
    backward: (grad, { attributes: { dim }, needs, input }) => {
      const [inner, probability] = [input(0), input(1).exp()];
      return [
        needs[0] ? grad.sub(grad.mul(probability).sum(dim, true)) : undefined,
        needs[1] ? grad.mul(probability).mul(inner.sum(dim, true)).neg() : undefined,
      ];
    },
  },
  lower(graph, expr) {
    const [grad, output] = expr.inputs;
    const { dim } = expr.attributes;
    if (grad === undefined || output === undefined) throw new Error('log_softmax_backward takes two inputs');
    if (expr.shape.length === 0) return graph.scalar(0, expr.dtype);
    const fused = crossEntropyGradient(graph, grad, output, dim);
    if (fused !== undefined) return fused;
    const total = graph.node('ReduceSum', [graph.value(grad), graph.ints([dim])], { keepdims: 1 });
    const share = graph.node('Mul', [graph.node('Exp', [graph.value(output)]), total]);
    return graph.node('Sub', [graph.value(grad), share]);
  },
  kernel: ([grad, output], { dim }, meta) => {
    if (grad === undefined || output === undefined) return [];
    const shape = grad.shape.map((size, i) => (i === dim ? 1 : size));
    const data = reduceAlong(grad, grad.shape.length === 0 ? [] : [dim], all =>
      all.reduce((a, b) => a + b, 0),
    );
    return build(
      meta,
      index => at(grad, index) - Math.exp(at(output, index)) * at({ ...grad, shape, data }, index),
    );
  },
});

export const logSoftmaxOp = defineOp<Along>({
  name: 'log_softmax',
  formula: 'x − log Σ exp(x)',
  infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: 'LogSoftmaxBackward0',
    saves: () => ({ output: true }),
    backward: (grad, { attributes, output }) => [apply(logSoftmaxGradOp, [grad, output()], attributes)],
  },
  lower(graph, { inputs: [input], attributes: { dim }, shape, dtype }) {
    if (input === undefined) throw new Error('log_softmax takes an input');
    if (shape.length === 0) return graph.scalar(0, dtype);
    const x = graph.value(input);
    if (graph.device === 'cpu') return graph.node('LogSoftmax', [x], { axis: dim });
    const axes = graph.ints([dim]);
    const shifted = graph.node('Sub', [x, graph.node('ReduceMax', [x, axes], { keepdims: 1 })]);
    const sum = graph.node('ReduceSum', [graph.node('Exp', [shifted]), axes], { keepdims: 1 });
    return graph.node('Sub', [shifted, graph.node('Log', [sum])]);
  },
  kernel: kernelOf(x => x),
});

function checked(self: Tensor, name: string): Tensor {
  if (!isFloating(self.dtype))
    throw new EngineError(`"${name}_kernel_impl" not implemented for '${self.dtype}'`);
  return self;
}

/** The type that numbers are converted to first. */
export interface InType {
  readonly dtype?: DType | undefined;
}

const inType = (self: Tensor, { dtype }: InType) => (dtype === undefined ? self : self.to(dtype));

/** Probabilities along `dim`: exp(x) / Σ exp(x). */
export function softmax(self: Tensor, dim: number, options: InType = {}): Tensor {
  const input = checked(inType(self, options), 'softmax_lastdim');
  return apply(softmaxOp, [input], { dim: wrapDim(dim, self.ndim) });
}

/** The logarithm of {@link softmax}. */
export function logSoftmax(self: Tensor, dim: number, options: InType = {}): Tensor {
  const input = checked(inType(self, options), 'log_softmax_lastdim');
  return apply(logSoftmaxOp, [input], { dim: wrapDim(dim, self.ndim) });
}

defineMethods({ softmax, logSoftmax });

declare module '../../tensor' {
  interface Tensor {
    /** Probabilities along `dim`: exp(x) / Σ exp(x). */
    softmax(dim: number, options?: InType): Tensor;
    /** The logarithm of the softmax along `dim`. */
    logSoftmax(dim: number, options?: InType): Tensor;
  }
}
