/**
 * Looks into the network while it is trained: writes its graph down when the run begins, and its looks as it goes on.
 * What it does changes nothing in what is learned.
 */
import { writeFileAtomic } from '../../checkpoint';
import type { Look } from '../../protocol/looks';
import type { BatchOrder } from '../batch-order';
import { Cadence } from '../cadence';
import type { StepSetting } from '../training-step';
import { describeGraph } from './graph-description';
import { lookAt, withUpdates } from './look';
import { nextLook } from './look-schedule';
import { type NextStep, nextStep } from './next-step';

/** Of the time of training, what looks may cost. */
const lookShare = 0.015;

/** So many looks are taken at the beginning whatever they cost, each at twice the step of the one before. */
const earlyLooks = 6;

/** Looks into one run. */
export class Inspector {
  readonly #cadence = new Cadence(lookShare, 0);
  #last: number | undefined;
  #early = 0;

  /** @param batchSize of full batches */
  constructor(
    private readonly setting: StepSetting,
    private readonly order: BatchOrder,
    private readonly batchSize: number,
  ) {}

  /** The step that comes next, written down and not taken. */
  next(): NextStep {
    return nextStep(this.setting, this.order, this.batchSize);
  }

  /** Writes `graph.json`. */
  async writeGraph(file: string, model: string): Promise<void> {
    const { learner, device } = this.setting;
    const graph = describeGraph(this.next(), learner.network, model, device);
    await writeFileAtomic(file, new TextEncoder().encode(`${JSON.stringify(graph)}\n`));
  }

  /** The run goes on from here: the last look was at this step. */
  resume(last: number | undefined): void {
    this.#last = last;
  }

  /** Whether the next step, with so many before it, is to be looked at. */
  wants(step: number): boolean {
    if (step < nextLook(this.#last)) return false;
    return this.#cadence.due() || (this.#early < earlyLooks && step >= 2 * (this.#last ?? 0));
  }

  /**
   * Begins to look at the next step; it is taken before the look is finished.
   * @param usual milliseconds that the step takes where nothing is looked at
   */
  async begin(step: number, epoch: number, usual = 0): Promise<PendingLook> {
    const { learner, device } = this.setting;
    const first = this.#last === undefined;
    this.#last = step;
    this.#early++;
    const began = performance.now();
    const next = this.next();
    // On a GPU, a step frees the numbers that it replaces.
    const early = device === 'cpu' ? undefined : await lookAt(next);
    return {
      finish: async () => ({
        step,
        epoch,
        ...(await withUpdates(early ?? (await lookAt(next)), learner.network)),
      }),
      // A call of its own for the step, and writing the look down, cost time, too. What the first one needs is compiled
      // for all.
      done: () => this.#cadence.done(first ? 0 : Math.max(0, performance.now() - began - usual)),
    };
  }

  /** Looks at the next step, which is not taken: it goes wrong, and what is known of it says how. */
  async lookBefore(step: number, epoch: number): Promise<Look> {
    this.#last = step;
    return { step, epoch, ...(await lookAt(this.next())).look };
  }
}

/** A look that was begun. */
export interface PendingLook {
  /** To be called when the step was taken. */
  finish(): Promise<Look>;
  /** To be called when the look was written down. */
  done(): void;
}
