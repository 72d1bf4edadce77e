/** Adamax. */
import type { Tensor } from '../tensor';
import { AdamFamily, type AdamFamilySettings } from './adam';
import { downhill, type Params, type UpdateContext } from './optimizer';

/** Settings of {@link Adamax}. */
export type AdamaxSettings = AdamFamilySettings & { maximize: boolean };

const defaults = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false } as const;

/** Adam with the largest gradient so far, which fades, in place of the mean square (Kingma and Ba, 2015, section 7). */
export class Adamax extends AdamFamily<AdamaxSettings> {
  constructor(params: Params<AdamaxSettings>, options: Partial<AdamaxSettings> = {}) {
    super(params, { ...defaults, ...options });
  }

  protected override stateNames(): readonly string[] {
    return ['exp_avg', 'exp_inf'];
  }

  /** u ← max(β₂·u, |g| + ε), w ← w − lr / (1 − β₁ᵗ) · m / u */
  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    context: UpdateContext<AdamaxSettings>,
  ): void {
    const { settings, kept, scalar } = context;
    const direction = downhill(parameter, gradient, settings);
    const mean = this.averageGradient(direction, context);
    const largest = kept('exp_inf');
    largest.copy_(largest.mul(settings.betas[1]).maximum(direction.abs().add(settings.eps)));
    const stepSize = scalar('a', ({ lr, betas }, step) => lr / (1 - betas[0] ** step));
    parameter.sub_(mean.div(largest).mul(stepSize));
  }
}
