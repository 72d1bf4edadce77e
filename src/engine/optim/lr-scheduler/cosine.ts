/** Half a cosine from the learning rate down to `etaMin`, once or again and again (Loshchilov and Hutter, 2017). */
import { EngineError } from '../../errors';
import type { Optimizer } from '../optimizer';
import { LRScheduler } from './scheduler';

/** Goes down in `tMax` steps, and up again in as many, as PyTorch's recursion does. */
export class CosineAnnealingLR extends LRScheduler<{ T_max: number; eta_min: number }> {
  constructor(optimizer: Optimizer, tMax: number, { etaMin = 0 }: { readonly etaMin?: number } = {}) {
    super(optimizer, { T_max: tMax, eta_min: etaMin });
    this.start();
  }

  protected override getLr(): number[] {
    const { last_epoch, T_max, eta_min, _step_count, base_lrs } = this.state;
    if (last_epoch === 0) return this.rates;
    if (_step_count === 1) return this.closedForm();
    if ((last_epoch - 1 - T_max) % (2 * T_max) === 0) {
      const rise = (1 - Math.cos(Math.PI / T_max)) / 2;
      return this.rates.map((lr, i) => lr + ((base_lrs[i] ?? 0) - eta_min) * rise);
    }
    const cosine = (step: number) => 1 + Math.cos((Math.PI * step) / T_max);
    const ratio = cosine(last_epoch) / cosine(last_epoch - 1);
    return this.rates.map(lr => ratio * (lr - eta_min) + eta_min);
  }

  protected override closedForm(): number[] {
    const { base_lrs, last_epoch, T_max, eta_min } = this.state;
    const height = (1 + Math.cos((Math.PI * last_epoch) / T_max)) / 2;
    return base_lrs.map(lr => eta_min + (lr - eta_min) * height);
  }
}

/** Settings of {@link CosineAnnealingWarmRestarts}. */
export interface WarmRestartsOptions {
  /** How much longer each cycle is than the one before. */
  readonly tMult?: number;
  readonly etaMin?: number;
}

type Restarts = { T_0: number; T_i: number; T_mult: number; eta_min: number; T_cur: number };

/** Goes down in `t0` steps and begins again at the top, each time for `tMult` times as long. */
export class CosineAnnealingWarmRestarts extends LRScheduler<Restarts> {
  constructor(optimizer: Optimizer, t0: number, { tMult = 1, etaMin = 0 }: WarmRestartsOptions = {}) {
    if (!(t0 > 0 && Number.isInteger(t0))) {
      throw new EngineError(`Expected positive integer T_0, but got ${t0}`);
    }
    if (!(tMult >= 1 && Number.isInteger(tMult))) {
      throw new EngineError(`Expected integer T_mult >= 1, but got ${tMult}`);
    }
    super(optimizer, { T_0: t0, T_i: t0, T_mult: tMult, eta_min: etaMin, T_cur: -1 });
    this.start();
  }

  protected override getLr(): number[] {
    const { base_lrs, eta_min, T_cur, T_i } = this.state;
    const height = (1 + Math.cos((Math.PI * T_cur) / T_i)) / 2;
    return base_lrs.map(lr => eta_min + (lr - eta_min) * height);
  }

  /** PyTorch does not count the steps of this one. */
  override step(): void {
    const { state } = this;
    if (state.last_epoch < 0) {
      this.stepTo(0);
      return;
    }
    state.last_epoch++;
    state.T_cur++;
    if (state.T_cur >= state.T_i) {
      state.T_cur -= state.T_i;
      state.T_i *= state.T_mult;
    }
    this.write(this.getLr());
  }

  override stepTo(epoch: number): void {
    const { state } = this;
    if (epoch < 0) throw new EngineError(`Expected non-negative epoch, but got ${epoch}`);
    const { T_0, T_mult } = state;
    if (epoch < T_0) {
      state.T_i = T_0;
      state.T_cur = epoch;
    } else if (T_mult === 1) state.T_cur = epoch % T_0;
    else {
      const cycle = Math.trunc(Math.log((epoch / T_0) * (T_mult - 1) + 1) / Math.log(T_mult));
      state.T_cur = epoch - (T_0 * (T_mult ** cycle - 1)) / (T_mult - 1);
      state.T_i = T_0 * T_mult ** cycle;
    }
    state.last_epoch = Math.floor(epoch);
    this.write(this.getLr());
  }
}
