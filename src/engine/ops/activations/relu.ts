/** Rectified linear units. `sigmoid` and `tanh` stand among the functions of one element. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { zerosLike } from '../creation/creation';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp } from '../op';
import { elementwiseOp } from '../pointwise/elementwise';
import { defineSignatures } from '../signatures';

/** Zero where the output is zero, else the gradient: also at NaN, as in PyTorch. */
const reluGradOp = defineOp({
  ...elementwiseOp({
    name: 'threshold_backward',
    onnx: (graph, [grad = '', output = ''], dtype) => {
      const zero = graph.scalar(0, dtype);
      return graph.node('Where', [graph.node('LessOrEqual', [output, zero]), zero, grad]);
    },
    element: (_, grad = 0, output = 0) => (output <= 0 ? 0 : grad),
    gradient: {
      name: 'ThresholdBackwardBackward0',
      saves: () => ({ inputs: [1] }),
      backward: (grad, { input }): readonly Tensor[] => [
        apply(reluGradOp, [grad, input(1)], {}),
        zerosLike(grad),
      ],
    },
  }),
});

const reluOp = defineOp(
  elementwiseOp({
    name: 'relu',
    formula: 'max(0, x)',
    onnx: (graph, [x = ''], dtype) =>
      isFloating(dtype) ? graph.node('Relu', [x]) : graph.node('Max', [x, graph.scalar(0, dtype)]),
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
  if (self.dtype === 'bool') throw new EngineError('Boolean inputs not supported for relu');
  return apply(reluOp, [self], {});
}

defineMethods({ relu });
defineInPlaceMethods({ relu });
defineSignatures(`
  relu(self)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The larger of the element and zero. */
    relu(): Tensor;
    relu_(): this;
  }
}
