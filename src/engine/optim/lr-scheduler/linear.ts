/** A straight line from one factor to another one: warming up, or cooling down. */
import { EngineError } from '../../errors';
import type { Optimizer } from '../optimizer';
import { LRScheduler } from './scheduler';

/** Settings of {@link LinearLR}. */
export interface LinearLROptions {
  readonly startFactor?: number;
  readonly endFactor?: number;
  readonly totalIters?: number;
}

type Own = { start_factor: number; end_factor: number; total_iters: number };

/** Multiplies the learning rate by a factor that goes from `startFactor` to `endFactor` in `totalIters` steps. */
export class LinearLR extends LRScheduler<Own> {
  constructor(
    optimizer: Optimizer,
    { startFactor = 1 / 3, endFactor = 1, totalIters = 5 }: LinearLROptions = {},
  ) {
    if (!(startFactor >= 0 && startFactor <= 1)) {
      throw new EngineError('Starting multiplicative factor expected to be between 0 and 1.');
    }
    if (!(endFactor >= 0 && endFactor <= 1)) {
      throw new EngineError('Ending multiplicative factor expected to be between 0 and 1.');
    }
    super(optimizer, { start_factor: startFactor, end_factor: endFactor, total_iters: totalIters });
    this.start();
  }

  protected override getLr(): number[] {
    const { last_epoch, start_factor, end_factor, total_iters } = this.state;
    if (last_epoch === 0) return this.rates.map(lr => lr * start_factor);
    if (last_epoch > total_iters) return this.rates;
    const change = end_factor - start_factor;
    const factor = 1 + change / (total_iters * start_factor + (last_epoch - 1) * change);
    return this.rates.map(lr => lr * factor);
  }

  protected override closedForm(): number[] {
    const { base_lrs, last_epoch, start_factor, end_factor, total_iters } = this.state;
    const way = Math.min(total_iters, last_epoch) / total_iters;
    return base_lrs.map(lr => lr * (start_factor + (end_factor - start_factor) * way));
  }
}
