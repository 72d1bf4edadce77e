/** Sums and means, over all or some dimensions. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { defineSignatures } from '../signatures';
import {
  average,
  countOf,
  type Dims,
  kernelOf,
  lowerReduce,
  type Reduction,
  reducedMeta,
  reduction,
  restored,
  total,
} from './reduction';

export const sumOp = defineOp<Reduction>({
  name: 'sum',
  formula: 'Σ x',
  infer: ([input], attributes) =>
    reducedMeta(input, attributes, isFloating(input?.dtype ?? 'float32') ? input?.dtype : 'int64'),
  gradient: {
    name: ({ all }) => (all ? 'SumBackward0' : 'SumBackward1'),
    backward: (grad, { attributes, inputMeta: [input] }) => {
      const shape = input?.shape ?? [];
      return [restored(grad, shape, attributes).expand(shape)];
    },
  },
  lower: (graph, expr) => lowerReduce(graph, expr, 'ReduceSum', expr.dtype),
  kernel: kernelOf(total),
});

export const meanOp = defineOp<Reduction>({
  name: 'mean',
  formula: 'Σ x / n',
  infer(inputs, attributes) {
    const [input] = inputs;
    if (!isFloating(input?.dtype ?? 'float32')) {
      throw new EngineError(
        `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${input?.dtype}`,
      );
    }
    return reducedMeta(input, attributes);
  },
  gradient: {
    name: ({ all }) => (all ? 'MeanBackward0' : 'MeanBackward1'),
    backward: (grad, { attributes, inputMeta: [input] }) => {
      const shape = input?.shape ?? [];
      const count = countOf(shape, attributes.dims);
      return [restored(grad, shape, attributes).div(count).expand(shape)];
    },
  },
  lower(graph, expr) {
    const count = countOf(expr.inputs[0]?.shape ?? [], expr.attributes.dims);
    const mean = lowerReduce(graph, expr, 'ReduceMean', expr.dtype);
    // ONNX Runtime says that the mean of nothing is 0.
    return count === 0 ? graph.node('Add', [mean, graph.scalar(Number.NaN, expr.dtype)]) : mean;
  },
  kernel: kernelOf(average),
});

/** The sum of the elements; integers are summed as int64. */
export function sum(self: Tensor, dim?: Dims, keepdim = false): Tensor {
  return apply(sumOp, [self], reduction(self, dim, keepdim));
}

/** The mean of the elements. */
export function mean(self: Tensor, dim?: Dims, keepdim = false): Tensor {
  return apply(meanOp, [self], reduction(self, dim, keepdim));
}

defineMethods({ sum, mean });
defineSignatures(`
  sum(self, dim, keepdim)
  mean(self, dim, keepdim)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The sum of the elements; integers are summed as int64. */
    sum(dim?: Dims, keepdim?: boolean): Tensor;
    mean(dim?: Dims, keepdim?: boolean): Tensor;
  }
}
