/** The larger and the smaller of two, which is the other one where one is NaN. */

import { isFloating } from '../../dtype';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { defineSignatures } from '../signatures';
import { elementwiseOp } from './elementwise';

function pastNaN(name: 'fmax' | 'fmin', onnx: 'Max' | 'Min', node: string) {
  const wins = (a: Tensor, b: Tensor) => (name === 'fmax' ? a.ge(b) : a.le(b)).logicalOr(b.isnan());
  const pick = name === 'fmax' ? Math.max : Math.min;
  return defineOp(
    elementwiseOp({
      name,
      formula: `${onnx.toLowerCase()}(x, y), past NaN`,
      onnx(graph, [a = '', b = ''], dtype) {
        const both = graph.node(onnx, [a, b]);
        if (!isFloating(dtype)) return both;
        const known = graph.node('Where', [graph.node('IsNaN', [b]), a, both]);
        return graph.node('Where', [graph.node('IsNaN', [a]), b, known]);
      },
      element: (_, a = 0, b = 0) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : pick(a, b)),
      gradient: {
        name: node,
        saves: () => ({ inputs: [0, 1] }),
        backward: (grad, { needs, input }) => {
          const first = wins(input(0), input(1));
          return [
            needs[0] ? grad.maskedFill(first.logicalNot(), 0) : undefined,
            needs[1] ? grad.maskedFill(first, 0) : undefined,
          ];
        },
      },
    }),
  );
}

const fmaxOp = pastNaN('fmax', 'Max', 'FmaxBackward0');
const fminOp = pastNaN('fmin', 'Min', 'FminBackward0');

/** The larger of two; a NaN gives way to a number, unlike in `maximum`. */
export const fmax = (self: Tensor, other: Tensor): Tensor => apply(fmaxOp, [self, other], {});
/** The smaller of two; a NaN gives way to a number, unlike in `minimum`. */
export const fmin = (self: Tensor, other: Tensor): Tensor => apply(fminOp, [self, other], {});

defineMethods({ fmax, fmin });
defineSignatures(`
  fmax(self, other)
  fmin(self, other)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The larger of two; a NaN gives way to a number. */
    fmax(other: Tensor): Tensor;
    /** The smaller of two; a NaN gives way to a number. */
    fmin(other: Tensor): Tensor;
  }
}
