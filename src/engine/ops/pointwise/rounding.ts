/** Rounding to a number of decimals. */
import { isFloating } from '../../dtype';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { zerosLike } from '../creation/creation';
import { defineOp } from '../op';
import { elementwiseOp } from './elementwise';

/** Rounds half to even, as PyTorch and IEEE 754 do. */
export function roundEven(x: number): number {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

type Decimals = { decimals: number };

const roundDecimalsOp = defineOp<Decimals>(
  elementwiseOp<Decimals>({
    name: 'round_decimals',
    formula: 'round(x · 10ᵈ) / 10ᵈ',
    result: dtype => dtype,
    onnx: (graph, [x = ''], dtype, { decimals }) => {
      if (!isFloating(dtype)) return x;
      const scale = graph.scalar(10 ** Math.abs(decimals), dtype);
      const [there, back] = decimals < 0 ? ['Div', 'Mul'] : ['Mul', 'Div'];
      return graph.node(back ?? '', [graph.node('Round', [graph.node(there ?? '', [x, scale])]), scale]);
    },
    element: ({ decimals }, x = 0) => {
      const scale = 10 ** Math.abs(decimals);
      return decimals < 0 ? roundEven(x / scale) * scale : roundEven(x * scale) / scale;
    },
    gradient: { name: 'RoundBackward1', backward: grad => [zerosLike(grad)] },
  }),
);

/** The nearest number with so many decimals; integers stay as they are. */
export function roundDecimals(self: Tensor, decimals: number): Tensor {
  return isFloating(self.dtype) ? apply(roundDecimalsOp, [self], { decimals }) : self.clone();
}
