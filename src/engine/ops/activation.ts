/** Rectified linear units. `sigmoid` and `tanh` stand among the functions of one element. */
import type { Tensor } from '../tensor';
import { apply } from './apply';
import { elementwiseOp } from './elementwise';
import { defineInPlaceMethods, defineMethods } from './methods';
import { defineOp } from './op';

/** The gradient where the output is positive, else zero. */
const reluGradOp = defineOp({
  ...elementwiseOp({
    name: 'threshold_backward',
    onnx: (graph, [grad = '', output = ''], dtype) => {
      const zero = graph.scalar(0, dtype);
      return graph.node('Where', [graph.node('Greater', [output, zero]), grad, zero]);
    },
    element: (_, grad = 0, output = 0) => (output > 0 ? grad : 0),
    gradient: {
      name: 'ThresholdBackwardBackward0',
      edges: [0],
      saves: () => ({ inputs: [1] }),
      backward: (grad, { input }): readonly Tensor[] => [apply(reluGradOp, [grad, input(1)], {})],
    },
  }),
});

const reluOp = defineOp(
  elementwiseOp({
    name: 'relu',
    onnx: 'Relu',
    element: (_, x = 0) => (x > 0 || Number.isNaN(x) ? x : 0),
    gradient: {
      name: 'ReluBackward0',
      saves: () => ({ output: true }),
      backward: (grad, { output }) => [apply(reluGradOp, [grad, output()], {})],
    },
  }),
);

/** The larger of the element and zero. */
export function relu(self: Tensor): Tensor {
  return apply(reluOp, [self], {});
}

defineMethods({ relu });
defineInPlaceMethods({ relu });

declare module '../tensor' {
  interface Tensor {
    /** The larger of the element and zero. */
    relu(): Tensor;
    relu_(): this;
  }
}
