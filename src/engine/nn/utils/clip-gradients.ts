/** Keeping gradients small (`torch.nn.utils.clip_grad_norm_` and `clip_grad_value_`). */
import { noGrad } from '../../autograd/grad-mode';
import { EngineError } from '../../errors';
import { zeros } from '../../ops/creation/creation';
import { stack } from '../../ops/shapes/join';
import type { Tensor } from '../../tensor';

const gradientsOf = (parameters: Iterable<Tensor>) => [...parameters].flatMap(({ grad }) => grad ?? []);

/** ‖x‖ₚ of all elements. */
function normOf(tensor: Tensor, p: number): Tensor {
  if (p === Number.POSITIVE_INFINITY) return tensor.abs().max();
  return tensor
    .abs()
    .pow(p)
    .sum()
    .pow(1 / p);
}

/**
 * Scales all gradients so that their norm, as if they were one vector, is at most `maxNorm`.
 * @param normType p of the p-norm, which may be infinite
 * @returns the norm before
 */
export function clipGradNorm_(parameters: Iterable<Tensor>, maxNorm: number, normType = 2): Tensor {
  const gradients = gradientsOf(parameters);
  if (gradients.length === 0) return zeros([]);
  return noGrad(() => {
    const total = normOf(stack(gradients.map(gradient => normOf(gradient, normType))), normType);
    const factor = total.add(1e-6).reciprocal().mul(maxNorm).clamp(undefined, 1);
    for (const gradient of gradients) gradient.mul_(factor);
    return total;
  });
}

/** Bounds every element of all gradients by −`clipValue` and `clipValue`. */
export function clipGradValue_(parameters: Iterable<Tensor>, clipValue: number): void {
  if (!(clipValue >= 0)) throw new EngineError(`clip_value must not be negative, got ${clipValue}`);
  noGrad(() => {
    for (const gradient of gradientsOf(parameters)) gradient.clamp_(-clipValue, clipValue);
  });
}
