/** Losses that grow with the square of small differences and with the size of large ones; and the Kullback-Leibler divergence. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { broadcastShapes, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { elementwise } from '../kernels';
import { defineOp, type Op } from '../op';
import { broadcastAll, promote } from '../pointwise/elementwise';
import { reduceLoss } from './pairwise';

/** `width` is where the square ends. */
type Robust = { reduction: 'mean' | 'sum' | 'none'; width: number };

/** ½d² within the width and `width·|d| − ½width²` beyond, times a factor. */
function robustOp(
  name: string,
  node: string,
  formula: string,
  factor: (width: number) => number,
): Op<Robust> {
  const one = (d: number, width: number) =>
    Math.abs(d) < width ? 0.5 * d * d * factor(width) : (Math.abs(d) - 0.5 * width) * width * factor(width);
  const of = (d: number, width: number) => (width === 0 ? Math.abs(d) : one(d, width));
  return defineOp<Robust>({
    name,
    formula,
    infer(inputs, { reduction }) {
      const dtype = promote(inputs);
      if (!isFloating(dtype)) throw new EngineError(`"${name}" not implemented for '${dtype}'`);
      return { shape: reduction === 'none' ? broadcastAll(inputs) : [], dtype };
    },
    gradient: {
      name: node,
      saves: () => ({ inputs: [0, 1] }),
      backward: (grad, { attributes: { reduction, width }, needs, input }) => {
        const d = input(0).sub(input(1));
        const share = reduction === 'mean' ? grad.div(d.numel()) : grad;
        const slope = width === 0 ? d.sign() : d.clamp(-width, width).mul(factor(width));
        const found = slope.mul(share);
        return [needs[0] ? found : undefined, needs[1] ? found.neg() : undefined];
      },
    },
    lower(graph, { inputs, attributes: { reduction, width }, dtype }) {
      const [x = '', y = ''] = inputs.map(input => graph.as(input, dtype));
      const difference = graph.node('Sub', [x, y]);
      const size = graph.node('Abs', [difference]);
      let losses = size;
      if (width !== 0) {
        const number = (value: number) => graph.scalar(value, dtype);
        const square = graph.node('Mul', [
          graph.node('Mul', [difference, difference]),
          number(0.5 * factor(width)),
        ]);
        const line = graph.node('Mul', [
          graph.node('Sub', [size, number(0.5 * width)]),
          number(width * factor(width)),
        ]);
        losses = graph.node('Where', [graph.node('Less', [size, number(width)]), square, line]);
      }
      if (reduction === 'none') return losses;
      const sum = graph.node('ReduceSum', [losses], { keepdims: 0 });
      const count = broadcastAll(inputs).reduce((a, b) => a * b, 1);
      return reduction === 'sum' ? sum : graph.node('Div', [sum, graph.scalar(count, dtype)]);
    },
    kernel(inputs, { reduction, width }, output) {
      const shape = broadcastAll(inputs);
      const losses = elementwise((x = 0, y = 0) => of(x - y, width))(inputs, undefined, { ...output, shape });
      if (reduction === 'none') return losses;
      const sum = losses.reduce((a, b) => a + b, 0);
      return [reduction === 'mean' ? sum / losses.length : sum];
    },
  });
}

const huberOp = robustOp('huber_loss', 'HuberLossBackward0', '½d² near 0, else δ·(|d| − ½δ)', () => 1);
const smoothOp = robustOp(
  'smooth_l1_loss',
  'SmoothL1LossBackward0',
  '½d²/β near 0, else |d| − ½β',
  width => 1 / width,
);

function pair(
  op: Op<Robust>,
  input: Tensor,
  target: Tensor,
  reduction: Robust['reduction'],
  width: number,
): Tensor {
  if (!['mean', 'sum', 'none'].includes(reduction)) {
    throw new EngineError(`${reduction} is not a valid value for reduction`);
  }
  const shape = broadcastShapes(input.shape, target.shape);
  const stretched = (x: Tensor) => (sameShape(x.shape, shape) ? x : x.expand(shape));
  return apply(op, [stretched(input), stretched(target)], { reduction, width });
}

/** The Huber loss: half the square of differences below `delta`, and `delta · (|d| − delta / 2)` beyond. */
export function huberLoss(
  input: Tensor,
  target: Tensor,
  {
    reduction = 'mean',
    delta = 1,
  }: { readonly reduction?: Robust['reduction']; readonly delta?: number } = {},
): Tensor {
  if (!(delta > 0)) {
    throw new EngineError('huber_loss does not support non-positive values for delta.');
  }
  return pair(huberOp, input, target, reduction, delta);
}

/** The Huber loss divided by `beta`, so that its slope beyond is 1; with `beta` 0 the mean absolute difference. */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean', beta = 1 }: { readonly reduction?: Robust['reduction']; readonly beta?: number } = {},
): Tensor {
  if (!(beta >= 0)) throw new EngineError('smooth_l1_loss does not support negative values for beta.');
  return pair(smoothOp, input, target, reduction, beta);
}

/** Options of {@link klDiv}. */
export interface KlDivOptions {
  /** `batchmean` divides the sum by the size of the first dimension: the divergence as it is defined. */
  readonly reduction?: 'mean' | 'sum' | 'none' | 'batchmean';
  /** The target is given as logarithms, too. */
  readonly logTarget?: boolean;
}

/** The Kullback-Leibler divergence Σ y·(log y − x) of a target y from log-probabilities x. */
export function klDiv(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean', logTarget = false }: KlDivOptions = {},
): Tensor {
  const losses = logTarget
    ? target.exp().mul(target.sub(input))
    : target.xlogy(target).sub(target.mul(input));
  if (reduction !== 'batchmean') return reduceLoss(losses, reduction);
  return input.ndim === 0 ? losses.sum() : losses.sum().div(input.size(0));
}
