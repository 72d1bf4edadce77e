/** Adagrad. */
import { fullLike } from '../ops/creation/creation';
import type { Tensor } from '../tensor';
import { checkNotNegative, downhill, Optimizer, type Params, type UpdateContext } from './optimizer';

/** Settings of {@link Adagrad}. */
export type AdagradSettings = {
  lr: number;
  lrDecay: number;
  weightDecay: number;
  initialAccumulatorValue: number;
  eps: number;
  maximize: boolean;
};

const defaults = {
  lr: 1e-2,
  lrDecay: 0,
  weightDecay: 0,
  initialAccumulatorValue: 0,
  eps: 1e-10,
  maximize: false,
};

/** Gradients divided by the root of the sum of all their squares so far (Duchi, Hazan and Singer, 2011). */
export class Adagrad extends Optimizer<AdagradSettings> {
  constructor(params: Params<AdagradSettings>, options: Partial<AdagradSettings> = {}) {
    super(params, { ...defaults, ...options });
    // As in PyTorch, what is kept is there before the first step.
    this.stateTensors();
  }

  protected override check(settings: AdagradSettings): void {
    super.check(settings);
    checkNotNegative(settings.lrDecay, 'lr_decay value');
    checkNotNegative(settings.weightDecay, 'weight_decay value');
    checkNotNegative(settings.initialAccumulatorValue, 'initial_accumulator_value value');
    checkNotNegative(settings.eps, 'epsilon value');
  }

  protected override stateNames(): readonly string[] {
    return ['sum'];
  }

  protected override initialState(_: string, parameter: Tensor, settings: AdagradSettings): Tensor {
    return fullLike(parameter, settings.initialAccumulatorValue);
  }

  /** s ← s + g², w ← w − lr / (1 + (t − 1)·decay) · g / (√s + ε) */
  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    { settings, kept, scalar }: UpdateContext<AdagradSettings>,
  ): void {
    const direction = downhill(parameter, gradient, settings);
    const sum = kept('sum').add_(direction.mul(direction));
    const lr = scalar('lr', (now, step) => now.lr / (1 + (step - 1) * now.lrDecay));
    parameter.sub_(direction.div(sum.sqrt().add(settings.eps)).mul(lr));
  }
}
