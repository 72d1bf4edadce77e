/** The numbers that most layers of PyTorch begin with. */
import { noGrad } from '../autograd/grad-mode';
import { rand } from '../ops/creation/creation';
import type { Shape } from '../shape';
import type { Tensor } from '../tensor';

/** Numbers uniform over [−bound, bound). */
export function uniform(shape: Shape, bound: number): Tensor {
  return noGrad(() =>
    rand(shape)
      .mul(2 * bound)
      .sub(bound),
  );
}
