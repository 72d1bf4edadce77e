/**
 * What keeps weights small beside the optimizer's L2: L1, a part of what is minimised, and max-norm, a projection after
 * the step. Both are for weights: biases and the factors of normalising layers go free.
 */
import { type nn, noGrad, type Tensor } from '../engine';
import type { LossOptions } from './tasks';

/** What a run does against overfitting in its steps. */
export interface Regularization extends LossOptions {
  readonly l1: number;
  readonly maxNorm: number | null;
  /** The dimension of a weight that counts the units it leads into: 0 in PyTorch's layers. */
  readonly unitDim: number;
}

const weightsOf = (network: nn.Module): Tensor[] => network.parameters().filter(({ ndim }) => ndim >= 2);

/** What is minimised: the loss and, with L1, its factor times the sum of |w| over all weights. */
export function objective(network: nn.Module, loss: Tensor, l1: number): Tensor {
  if (l1 === 0) return loss;
  return weightsOf(network).reduce((sum, weight) => sum.add(weight.abs().sum(), l1), loss);
}

/** Shrinks the weights into each unit whose L2 norm is above `maxNorm` to that norm (as `torch.renorm` does). */
export function project(network: nn.Module, maxNorm: number, unitDim: number): void {
  noGrad(() => {
    for (const weight of weightsOf(network)) {
      const others = weight.shape.map((_, dim) => dim).filter(dim => dim !== unitDim);
      const norms = weight.mul(weight).sum(others, true).sqrt();
      weight.mul_(norms.add(1e-7).reciprocal().mul(maxNorm).clamp(undefined, 1));
    }
  });
}
