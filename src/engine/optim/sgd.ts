/** Stochastic gradient descent. */
import { EngineError } from '../errors';
import type { Tensor } from '../tensor';
import { checkNotNegative, downhill, Optimizer, type Params, type UpdateContext } from './optimizer';

/** Settings of {@link SGD}. */
export type SGDSettings = {
  lr: number;
  momentum: number;
  dampening: number;
  weightDecay: number;
  nesterov: boolean;
  maximize: boolean;
};

const defaults = { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };

/** The direction that Nesterov's momentum takes. */
function ahead(direction: Tensor, velocity: Tensor, momentum: number | Tensor): Tensor {
  if (typeof momentum === 'number') return direction.add(velocity, momentum);
  return direction.add(velocity.mul(momentum));
}

/** Gradient descent with momentum (Sutskever et al., 2013), as in PyTorch: v ← μv + g, w ← w − lr·v. */
export class SGD extends Optimizer<SGDSettings> {
  constructor(params: Params<SGDSettings>, options: Partial<SGDSettings> & { lr: number }) {
    super(params, { ...defaults, ...options });
  }

  protected override check(settings: SGDSettings): void {
    super.check(settings);
    const { momentum, weightDecay, nesterov, dampening } = settings;
    checkNotNegative(momentum, 'momentum value');
    checkNotNegative(weightDecay, 'weight_decay value');
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new EngineError('Nesterov momentum requires a momentum and zero dampening');
    }
  }

  protected override stateNames({ momentum }: SGDSettings): readonly string[] {
    return momentum === 0 ? [] : ['momentum_buffer'];
  }

  protected override update(parameter: Tensor, gradient: Tensor, context: UpdateContext<SGDSettings>): void {
    const { dampening, nesterov } = context.settings;
    const lr = context.scalar('lr', settings => settings.lr);
    let direction = downhill(parameter, gradient, context.settings);
    if (context.settings.momentum !== 0) {
      const momentum = context.factor('momentum', 'momentum', settings => settings.momentum);
      const velocity = context.kept('momentum_buffer');
      // The first gradient enters whole: PyTorch starts the buffer with it.
      const share = (_: SGDSettings, step: number) => (step === 1 ? 1 : 1 - dampening);
      const arriving = dampening === 0 ? direction : direction.mul(context.scalar('share', share));
      velocity.mul_(momentum).add_(arriving);
      direction = nesterov ? ahead(direction, velocity, momentum) : velocity;
    }
    parameter.sub_(direction.mul(lr));
  }
}
