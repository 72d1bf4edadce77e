/** The inverse of `sigmoid`. */
import { isFloating } from '../../dtype';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp } from '../op';
import { defineSignatures } from '../signatures';
import { elementwiseOp, floatType } from './elementwise';
import { lowerLog } from './logarithm';
import { where } from './selection';

/** x is kept within [ε, 1 − ε] first; null lets it be as it is. */
type Logit = { eps: number | null };

const logitOp = defineOp(
  elementwiseOp<Logit>({
    name: 'logit',
    formula: 'log(x / (1 − x))',
    result: floatType,
    onnx(graph, [x = ''], dtype, { eps }) {
      const number = (value: number) => graph.scalar(value, dtype);
      const kept = eps === null ? x : graph.node('Clip', [x, number(eps), number(1 - eps)]);
      return lowerLog(graph, graph.node('Div', [kept, graph.node('Sub', [number(1), kept])]), dtype);
    },
    element({ eps }, x = 0) {
      const kept = eps === null || Number.isNaN(x) ? x : Math.min(Math.max(x, eps), 1 - eps);
      return Math.log(kept / (1 - kept));
    },
    gradient: {
      name: 'LogitBackward0',
      saves: () => ({ inputs: [0] }),
      backward: (grad, { attributes: { eps }, input }) => {
        const x = input(0);
        const [low, high] = eps === null ? [0, 1] : [eps, 1 - eps];
        const outside = x.lt(low).logicalOr(x.gt(high));
        return [where(outside, eps === null ? Number.NaN : 0, grad.div(x.mul(x.rsub(1))))];
      },
    },
  }),
);

/** log(x / (1 − x)) of probabilities, which `eps` keeps away from 0 and 1. */
export function logit(self: Tensor, eps: number | null = null): Tensor {
  return apply(logitOp, [isFloating(self.dtype) ? self : self.to('float32')], { eps });
}

defineMethods({ logit });
defineInPlaceMethods({ logit });
defineSignatures(`
  logit(self, eps)
`);

declare module '../../tensor' {
  interface Tensor {
    /** log(x / (1 − x)): the inverse of `sigmoid`. */
    logit(eps?: number | null): Tensor;
    logit_(eps?: number | null): this;
  }
}
