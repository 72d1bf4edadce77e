/** A schedule that follows how well training goes. */
import { EngineError } from '../../errors';
import type { Optimizer } from '../optimizer';

/** Settings of {@link ReduceLROnPlateau}. */
export interface PlateauOptions {
  /** Whether the metric is to fall or to rise. */
  readonly mode?: 'min' | 'max';
  readonly factor?: number;
  /** How many steps in a row may be no better. */
  readonly patience?: number;
  /** How much better counts, as a share of the best (`rel`) or as a difference (`abs`). */
  readonly threshold?: number;
  readonly thresholdMode?: 'rel' | 'abs';
  /** Steps after a reduction that are not counted. */
  readonly cooldown?: number;
  readonly minLr?: number | readonly number[];
  /** A smaller change of the learning rate than this is left out. */
  readonly eps?: number;
}

/** What {@link ReduceLROnPlateau} remembers, by PyTorch's names. */
export type PlateauState = {
  factor: number;
  min_lrs: number[];
  patience: number;
  verbose: boolean;
  cooldown: number;
  cooldown_counter: number;
  mode: 'min' | 'max';
  threshold: number;
  threshold_mode: 'rel' | 'abs';
  best: number;
  num_bad_epochs: number;
  mode_worse: number;
  eps: number;
  last_epoch: number;
  /** Not there before the first step. */
  _last_lr?: number[];
};

function lowestRates(optimizer: Optimizer, minLr: number | readonly number[]): number[] {
  const count = optimizer.paramGroups.length;
  if (typeof minLr === 'number') return optimizer.paramGroups.map(() => minLr);
  if (minLr.length === count) return [...minLr];
  throw new EngineError(`expected ${count} min_lrs, got ${minLr.length}`);
}

/** Multiplies the learning rate by `factor` when a metric has not become better for more than `patience` steps. */
export class ReduceLROnPlateau {
  #state: PlateauState;

  constructor(
    readonly optimizer: Optimizer,
    {
      mode = 'min',
      factor = 0.1,
      patience = 10,
      threshold = 1e-4,
      thresholdMode = 'rel',
      cooldown = 0,
      minLr = 0,
      eps = 1e-8,
    }: PlateauOptions = {},
  ) {
    if (mode !== 'min' && mode !== 'max') throw new EngineError(`mode ${String(mode)} is unknown!`);
    if (thresholdMode !== 'rel' && thresholdMode !== 'abs') {
      throw new EngineError(`threshold mode ${String(thresholdMode)} is unknown!`);
    }
    if (!(factor < 1)) throw new EngineError('Factor should be < 1.0.');
    const worst = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    this.#state = {
      factor,
      min_lrs: lowestRates(optimizer, minLr),
      patience,
      verbose: false,
      cooldown,
      cooldown_counter: 0,
      mode,
      threshold,
      threshold_mode: thresholdMode,
      best: worst,
      num_bad_epochs: 0,
      mode_worse: worst,
      eps,
      last_epoch: 0,
    };
  }

  /** Takes the metric of a step into account. */
  step(metric: number): void {
    const state = this.#state;
    state.last_epoch++;
    if (this.#isBetter(metric)) {
      state.best = metric;
      state.num_bad_epochs = 0;
    } else state.num_bad_epochs++;
    if (state.cooldown_counter > 0) {
      state.cooldown_counter--;
      state.num_bad_epochs = 0;
    }
    if (state.num_bad_epochs > state.patience) {
      this.#reduce();
      state.cooldown_counter = state.cooldown;
      state.num_bad_epochs = 0;
    }
    state._last_lr = this.optimizer.paramGroups.map(({ settings }) => settings.lr);
  }

  /** The learning rate of each group after the last step. */
  getLastLr(): readonly number[] {
    return this.#state._last_lr ?? this.optimizer.paramGroups.map(({ settings }) => settings.lr);
  }

  /** All that it remembers, settings too, by PyTorch's names. */
  stateDict(): PlateauState {
    return structuredClone(this.#state);
  }

  /** Goes on from a saved state. */
  loadStateDict(saved: PlateauState): void {
    this.#state = structuredClone(saved);
  }

  #reduce(): void {
    const { factor, min_lrs, eps } = this.#state;
    this.optimizer.paramGroups.forEach(({ settings }, i) => {
      const lower = Math.max(settings.lr * factor, min_lrs[i] ?? 0);
      if (settings.lr - lower > eps) settings.lr = lower;
    });
  }

  #isBetter(metric: number): boolean {
    const { mode, threshold, threshold_mode, best } = this.#state;
    if (threshold_mode === 'rel') {
      return mode === 'min' ? metric < best * (1 - threshold) : metric > best * (1 + threshold);
    }
    return mode === 'min' ? metric < best - threshold : metric > best + threshold;
  }
}
