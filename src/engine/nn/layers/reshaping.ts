/** Modules that compute nothing new: `Identity`, and one dimension made several. */
import type { Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { pythonTuple } from '../module/python-text';

/** Gives what it is given; the arguments, whatever they are, say nothing, as in PyTorch. */
export class Identity extends Module {
  constructor(..._ignored: readonly unknown[]) {
    super();
  }

  override forward(input: Tensor): Tensor {
    return input;
  }
}

/** One dimension split into several. */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattenedSize: Shape,
  ) {
    super();
  }

  override describe(): string {
    return `dim=${this.dim}, unflattened_size=${pythonTuple(this.unflattenedSize)}`;
  }

  override forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattenedSize);
  }
}
