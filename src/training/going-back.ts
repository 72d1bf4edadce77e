/**
 * Going back from a step that went wrong to the moment before it, and finding the first place where it did: in that
 * step, or in the one before, if that left weights that are no numbers.
 */
import type { BatchOrder } from './batch-order';
import { type Culprit, findBadUpdate, findCulprit } from './inspection/culprit';
import type { Inspector } from './inspection/inspector';
import { RunningMetrics } from './metrics';
import { remember } from './rewind';
import { allFinite } from './run-state';
import type { Stepper } from './stepper';
import type { StepSetting } from './training-step';

/** A moment that can be gone back to, and what was going on then. */
interface Moment {
  readonly restore: () => void;
  /** Steps that had been taken. */
  readonly step: number;
  /** The samples of a batch from then on. */
  readonly size: number;
  readonly metrics: RunningMetrics;
}

/** Where the run stands after it has gone back. */
export interface WentBack {
  /** Steps that have been taken: the next one is the one that went wrong. */
  readonly step: number;
  readonly metrics: RunningMetrics;
  /** The first place that is not finite; undefined if there is none. */
  readonly culprit: Culprit | undefined;
}

/** Remembers the last moments of a run. */
export class GoingBack {
  #moments: readonly Moment[] = [];

  constructor(
    private readonly setting: StepSetting,
    private readonly order: BatchOrder,
    private readonly stepper: Stepper,
    private readonly inspector: Inspector,
  ) {}

  /** Remembers this moment and the one before. A GPU has freed what was then. */
  remember(step: number, size: number, metrics: RunningMetrics): void {
    if (this.setting.device !== 'cpu') return;
    const moment = {
      restore: remember(this.setting.learner, this.order),
      step,
      size,
      metrics: new RunningMetrics(metrics.sums),
    };
    this.#moments = [moment, ...this.#moments.slice(0, 1)];
  }

  /**
   * Goes back to before the step with this many before it, which went wrong; undefined where that is impossible.
   * @param limit how far from zero values may be
   */
  async before(badStep: number, limit?: number): Promise<WentBack | undefined> {
    const { network } = this.setting.learner;
    let metrics = await this.#goTo(badStep);
    if (metrics === undefined) return undefined;
    if (await allFinite(network)) {
      return { step: badStep, metrics, culprit: await findCulprit(this.inspector.next(), limit) };
    }
    metrics = await this.#goTo(badStep - 1);
    if (metrics === undefined) return undefined;
    const next = this.inspector.next();
    const culprit = (await findCulprit(next, limit)) ?? (await this.#badUpdate(badStep - 1));
    return { step: badStep - 1, metrics: (await this.#goTo(badStep - 1)) ?? metrics, culprit };
  }

  async #badUpdate(step: number): Promise<Culprit | undefined> {
    const next = this.inspector.next();
    await this.#goTo(step + 1);
    return findBadUpdate(next);
  }

  async #goTo(step: number): Promise<RunningMetrics | undefined> {
    const moment = this.#moments.find(known => known.step <= step);
    if (moment === undefined) return undefined;
    moment.restore();
    const metrics = new RunningMetrics(moment.metrics.sums);
    if (step === moment.step) return metrics;
    const { losses, correct } = await this.stepper.take(step - moment.step, moment.size, 'nothing');
    losses.forEach((loss, i) => {
      metrics.add(loss, correct[i] ?? 0, moment.size);
    });
    return metrics;
  }
}
