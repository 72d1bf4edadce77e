/**
 * Takes the steps of a run: over batches of any size, and now and then one that is looked at. A step is compiled
 * when it is first needed.
 */
import type { BatchOrder } from './batch-order';
import { Cadence } from './cadence';
import { type Looked, type StepResults, type StepSetting, TrainingStep } from './training-step';

/** Of the time of training, what looking at steps may cost; and milliseconds between two looks. */
const lookShare = 0.005;
const lookInterval = 50;

const keyOf = (size: number, looked: Looked) => `${size} ${looked}`;

/** Takes steps. */
export class Stepper {
  readonly #compiled = new Map<string, TrainingStep>();
  #taken = 0;

  /**
   * @param batchSize of full batches: only these are looked at
   * @param looks when the time for a look has come
   */
  constructor(
    private readonly setting: StepSetting,
    private readonly order: BatchOrder,
    private readonly batchSize: number,
    private readonly looks = new Cadence(lookShare, lookInterval),
  ) {}

  /** Compiles what the first steps are taken with. */
  async compile(): Promise<void> {
    await this.#stepOver(this.batchSize, 'nothing');
  }

  /**
   * Takes `count` steps over batches of `size` samples. The gradients of the last one are looked at if the time for it
   * has come, but not in the very first call: compiling another step would delay the first point of a curve.
   * @param looked what is to be looked at in every step; undefined to leave that to the time
   */
  async take(count: number, size: number, looked?: Looked): Promise<StepResults> {
    const look = size === this.batchSize && this.#taken > 0 && this.looks.due();
    this.#taken += count;
    if (looked !== undefined || !look) return (await this.#stepOver(size, looked ?? 'nothing')).run(count);
    const first = !this.#compiled.has(keyOf(size, 'gradients'));
    const looking = await this.#stepOver(size, 'gradients');
    const began = performance.now();
    const before = count > 1 ? await (await this.#stepOver(size, 'nothing')).run(count - 1) : undefined;
    const between = performance.now();
    const last = await looking.run(1);
    const each = count > 1 ? (between - began) / (count - 1) : 0;
    // The first one warms up what the others use.
    this.looks.done(first ? 0 : Math.max(0, performance.now() - between - each));
    return {
      losses: [...(before?.losses ?? []), ...last.losses],
      correct: [...(before?.correct ?? []), ...last.correct],
      gradientNorms: last.gradientNorms,
      largestValues: [],
    };
  }

  /** Frees the compiled steps. */
  async release(): Promise<void> {
    for (const step of this.#compiled.values()) await step.release();
  }

  async #stepOver(size: number, looked: Looked): Promise<TrainingStep> {
    const key = keyOf(size, looked);
    let step = this.#compiled.get(key);
    if (step === undefined) {
      const next = (target: Int32Array, start: number) => this.order.next(target, start, size);
      step = await TrainingStep.compile(this.setting, size, next, looked);
      this.#compiled.set(key, step);
    }
    return step;
  }
}
