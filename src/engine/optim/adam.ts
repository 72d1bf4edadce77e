/** Adam and AdamW. */
import { EngineError } from '../errors';
import type { Tensor } from '../tensor';
import {
  addScaled_,
  checkNotNegative,
  downhill,
  Optimizer,
  type Params,
  type UpdateContext,
} from './optimizer';

/** The settings that Adam and all its relatives share. */
export type AdamFamilySettings = {
  lr: number;
  betas: readonly [number, number];
  eps: number;
  weightDecay: number;
};

/** Settings of {@link Adam} and {@link AdamW}. */
export type AdamSettings = AdamFamilySettings & { amsgrad: boolean; maximize: boolean };

const defaults = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
} as const;

/** What Adam and all its relatives share: they average the gradient over time, and a measure of its size. */
export abstract class AdamFamily<Settings extends AdamFamilySettings> extends Optimizer<Settings> {
  protected override check(settings: Settings): void {
    super.check(settings);
    const { eps, betas, weightDecay } = settings;
    checkNotNegative(eps, 'epsilon value');
    betas.forEach((beta, i) => {
      if (!(beta >= 0 && beta < 1)) throw new EngineError(`Invalid beta parameter at index ${i}: ${beta}`);
    });
    checkNotNegative(weightDecay, 'weight_decay value');
  }

  /** m ← β₁·m + (1 − β₁)·g */
  protected averageGradient(gradient: Tensor, { kept, factor }: UpdateContext<Settings>): Tensor {
    const beta1 = factor('beta1', 'betas', ({ betas }) => betas[0]);
    const rest = factor('1 - beta1', 'betas', ({ betas }) => 1 - betas[0]);
    return addScaled_(kept('exp_avg').mul_(beta1), gradient, rest);
  }

  /** v ← β₂·v + (1 − β₂)·g² */
  protected averageSquare(gradient: Tensor, { settings, kept }: UpdateContext<Settings>): Tensor {
    const beta2 = settings.betas[1];
    return kept('exp_avg_sq')
      .mul_(beta2)
      .add_(gradient.mul(gradient), 1 - beta2);
  }
}

/** Adam (Kingma and Ba, 2015), with PyTorch's order of operations. */
export class Adam extends AdamFamily<AdamSettings> {
  constructor(params: Params<AdamSettings>, options: Partial<AdamSettings> = {}) {
    super(params, { ...defaults, ...options });
  }

  protected override stateNames({ amsgrad }: AdamSettings): readonly string[] {
    return ['exp_avg', 'exp_avg_sq', ...(amsgrad ? ['max_exp_avg_sq'] : [])];
  }

  protected override update(parameter: Tensor, gradient: Tensor, context: UpdateContext<AdamSettings>): void {
    this.descend(parameter, downhill(parameter, gradient, context.settings), context);
  }

  /**
   * w ← w − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε), with the corrections moved into two numbers, so that
   * each weight is gone over as seldom as possible: w ← w − a · m / (√v + b).
   */
  protected descend(parameter: Tensor, gradient: Tensor, context: UpdateContext<AdamSettings>): void {
    const { settings, kept, scalar } = context;
    const correction = ({ betas }: AdamSettings, step: number) => Math.sqrt(1 - betas[1] ** step);
    const stepSize = scalar(
      'a',
      (now, step) => (now.lr * correction(now, step)) / (1 - now.betas[0] ** step),
    );
    const epsilon = scalar('b', (now, step) => now.eps * correction(now, step));
    const mean = this.averageGradient(gradient, context);
    const square = this.averageSquare(gradient, context);
    const largest = settings.amsgrad
      ? kept('max_exp_avg_sq').copy_(kept('max_exp_avg_sq').maximum(square))
      : square;
    parameter.sub_(mean.div(largest.sqrt().add(epsilon)).mul(stepSize));
  }
}

/** Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019). */
export class AdamW extends Adam {
  constructor(params: Params<AdamSettings>, options: Partial<AdamSettings> = {}) {
    super(params, { weightDecay: 1e-2, ...options });
  }

  protected override update(parameter: Tensor, gradient: Tensor, context: UpdateContext<AdamSettings>): void {
    const { weightDecay, maximize } = context.settings;
    if (weightDecay !== 0) {
      parameter.mul_(context.scalar('decay', settings => 1 - settings.lr * settings.weightDecay));
    }
    this.descend(parameter, maximize ? gradient.neg() : gradient, context);
  }
}
