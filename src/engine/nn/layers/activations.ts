/** Modules without parameters that apply one function. */
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';

/** max(0, x). */
export class ReLU extends Module {
  override forward(input: Tensor): Tensor {
    return input.relu();
  }
}

/** 1 / (1 + e⁻ˣ). */
export class Sigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return input.sigmoid();
  }
}

/** The hyperbolic tangent. */
export class Tanh extends Module {
  override forward(input: Tensor): Tensor {
    return input.tanh();
  }
}

/** Probabilities along a dimension. */
export class Softmax extends Module {
  constructor(readonly dim: number) {
    super();
  }

  override describe(): string {
    return `dim=${this.dim}`;
  }

  override forward(input: Tensor): Tensor {
    return input.softmax(this.dim);
  }
}

/** Logarithms of probabilities along a dimension. */
export class LogSoftmax extends Module {
  constructor(readonly dim: number) {
    super();
  }

  override describe(): string {
    return `dim=${this.dim}`;
  }

  override forward(input: Tensor): Tensor {
    return input.logSoftmax(this.dim);
  }
}

/** Joins the dimensions of each sample into one: [N, 1, 28, 28] → [N, 784]. */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1,
  ) {
    super();
  }

  override describe(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }

  override forward(input: Tensor): Tensor {
    return input.flatten(this.startDim, this.endDim);
  }
}
