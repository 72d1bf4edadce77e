/** Stochastic gradient descent. */
import { EngineError } from '../errors';
import type { Tensor } from '../tensor';
import { Optimizer, type Params, type UpdateContext } from './optimizer';

/** Settings of {@link SGD}. */
export type SGDSettings = {
  lr: number;
  momentum: number;
  dampening: number;
  weightDecay: number;
  nesterov: boolean;
};

/** Gradient descent with momentum (Sutskever et al., 2013), as in PyTorch: v ← μv + g, w ← w − lr·v. */
export class SGD extends Optimizer<SGDSettings> {
  constructor(params: Params<SGDSettings>, options: Partial<SGDSettings> & { lr: number }) {
    super(params, { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, ...options });
  }

  protected override check(settings: SGDSettings): void {
    super.check(settings);
    const { momentum, weightDecay, nesterov, dampening } = settings;
    if (!(momentum >= 0)) throw new EngineError(`Invalid momentum value: ${momentum}`);
    if (!(weightDecay >= 0)) throw new EngineError(`Invalid weight_decay value: ${weightDecay}`);
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new EngineError('Nesterov momentum requires a momentum and zero dampening');
    }
  }

  protected override stateNames({ momentum }: SGDSettings): readonly string[] {
    return momentum === 0 ? [] : ['momentum_buffer'];
  }

  protected override update(parameter: Tensor, gradient: Tensor, context: UpdateContext<SGDSettings>): void {
    const { momentum, dampening, weightDecay, nesterov } = context.settings;
    const lr = context.scalar('lr', settings => settings.lr);
    let direction = weightDecay === 0 ? gradient : gradient.add(parameter, weightDecay);
    if (momentum !== 0) {
      const velocity = context.kept('momentum_buffer');
      // The first gradient enters whole: PyTorch starts the buffer with it.
      const share = (_: SGDSettings, step: number) => (step === 1 ? 1 : 1 - dampening);
      const arriving = dampening === 0 ? direction : direction.mul(context.scalar('share', share));
      velocity.mul_(momentum).add_(arriving);
      direction = nesterov ? direction.add(velocity, momentum) : velocity;
    }
    parameter.sub_(direction.mul(lr));
  }
}
