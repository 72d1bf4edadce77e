/** How variables, the rows of a matrix of observations, vary together. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { evaluate } from '../../runtime/evaluate';
import type { Tensor } from '../../tensor';
import { defineMethods } from '../methods';
import { minusNumber, timesNumber } from '../pointwise/with-number';
import { defineSignatures } from '../signatures';

/** Options of {@link cov}. */
export interface CovarianceOptions {
  readonly correction?: number;
  /** How often each observation was made. */
  readonly fweights?: Tensor | null | undefined;
  /** How much each observation weighs. */
  readonly aweights?: Tensor | null | undefined;
}

/** The covariance of each pair of rows. */
export function cov(self: Tensor, { correction = 1, fweights, aweights }: CovarianceOptions = {}): Tensor {
  if (self.ndim > 2)
    throw new EngineError(
      `cov(): expected input to have two or fewer dimensions but got an input with ${self.ndim} dimensions`,
    );
  if (self.dtype === 'bool') throw new EngineError('cov(): bool dtype is not supported for input');
  const rows = self.ndim < 2 ? self.view(1, -1) : self;
  const weights = weightsOf(fweights, aweights);
  const count = rows.size(1);
  if (weights === undefined) {
    const mean = isFloating(self.dtype)
      ? rows.sum(1).div(count)
      : rows.to('float64').sum(1).div(count).to('float32');
    return products(rows.sub(mean.unsqueeze(1)), undefined, count - correction);
  }
  const sum = weights.sum();
  const mean = rows.mul(weights).sum(1).div(sum);
  const taken =
    aweights == null || correction === 0
      ? isFloating(sum.dtype)
        ? minusNumber(sum, correction)
        : sum.sub(correction)
      : sum.sub(timesNumber(weights.mul(aweights).sum(), correction).div(sum));
  // PyTorch looks at the number, too.
  const none = Number(evaluate(taken.detach(), 'cov')[0]) <= 0;
  return products(rows.sub(mean.unsqueeze(1)), weights, none ? taken.zero_() : taken);
}

function weightsOf(
  fweights: Tensor | null | undefined,
  aweights: Tensor | null | undefined,
): Tensor | undefined {
  if (fweights == null || aweights == null) return fweights ?? aweights ?? undefined;
  return fweights.mul(aweights);
}

function products(deviations: Tensor, weights: Tensor | undefined, norm: number | Tensor): Tensor {
  const weighted = weights === undefined ? deviations : deviations.mul(weights);
  const turned = weighted.t().to(deviations.dtype);
  return deviations
    .mm(turned)
    .div(typeof norm === 'number' ? Math.max(norm, 0) : norm)
    .squeeze();
}

/** The correlation of each pair of rows: the covariance of rows of variance 1. */
export function corrcoef(self: Tensor): Tensor {
  const covariance = cov(self);
  if (covariance.ndim === 0) return covariance.div(covariance);
  const deviation = covariance.diag().sqrt();
  return covariance.div(deviation.view(-1, 1)).div(deviation.view(1, -1)).clamp(-1, 1);
}

defineMethods({ cov, corrcoef });
defineSignatures(`
  cov(self | correction, fweights, aweights)
  corrcoef(self)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The covariance of each pair of rows. */
    cov(options?: CovarianceOptions): Tensor;
    /** The correlation of each pair of rows. */
    corrcoef(): Tensor;
  }
}
