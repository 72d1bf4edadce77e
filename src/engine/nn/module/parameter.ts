/** A tensor that a module learns. */
import { Storage, Tensor } from '../../tensor';

/** A leaf that requires a gradient; a module finds its parameters by this class. */
export class Parameter extends Tensor {
  constructor(data: Tensor, requiresGrad = true) {
    super(new Storage(data.expr), [], undefined, data.expr);
    this.requiresGrad = requiresGrad;
  }
}
