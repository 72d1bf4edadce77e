/** The dropout layer. */
import { checkProbability, dropout, dropout2d } from '../../ops/layers/dropout';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { pythonFloat } from '../module/python-text';

/** Zeros at random places in training, identity in evaluation. */
export class Dropout extends Module {
  constructor(readonly p = 0.5) {
    super();
    checkProbability(p);
  }

  override describe(): string {
    return `p=${pythonFloat(this.p)}, inplace=False`;
  }

  override forward(input: Tensor): Tensor {
    return dropout(input, this.p, this.training);
  }
}

/** Zeros in whole channels of each sample [N, C, …] at random in training, identity in evaluation. */
export class Dropout2d extends Dropout {
  override forward(input: Tensor): Tensor {
    return dropout2d(input, this.p, this.training);
  }
}
