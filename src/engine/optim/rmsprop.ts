/** RMSprop. */
import type { Tensor } from '../tensor';
import {
  addScaled_,
  checkNotNegative,
  downhill,
  Optimizer,
  type Params,
  type UpdateContext,
} from './optimizer';

/** Settings of {@link RMSprop}. */
export type RMSpropSettings = {
  lr: number;
  alpha: number;
  eps: number;
  weightDecay: number;
  momentum: number;
  centered: boolean;
  maximize: boolean;
};

const defaults = {
  lr: 1e-2,
  alpha: 0.99,
  eps: 1e-8,
  weightDecay: 0,
  momentum: 0,
  centered: false,
  maximize: false,
};

/**
 * Gradients divided by the root of their mean square (Tieleman and Hinton, 2012) or, `centered`, by their standard
 * deviation (Graves, 2013).
 */
export class RMSprop extends Optimizer<RMSpropSettings> {
  constructor(params: Params<RMSpropSettings>, options: Partial<RMSpropSettings> = {}) {
    super(params, { ...defaults, ...options });
  }

  protected override check(settings: RMSpropSettings): void {
    super.check(settings);
    checkNotNegative(settings.eps, 'epsilon value');
    checkNotNegative(settings.momentum, 'momentum value');
    checkNotNegative(settings.weightDecay, 'weight_decay value');
    checkNotNegative(settings.alpha, 'alpha value');
  }

  protected override stateNames({ momentum, centered }: RMSpropSettings): readonly string[] {
    return ['square_avg', ...(momentum > 0 ? ['momentum_buffer'] : []), ...(centered ? ['grad_avg'] : [])];
  }

  /** s ← α·s + (1 − α)·g², w ← w − lr · g / (√s + ε); with momentum the quotient enters a velocity */
  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    { settings, kept, scalar, factor }: UpdateContext<RMSpropSettings>,
  ): void {
    const { alpha, eps, centered } = settings;
    const direction = downhill(parameter, gradient, settings);
    const square = kept('square_avg')
      .mul_(alpha)
      .add_(direction.mul(direction), 1 - alpha);
    let variance = square;
    if (centered) {
      const mean = addScaled_(kept('grad_avg').mul_(alpha), direction, 1 - alpha);
      variance = square.sub(mean.mul(mean));
    }
    const quotient = direction.div(variance.sqrt().add(eps));
    const lr = scalar('lr', now => now.lr);
    if (settings.momentum === 0) parameter.sub_(quotient.mul(lr));
    else {
      const momentum = factor('momentum', 'momentum', now => now.momentum);
      parameter.sub_(kept('momentum_buffer').mul_(momentum).add_(quotient).mul(lr));
    }
  }
}
