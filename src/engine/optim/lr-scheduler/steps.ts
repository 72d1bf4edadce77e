/** Schedules that multiply the learning rate by a factor at some steps: StepLR, MultiStepLR, ExponentialLR. */
import type { Optimizer } from '../optimizer';
import { LRScheduler } from './scheduler';

/** Multiplies by `gamma` every `stepSize` steps. */
export class StepLR extends LRScheduler<{ step_size: number; gamma: number }> {
  constructor(optimizer: Optimizer, stepSize: number, { gamma = 0.1 }: { readonly gamma?: number } = {}) {
    super(optimizer, { step_size: stepSize, gamma });
    this.start();
  }

  protected override getLr(): number[] {
    const { last_epoch, step_size, gamma } = this.state;
    const turn = last_epoch !== 0 && last_epoch % step_size === 0;
    return this.rates.map(lr => (turn ? lr * gamma : lr));
  }

  protected override closedForm(): number[] {
    const { base_lrs, last_epoch, step_size, gamma } = this.state;
    return base_lrs.map(lr => lr * gamma ** Math.floor(last_epoch / step_size));
  }
}

/** Multiplies by `gamma` at each of the `milestones`; a milestone that is given twice counts twice. */
export class MultiStepLR extends LRScheduler<{ milestones: Record<number, number>; gamma: number }> {
  constructor(
    optimizer: Optimizer,
    milestones: readonly number[],
    { gamma = 0.1 }: { readonly gamma?: number } = {},
  ) {
    const counts: Record<number, number> = {};
    for (const milestone of milestones) counts[milestone] = (counts[milestone] ?? 0) + 1;
    super(optimizer, { milestones: counts, gamma });
    this.start();
  }

  protected override getLr(): number[] {
    const { last_epoch, milestones, gamma } = this.state;
    const times = milestones[last_epoch] ?? 0;
    return this.rates.map(lr => (times === 0 ? lr : lr * gamma ** times));
  }

  protected override closedForm(): number[] {
    const { base_lrs, last_epoch, milestones, gamma } = this.state;
    const passed = Object.entries(milestones)
      .filter(([milestone]) => Number(milestone) <= last_epoch)
      .reduce((sum, [, times]) => sum + times, 0);
    return base_lrs.map(lr => lr * gamma ** passed);
  }
}

/** Multiplies by `gamma` at every step. */
export class ExponentialLR extends LRScheduler<{ gamma: number }> {
  constructor(optimizer: Optimizer, gamma: number) {
    super(optimizer, { gamma });
    this.start();
  }

  protected override getLr(): number[] {
    const { last_epoch, gamma } = this.state;
    return this.rates.map(lr => (last_epoch === 0 ? lr : lr * gamma));
  }

  protected override closedForm(): number[] {
    const { base_lrs, last_epoch, gamma } = this.state;
    return base_lrs.map(lr => lr * gamma ** last_epoch);
  }
}
