/** The other activations of `torch.nn`: each applies one function of `ops/`, and prints its settings as PyTorch does. */
import { noGrad } from '../../autograd/grad-mode';
import {
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  prelu,
  relu6,
  softshrink,
  threshold,
} from '../../ops/activations/hard';
import {
  celu,
  elu,
  gelu,
  glu,
  logsigmoid,
  mish,
  selu,
  silu,
  softmin,
  softplus,
  softsign,
  tanhshrink,
} from '../../ops/activations/smooth';
import { full } from '../../ops/creation/creation';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { pythonFloat, pythonNumber } from '../module/python-text';

/** x above zero, α(eˣ − 1) below. */
export class ELU extends Module {
  constructor(readonly alpha = 1) {
    super();
  }

  override describe(): string {
    return `alpha=${pythonFloat(this.alpha)}`;
  }

  override forward(input: Tensor): Tensor {
    return elu(input, this.alpha);
  }
}

/** The ELU whose slope is continuous whatever α is. */
export class CELU extends Module {
  constructor(readonly alpha = 1) {
    super();
  }

  override describe(): string {
    return `alpha=${pythonFloat(this.alpha)}`;
  }

  override forward(input: Tensor): Tensor {
    return celu(input, this.alpha);
  }
}

/** The ELU that keeps mean 0 and variance 1 from layer to layer. */
export class SELU extends Module {
  override forward(input: Tensor): Tensor {
    return selu(input);
  }
}

/** x·Φ(x), exactly or by tanh. */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh';

  constructor({ approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {}) {
    super();
    this.approximate = approximate;
  }

  override describe(): string {
    return `approximate='${this.approximate}'`;
  }

  override forward(input: Tensor): Tensor {
    return gelu(input, { approximate: this.approximate });
  }
}

/** x·σ(x). */
export class SiLU extends Module {
  override forward(input: Tensor): Tensor {
    return silu(input);
  }
}

/** x·tanh(softplus(x)). */
export class Mish extends Module {
  override forward(input: Tensor): Tensor {
    return mish(input);
  }
}

/** log σ(x). */
export class LogSigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return logsigmoid(input);
  }
}

/** log(1 + e^βx) / β; x itself where βx is above the threshold. */
export class Softplus extends Module {
  constructor(
    readonly beta = 1,
    readonly threshold = 20,
  ) {
    super();
  }

  override describe(): string {
    return `beta=${pythonNumber(this.beta)}, threshold=${pythonNumber(this.threshold)}`;
  }

  override forward(input: Tensor): Tensor {
    return softplus(input, this.beta, this.threshold);
  }
}

/** x / (1 + |x|). */
export class Softsign extends Module {
  override forward(input: Tensor): Tensor {
    return softsign(input);
  }
}

/** x moved towards 0 by λ. */
export class Softshrink extends Module {
  constructor(readonly lambd = 0.5) {
    super();
  }

  override describe(): string {
    return pythonNumber(this.lambd);
  }

  override forward(input: Tensor): Tensor {
    return softshrink(input, this.lambd);
  }
}

/** x where |x| > λ, else 0. */
export class Hardshrink extends Module {
  constructor(readonly lambd = 0.5) {
    super();
  }

  override describe(): string {
    return pythonNumber(this.lambd);
  }

  override forward(input: Tensor): Tensor {
    return hardshrink(input, this.lambd);
  }
}

/** x − tanh x. */
export class Tanhshrink extends Module {
  override forward(input: Tensor): Tensor {
    return tanhshrink(input);
  }
}

/** x between two bounds. */
export class Hardtanh extends Module {
  constructor(
    readonly minVal = -1,
    readonly maxVal = 1,
  ) {
    super();
  }

  override describe(): string {
    return `min_val=${pythonFloat(this.minVal)}, max_val=${pythonFloat(this.maxVal)}`;
  }

  override forward(input: Tensor): Tensor {
    return hardtanh(input, this.minVal, this.maxVal);
  }
}

/** x between 0 and 6. */
export class ReLU6 extends Module {
  override forward(input: Tensor): Tensor {
    return relu6(input);
  }
}

/** x / 6 + 1/2 between 0 and 1. */
export class Hardsigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return hardsigmoid(input);
  }
}

/** x · hardsigmoid(x). */
export class Hardswish extends Module {
  override forward(input: Tensor): Tensor {
    return hardswish(input);
  }
}

/** x above zero, a small part of it below. */
export class LeakyReLU extends Module {
  constructor(readonly negativeSlope = 0.01) {
    super();
  }

  override describe(): string {
    return `negative_slope=${pythonNumber(this.negativeSlope)}`;
  }

  override forward(input: Tensor): Tensor {
    return leakyRelu(input, this.negativeSlope);
  }
}

/** x above zero, below it a part that is learned: one for all channels, or one for each. */
export class PReLU extends Module {
  readonly weight: Parameter;

  constructor(
    readonly numParameters = 1,
    readonly init = 0.25,
  ) {
    super();
    this.weight = new Parameter(noGrad(() => full([numParameters], init, { dtype: 'float32' })));
  }

  override describe(): string {
    return `num_parameters=${this.numParameters}`;
  }

  override forward(input: Tensor): Tensor {
    return prelu(input, this.weight);
  }
}

/** x above a threshold, else a value. */
export class Threshold extends Module {
  constructor(
    readonly threshold: number,
    readonly value: number,
  ) {
    super();
  }

  override describe(): string {
    return `threshold=${pythonNumber(this.threshold)}, value=${pythonNumber(this.value)}`;
  }

  override forward(input: Tensor): Tensor {
    return threshold(input, this.threshold, this.value);
  }
}

/** The first half along a dimension times σ of the second. */
export class GLU extends Module {
  constructor(readonly dim = -1) {
    super();
  }

  override describe(): string {
    return `dim=${this.dim}`;
  }

  override forward(input: Tensor): Tensor {
    return glu(input, this.dim);
  }
}

/** The softmax of −x. */
export class Softmin extends Module {
  constructor(readonly dim: number) {
    super();
  }

  override describe(): string {
    return `dim=${this.dim}`;
  }

  override forward(input: Tensor): Tensor {
    return softmin(input, this.dim);
  }
}
