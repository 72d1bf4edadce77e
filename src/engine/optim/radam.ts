/** RAdam. */
import type { Tensor } from '../tensor';
import { AdamFamily, type AdamFamilySettings } from './adam';
import { downhill, type Params, type UpdateContext } from './optimizer';

/** Settings of {@link RAdam}. */
export type RAdamSettings = AdamFamilySettings;

const defaults = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 } as const;

/** By how much the step is smaller while the mean square is uncertain; undefined while it cannot be used at all. */
function rectification({ betas: [, beta2] }: RAdamSettings, step: number): number | undefined {
  const most = 2 / (1 - beta2) - 1;
  const length = most - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  if (!(length > 5)) return undefined;
  return Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
}

/** Adam that trusts its mean square only as far as it is known (Liu et al., 2020). */
export class RAdam extends AdamFamily<RAdamSettings> {
  constructor(params: Params<RAdamSettings>, options: Partial<RAdamSettings> = {}) {
    super(params, { ...defaults, ...options });
  }

  protected override stateNames(): readonly string[] {
    return ['exp_avg', 'exp_avg_sq'];
  }

  /**
   * w ← w − lr / (1 − β₁ᵗ) · r · √(1 − β₂ᵗ) · m / (√v + ε), or without r and v at the beginning. Both are
   * w ← w − a · m / (b·√v + c), so that one compiled step does for both.
   */
  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    context: UpdateContext<RAdamSettings>,
  ): void {
    const { settings, scalar } = context;
    const direction = downhill(parameter, gradient, settings);
    const mean = this.averageGradient(direction, context);
    const square = this.averageSquare(direction, context);
    const stepSize = scalar('a', (now, step) => {
      const rectified = rectification(now, step);
      const adaptive = rectified === undefined ? 1 : rectified * Math.sqrt(1 - now.betas[1] ** step);
      return (now.lr / (1 - now.betas[0] ** step)) * adaptive;
    });
    const used = scalar('b', (now, step) => (rectification(now, step) === undefined ? 0 : 1));
    const rest = scalar('c', (now, step) => (rectification(now, step) === undefined ? 1 : now.eps));
    parameter.sub_(mean.div(square.sqrt().mul(used).add(rest)).mul(stepSize));
  }
}
