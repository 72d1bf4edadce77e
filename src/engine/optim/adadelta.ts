/** Adadelta. */
import { EngineError } from '../errors';
import type { Tensor } from '../tensor';
import { checkNotNegative, downhill, Optimizer, type Params, type UpdateContext } from './optimizer';

/** Settings of {@link Adadelta}. */
export type AdadeltaSettings = {
  lr: number;
  rho: number;
  eps: number;
  weightDecay: number;
  maximize: boolean;
};

const defaults = { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false };

/** Steps as large as recent ones were, by the size of recent gradients (Zeiler, 2012). */
export class Adadelta extends Optimizer<AdadeltaSettings> {
  constructor(params: Params<AdadeltaSettings>, options: Partial<AdadeltaSettings> = {}) {
    super(params, { ...defaults, ...options });
  }

  protected override check(settings: AdadeltaSettings): void {
    super.check(settings);
    const { rho, eps, weightDecay } = settings;
    if (!(rho >= 0 && rho <= 1)) throw new EngineError(`Invalid rho value: ${rho}`);
    checkNotNegative(eps, 'epsilon value');
    checkNotNegative(weightDecay, 'weight_decay value');
  }

  protected override stateNames(): readonly string[] {
    return ['square_avg', 'acc_delta'];
  }

  /** s ← ρ·s + (1 − ρ)·g², δ = √(d + ε) / √(s + ε) · g, d ← ρ·d + (1 − ρ)·δ², w ← w − lr·δ */
  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    { settings, kept, scalar }: UpdateContext<AdadeltaSettings>,
  ): void {
    const { rho, eps } = settings;
    const direction = downhill(parameter, gradient, settings);
    const fading = (name: string, value: Tensor) =>
      kept(name)
        .mul_(rho)
        .add_(value.mul(value), 1 - rho);
    const size = fading('square_avg', direction).add(eps).sqrt();
    const delta = kept('acc_delta').add(eps).sqrt().div(size).mul(direction);
    fading('acc_delta', delta);
    parameter.sub_(delta.mul(scalar('lr', now => now.lr)));
  }
}
