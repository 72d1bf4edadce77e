/** Adam and AdamW. */
import { EngineError } from '../errors';
import type { Tensor } from '../tensor';
import { Optimizer, type Params, type UpdateContext } from './optimizer';

/** Settings of {@link Adam} and {@link AdamW}. */
export type AdamSettings = {
  lr: number;
  betas: readonly [number, number];
  eps: number;
  weightDecay: number;
  amsgrad: boolean;
};

const defaults = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false } as const;

/** Adam (Kingma and Ba, 2015), with PyTorch's order of operations. */
export class Adam extends Optimizer<AdamSettings> {
  constructor(params: Params<AdamSettings>, options: Partial<AdamSettings> = {}) {
    super(params, { ...defaults, ...options });
  }

  protected override check(settings: AdamSettings): void {
    super.check(settings);
    const { eps, betas, weightDecay } = settings;
    if (!(eps >= 0)) throw new EngineError(`Invalid epsilon value: ${eps}`);
    betas.forEach((beta, i) => {
      if (!(beta >= 0 && beta < 1)) throw new EngineError(`Invalid beta parameter at index ${i}: ${beta}`);
    });
    if (!(weightDecay >= 0)) throw new EngineError(`Invalid weight_decay value: ${weightDecay}`);
  }

  protected override stateNames({ amsgrad }: AdamSettings): readonly string[] {
    return ['exp_avg', 'exp_avg_sq', ...(amsgrad ? ['max_exp_avg_sq'] : [])];
  }

  protected override update(parameter: Tensor, gradient: Tensor, context: UpdateContext<AdamSettings>): void {
    const { weightDecay } = context.settings;
    this.descend(parameter, weightDecay === 0 ? gradient : gradient.add(parameter, weightDecay), context);
  }

  /**
   * w ← w − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε), with the corrections moved into two numbers, so that
   * each weight is gone over as seldom as possible: w ← w − a · m / (√v + b).
   */
  protected descend(
    parameter: Tensor,
    gradient: Tensor,
    { settings, kept, scalar }: UpdateContext<AdamSettings>,
  ): void {
    const [beta1, beta2] = settings.betas;
    const correction = (step: number) => Math.sqrt(1 - beta2 ** step);
    const stepSize = scalar('a', ({ lr }, step) => (lr * correction(step)) / (1 - beta1 ** step));
    const epsilon = scalar('b', ({ eps }, step) => eps * correction(step));
    const mean = kept('exp_avg')
      .mul_(beta1)
      .add_(gradient, 1 - beta1);
    const square = kept('exp_avg_sq')
      .mul_(beta2)
      .add_(gradient.mul(gradient), 1 - beta2);
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
    const { weightDecay } = context.settings;
    if (weightDecay !== 0) {
      parameter.mul_(context.scalar('decay', settings => 1 - settings.lr * settings.weightDecay));
    }
    this.descend(parameter, gradient, context);
  }
}
