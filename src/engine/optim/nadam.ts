/** NAdam. */
import { ones } from '../ops/creation/creation';
import type { Tensor } from '../tensor';
import { AdamFamily, type AdamFamilySettings } from './adam';
import { checkNotNegative, downhill, type Params, type UpdateContext } from './optimizer';

/** Settings of {@link NAdam}. */
export type NAdamSettings = AdamFamilySettings & { momentumDecay: number };

const defaults = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  momentumDecay: 4e-3,
} as const;

/** The momentum μ of a step: it grows towards β₁. */
const momentumAt = ({ betas, momentumDecay }: NAdamSettings, step: number) =>
  betas[0] * (1 - 0.5 * 0.96 ** (step * momentumDecay));

/** Adam with Nesterov's momentum (Dozat, 2016). */
export class NAdam extends AdamFamily<NAdamSettings> {
  constructor(params: Params<NAdamSettings>, options: Partial<NAdamSettings> = {}) {
    super(params, { ...defaults, ...options });
  }

  protected override check(settings: NAdamSettings): void {
    super.check(settings);
    checkNotNegative(settings.momentumDecay, 'momentum_decay value');
  }

  protected override stateNames(): readonly string[] {
    return ['exp_avg', 'exp_avg_sq', 'mu_product'];
  }

  /** `mu_product` is the product of all μ so far: one number, of float32 whatever the parameter is of. */
  protected override initialState(name: string, parameter: Tensor, settings: NAdamSettings): Tensor {
    if (name === 'mu_product') return ones([], { device: parameter.device });
    return super.initialState(name, parameter, settings);
  }

  /** w ← w − lr · ((1 − μ) / (1 − Πμ) · g + μ' / (1 − Πμ·μ') · m) / (√(v / (1 − β₂ᵗ)) + ε), where μ' is the next μ */
  protected override update(
    parameter: Tensor,
    gradient: Tensor,
    context: UpdateContext<NAdamSettings>,
  ): void {
    const { settings, kept, scalar } = context;
    const direction = downhill(parameter, gradient, settings);
    const { dtype } = parameter;
    const product = kept('mu_product').mul_(scalar('mu', momentumAt).to('float32'));
    const both = product
      .mul(scalar('mu', momentumAt).to('float32'))
      .mul(scalar('next mu', (now, step) => momentumAt(now, step + 1)).to('float32'));
    const mean = this.averageGradient(direction, context);
    const square = this.averageSquare(direction, context);
    const correction = scalar('correction', ({ betas }, step) => 1 - betas[1] ** step);
    const size = square.div(correction).sqrt().add(settings.eps);
    const ofGradient = scalar('a', (now, step) => now.lr * (1 - momentumAt(now, step)));
    const ofMean = scalar('b', (now, step) => now.lr * momentumAt(now, step + 1));
    parameter.sub_(direction.div(size).mul(ofGradient.div(product.to(dtype).rsub(1))));
    parameter.sub_(mean.div(size).mul(ofMean.div(both.to(dtype).rsub(1))));
  }
}
