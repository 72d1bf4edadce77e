/** The logistic loss of labels −1 and 1. */
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { lowerLog1p } from '../pointwise/series';
import { defineSignatures } from '../signatures';
import { checkSame } from './margins';
import { type PairOptions, pairOp } from './pairwise';

/** log(1 + e^z) without overflow. */
const softplus = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

const softMarginOp = pairOp({
  name: 'soft_margin_loss',
  formula: 'log(1 + exp(−y·x)), averaged',
  node: 'SoftMarginLossBackward0',
  element: (x, y) => softplus(-y * x),
  lower: (graph, { x, y }, dtype) => {
    const z = graph.node('Neg', [graph.node('Mul', [y, x])]);
    const small = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [z])])]);
    return graph.node('Add', [graph.node('Relu', [z]), lowerLog1p(graph, small, dtype)]);
  },
  slope: (x, y) => y.neg().mul(y.neg().mul(x).sigmoid()),
});

/** log(1 + exp(−y·x)) of labels y that are −1 or 1. */
export function softMarginLoss(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean' }: PairOptions = {},
): Tensor {
  checkSame('soft_margin_loss', input, target);
  return apply(softMarginOp, [input, target.to(input.dtype)], {
    reduction,
    weighted: false,
    positive: false,
  });
}

defineSignatures(`
  soft_margin_loss(input, target | reduction)
`);
