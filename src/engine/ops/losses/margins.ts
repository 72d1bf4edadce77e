/** Losses that want things a margin apart: pairs, triplets, rankings and several classes. */
import { EngineError } from '../../errors';
import { formatShape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { logsigmoid } from '../activations/smooth';
import { zerosLike } from '../creation/creation';
import { where } from '../pointwise/selection';
import { minusNumber, numberMinus, plusNumber, timesNumber } from '../pointwise/with-number';
import { norm } from '../reductions/norm';
import { defineSignatures } from '../signatures';
import { type Reduction, reduceLoss } from './pairwise';

/** Options of these losses. */
export interface MarginOptions {
  readonly margin?: number;
  readonly reduction?: Reduction;
}

/** How {@link pairwiseDistance} measures. */
export interface DistanceOptions {
  readonly p?: number;
  /** Added to each difference. */
  readonly eps?: number;
  readonly keepdim?: boolean;
}

/** The p-norm of the differences along the last dimension. */
export function pairwiseDistance(
  x1: Tensor,
  x2: Tensor,
  { p = 2, eps = 1e-6, keepdim = false }: DistanceOptions = {},
): Tensor {
  return norm(plusNumber(x1.sub(x2), eps), p, Math.max(x1.ndim, x2.ndim) - 1, keepdim);
}

/** max(0, −y·(x₁ − x₂) + margin): x₁ is to rank above x₂ where y is 1, below where it is −1. */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  { margin = 0, reduction = 'mean' }: MarginOptions = {},
): Tensor {
  if (input1.ndim !== input2.ndim || input1.ndim !== target.ndim) {
    throw new EngineError(
      `margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: ` +
        `${formatShape(input1.shape)}, input2: ${formatShape(input2.shape)}, target: ${formatShape(target.shape)} `,
    );
  }
  return reduceLoss(plusNumber(target.neg().mul(input1.sub(input2)), margin).clampMin(0), reduction);
}

/** x where y is 1, max(0, margin − x) where it is −1: x is a distance. */
export function hingeEmbeddingLoss(
  input: Tensor,
  target: Tensor,
  { margin = 1, reduction = 'mean' }: MarginOptions = {},
): Tensor {
  const zeros = zerosLike(input);
  const near = where(target.ne(1), numberMinus(margin, input).clampMin(0), zeros);
  return reduceLoss(near.add(where(target.ne(-1), input, zeros)), reduction);
}

/** 1 − cos of the angle where y is 1, max(0, cos − margin) where it is −1. */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  { margin = 0, reduction = 'mean' }: MarginOptions = {},
): Tensor {
  const dim = target.ndim;
  if (dim > 1) throw new EngineError('0D or 1D target tensor expected, multi-target not supported');
  if (input1.ndim !== dim + 1 || input2.ndim !== dim + 1) {
    throw new EngineError(
      `${dim}D target tensor expects ${dim + 1}D input tensors, but found inputs with sizes ` +
        `${formatShape(input1.shape)} and ${formatShape(input2.shape)}.`,
    );
  }
  const product = input1.mul(input2).sum(dim);
  const [square1, square2] = [input1, input2].map(x => plusNumber(x.mul(x).sum(dim), 1e-12));
  if (square1 === undefined || square2 === undefined) throw new Error('two inputs have two squares');
  const cosine = product.div(square1.mul(square2).sqrt());
  const zeros = zerosLike(cosine);
  const same = where(target.eq(1), numberMinus(1, cosine), zeros);
  return reduceLoss(
    same.add(where(target.eq(-1), minusNumber(cosine, margin).clampMin(0), zeros)),
    reduction,
  );
}

/** Options of {@link tripletMarginLoss}. */
export interface TripletOptions extends MarginOptions, Pick<DistanceOptions, 'p' | 'eps'> {
  /** The negative's distance is that from the positive where that is smaller. */
  readonly swap?: boolean;
}

/** max(0, margin + d(anchor, positive) − d(anchor, negative)). */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  { margin = 1, p = 2, eps = 1e-6, swap = false, reduction = 'mean' }: TripletOptions = {},
): Tensor {
  if (anchor.ndim !== positive.ndim || anchor.ndim !== negative.ndim) {
    throw new EngineError(
      `All inputs should have same dimension but got anchor, positive and negative of ` +
        `${anchor.ndim}D, ${positive.ndim}D and ${negative.ndim}D`,
    );
  }
  const near = pairwiseDistance(anchor, positive, { p, eps });
  const away = pairwiseDistance(anchor, negative, { p, eps });
  const far = swap ? away.minimum(pairwiseDistance(positive, negative, { p, eps })) : away;
  return reduceLoss(plusNumber(near, margin).sub(far).clampMin(0), reduction);
}

/** Options of {@link multilabelSoftMarginLoss}. */
export interface MultilabelOptions {
  /** A weight for each class. */
  readonly weight?: Tensor | undefined;
  readonly reduction?: Reduction;
}

/** Binary cross-entropy of the scores of each class, averaged over the classes. */
export function multilabelSoftMarginLoss(
  input: Tensor,
  target: Tensor,
  { weight, reduction = 'mean' }: MultilabelOptions = {},
): Tensor {
  const hits = target.mul(logsigmoid(input));
  const all = hits.add(target.rsub(1).mul(logsigmoid(input.neg()))).neg();
  const weighted = weight === undefined ? all : all.mul(weight);
  return reduceLoss(weighted.sum(input.ndim - 1).div(input.size(-1)), reduction);
}

/** Options of {@link poissonNllLoss}. */
export interface PoissonOptions {
  /** The input is the logarithm of the rate. */
  readonly logInput?: boolean;
  /** Adds Stirling's approximation of log y!, where y is above 1. */
  readonly full?: boolean;
  /** Keeps the logarithm of a rate from that of 0. */
  readonly eps?: number;
  readonly reduction?: Reduction;
}

/** The negative log-likelihood of counts whose rate is predicted: λ − y·log λ. */
export function poissonNllLoss(
  input: Tensor,
  target: Tensor,
  { logInput = true, full = false, eps = 1e-8, reduction = 'mean' }: PoissonOptions = {},
): Tensor {
  const losses = logInput
    ? input.exp().sub(target.mul(input))
    : input.sub(target.mul(plusNumber(input, eps).log()));
  if (!full) return reduceLoss(losses, reduction);
  const circle = timesNumber(timesNumber(target, 2 * Math.PI).log(), 0.5);
  const stirling = target.mul(target.log()).sub(target).add(circle);
  return reduceLoss(losses.add(stirling.maskedFill(target.le(1), 0)), reduction);
}

/** Complains where a target is not of the input's shape. */
export function checkSame(name: string, input: Tensor, target: Tensor): void {
  if (!sameShape(input.shape, target.shape)) {
    throw new EngineError(
      `${name}: input and target must have the same size, but got ${formatShape(input.shape)} and ${formatShape(target.shape)}`,
    );
  }
}

defineSignatures(`
  pairwise_distance(x1, x2 | p, eps, keepdim)
  margin_ranking_loss(input1, input2, target | margin, reduction)
  hinge_embedding_loss(input, target | margin, reduction)
  cosine_embedding_loss(input1, input2, target | margin, reduction)
  triplet_margin_loss(anchor, positive, negative | margin, p, eps, swap, reduction)
  multilabel_soft_margin_loss(input, target | weight, reduction)
  poisson_nll_loss(input, target | log_input, full, eps, reduction)
`);
