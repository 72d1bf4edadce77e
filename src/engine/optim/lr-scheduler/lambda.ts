/** A schedule as a function of the step. */
import { EngineError } from '../../errors';
import type { Optimizer } from '../optimizer';
import { LRScheduler } from './scheduler';

/** The factor of a step, which is counted from 0. */
export type LrLambda = (epoch: number) => number;

/** Multiplies the first learning rate by a function of the step: one for all groups, or one for each. */
export class LambdaLR extends LRScheduler<{ lr_lambdas: null[] }> {
  private readonly lambdas: readonly LrLambda[];

  constructor(optimizer: Optimizer, lrLambda: LrLambda | readonly LrLambda[]) {
    const groups = optimizer.paramGroups;
    const lambdas = typeof lrLambda === 'function' ? groups.map(() => lrLambda) : lrLambda;
    if (lambdas.length !== groups.length) {
      throw new EngineError(`Expected ${groups.length} lr_lambdas, but got ${lambdas.length}`);
    }
    super(optimizer, { lr_lambdas: lambdas.map(() => null) });
    this.lambdas = lambdas;
    this.start();
  }

  protected override getLr(): number[] {
    const { base_lrs, last_epoch } = this.state;
    return base_lrs.map((lr, i) => lr * (this.lambdas[i]?.(last_epoch) ?? 1));
  }
}
