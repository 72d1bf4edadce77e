/** Losses as modules: PyTorch's classes over the functions in `ops/losses`. */
import { inScope } from '../autograd/scope';
import {
  type BinaryOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
} from '../ops/losses/binary-cross-entropy';
import { crossEntropy, type NllOptions, nllLoss } from '../ops/losses/nll-loss';
import { l1Loss, mseLoss, type PairOptions } from '../ops/losses/pairwise';
import type { Tensor } from '../tensor';

/** A function of a prediction and a target. */
export abstract class Loss {
  /** The loss of `input` when `target` was wanted. */
  abstract forward(input: Tensor, target: Tensor): Tensor;

  /** The same as this loss's work, which the graph remembers. */
  call(input: Tensor, target: Tensor): Tensor {
    return inScope(this, () => this.forward(input, target));
  }
}

/** Cross-entropy of logits [N, C] and labels [N]. */
export class CrossEntropyLoss extends Loss {
  constructor(private readonly options: NllOptions & { readonly labelSmoothing?: number } = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, this.options);
  }
}

/** The negative log-likelihood of log-probabilities [N, C] and labels [N]. */
export class NLLLoss extends Loss {
  constructor(private readonly options: NllOptions = {}) {
    super();
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

/** Binary cross-entropy of probabilities. */
export class BCELoss extends Loss {
  constructor(private readonly options: BinaryOptions = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, this.options);
  }
}

/** Binary cross-entropy of logits. */
export class BCEWithLogitsLoss extends Loss {
  constructor(private readonly options: Parameters<typeof binaryCrossEntropyWithLogits>[2] = {}) {
    super();
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(input, target, this.options);
  }
}
