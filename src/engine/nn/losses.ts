/** Losses as modules: PyTorch's classes over the functions in `ops/losses`. */
import {
  type BinaryOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
} from '../ops/losses/binary-cross-entropy';
import { type GaussianOptions, gaussianNllLoss } from '../ops/losses/gaussian';
import {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  type MarginOptions,
  type MultilabelOptions,
  marginRankingLoss,
  multilabelSoftMarginLoss,
  type PoissonOptions,
  poissonNllLoss,
  type TripletOptions,
  tripletMarginLoss,
} from '../ops/losses/margins';
import { crossEntropy, type NllOptions, nllLoss } from '../ops/losses/nll-loss';
import { l1Loss, mseLoss, type PairOptions } from '../ops/losses/pairwise';
import { huberLoss, type KlDivOptions, klDiv, smoothL1Loss } from '../ops/losses/robust';
import { softMarginLoss } from '../ops/losses/soft-margin';
import type { Tensor } from '../tensor';
import { Module } from './module/module';

/** A function of a prediction and a target. Weights of classes are buffers, as in PyTorch. */
export abstract class Loss extends Module<[input: Tensor, target: Tensor]> {
  protected constructor({ weight }: { readonly weight?: Tensor | undefined } = {}) {
    super();
    if (weight !== undefined) this.registerBuffer('weight', weight);
  }
}

/** Cross-entropy of logits [N, C] and labels [N]. */
export class CrossEntropyLoss extends Loss {
  constructor(private readonly options: NllOptions & { readonly labelSmoothing?: number } = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, this.options);
  }
}

/** The negative log-likelihood of log-probabilities [N, C] and labels [N]. */
export class NLLLoss extends Loss {
  constructor(private readonly options: NllOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return nllLoss(input, target, this.options);
  }
}

/** The mean squared difference. */
export class MSELoss extends Loss {
  constructor(private readonly options: PairOptions = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, this.options);
  }
}

/** The mean absolute difference. */
export class L1Loss extends Loss {
  constructor(private readonly options: PairOptions = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, this.options);
  }
}

/** Half the square of small differences, the size of those beyond `beta`. */
export class SmoothL1Loss extends Loss {
  constructor(private readonly options: Parameters<typeof smoothL1Loss>[2] = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, this.options);
  }
}

/** Half the square of small differences, `delta` times the size of those beyond it. */
export class HuberLoss extends Loss {
  constructor(private readonly options: Parameters<typeof huberLoss>[2] = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, this.options);
  }
}

/** The Kullback-Leibler divergence of a target from log-probabilities. */
export class KLDivLoss extends Loss {
  constructor(private readonly options: KlDivOptions = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, this.options);
  }
}

/** Binary cross-entropy of probabilities. */
export class BCELoss extends Loss {
  constructor(private readonly options: BinaryOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, this.options);
  }
}

/** Binary cross-entropy of logits. */
export class BCEWithLogitsLoss extends Loss {
  constructor(private readonly options: Parameters<typeof binaryCrossEntropyWithLogits>[2] = {}) {
    super(options);
    if (options.posWeight !== undefined) this.registerBuffer('pos_weight', options.posWeight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(input, target, this.options);
  }
}

/** The negative log-likelihood of a normal distribution with a predicted mean and variance. */
export class GaussianNLLLoss extends Module<[input: Tensor, target: Tensor, variance: Tensor]> {
  constructor(private readonly options: GaussianOptions = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    return gaussianNllLoss(input, target, variance, this.options);
  }
}

/** How two rankings are to differ: inputs x₁, x₂ and labels 1 or −1. */
export class MarginRankingLoss extends Module<[input1: Tensor, input2: Tensor, target: Tensor]> {
  constructor(private readonly options: MarginOptions = {}) {
    super();
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(input1, input2, target, this.options);
  }
}

/** Whether two vectors point the same way: labels 1 or −1. */
export class CosineEmbeddingLoss extends Module<[input1: Tensor, input2: Tensor, target: Tensor]> {
  constructor(private readonly options: MarginOptions = {}) {
    super();
  }

  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(input1, input2, target, this.options);
  }
}

/** An anchor is to be nearer to the positive than to the negative. */
export class TripletMarginLoss extends Module<[anchor: Tensor, positive: Tensor, negative: Tensor]> {
  constructor(private readonly options: TripletOptions = {}) {
    super();
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return tripletMarginLoss(anchor, positive, negative, this.options);
  }
}

/** Distances that are to be small where the label is 1, and above a margin where it is −1. */
export class HingeEmbeddingLoss extends Loss {
  constructor(private readonly options: MarginOptions = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, this.options);
  }
}

/** The logistic loss of labels −1 and 1. */
export class SoftMarginLoss extends Loss {
  constructor(private readonly options: PairOptions = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, this.options);
  }
}

/** Binary cross-entropy of the logits of several classes that may hold at once. */
export class MultiLabelSoftMarginLoss extends Loss {
  constructor(private readonly options: MultilabelOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return multilabelSoftMarginLoss(input, target, this.options);
  }
}

/** The negative log-likelihood of counts with a predicted rate. */
export class PoissonNLLLoss extends Loss {
  constructor(private readonly options: PoissonOptions = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return poissonNllLoss(input, target, this.options);
  }
}
