/**
 * Takes the steps of a run: over batches of any size, and now and then one that is looked at. A step is compiled
 * when it is first needed.
 */
import type { BatchOrder } from './batch-order';
import { Cadence } from './cadence';
import { type Looked, type StepResults, type StepSetting, TrainingStep } from './training-step';

/** Of the time of training, what looking at gradients may cost. */
const lookShare = 0.02;

/** What it costs at most to look at a step's gradients, in steps: the products of the backward pass once more. */
const lookCost = 0.5;

/** Milliseconds from which on a step is slow: then calls of single steps are usual, and a model for them is worth it. */
const slowStep = 20;

const keyOf = (size: number, looked: Looked) => `${size} ${looked}`;

/** Takes steps. */
export class Stepper {
  readonly #compiled = new Map<string, TrainingStep>();
  #begun = false;
  #usual = 0;

  /**
   * @param batchSize of full batches: only these are looked at
   * @param looks when the time for a look has come
   */
  constructor(
    private readonly setting: StepSetting,
    private readonly order: BatchOrder,
    private readonly batchSize: number,
    private readonly looks = new Cadence(lookShare, 0),
  ) {}

  /** Milliseconds that a step took in the last call of a model that had run before; 0 where none has. */
  get usual(): number {
    return this.#usual;
  }

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
    const kind = looked ?? (size === this.batchSize && this.#begun ? this.#lookAt(count) : 'nothing');
    this.#begun = true;
    const warm = this.#compiled.has(keyOf(size, kind));
    const step = await this.#stepOver(size, kind);
    const began = performance.now();
    const results = await step.run(count);
    if (warm) this.#usual = (performance.now() - began) / count;
    // Counted from where the call began: else the next one, which follows at once, would never be due.
    if (kind !== 'nothing') this.looks.done(this.#usual * lookCost, began);
    return results;
  }

  /** What a call of so many steps looks at. */
  #lookAt(count: number): Looked {
    if (!this.looks.due()) return 'nothing';
    if (count > 1) return 'last gradients';
    return this.#usual > slowStep ? 'gradients' : 'nothing';
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
