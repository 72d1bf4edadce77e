/** A run in progress: epochs of steps, validation, checkpoints, and what is told on the way. */
import { defaultGenerator } from '../engine';
import type { StepEvent, TrainingEvent } from '../protocol/training-events';
import { BatchOrder } from './batch-order';
import type { RunConfig } from './config';
import { messageOf, TrainingError } from './errors';
import { type Evaluation, evaluate } from './evaluate';
import { RunningMetrics } from './metrics';
import type { Preparation } from './preparation';
import type { RunFolder, RunInfo } from './run-folder';
import { loadProgress, loadWeights, saveProgress, saveWeights } from './run-state';
import { TrainingStep } from './training-step';

/** How the caller follows and stops a run. */
export interface RunObserver {
  readonly onEvent: (event: TrainingEvent) => void;
  /** Stops the run within a moment; it can be resumed. */
  readonly signal?: AbortSignal | undefined;
}

/** Seconds that the steps between two looks at the signal should take. */
const chunkSeconds = 0.05;

/** Milliseconds between two step events: at most 20 a second. */
const tellEvery = 50;

/** Trains a prepared model and keeps the run's folder. */
export class Run {
  readonly #order: BatchOrder;
  readonly #compiled = new Map<number, Promise<TrainingStep>>();
  readonly #began = performance.now();
  #metrics = new RunningMetrics();
  #best = { epoch: 0, score: Number.NEGATIVE_INFINITY };
  #epoch = 0;
  #step = 0;
  #chunk = 8;
  #lastTold = 0;
  #untold: StepEvent | undefined;

  constructor(
    private readonly config: RunConfig,
    private readonly prepared: Preparation,
    private readonly folder: RunFolder,
    private info: RunInfo,
    private readonly observer: RunObserver,
  ) {
    this.#order = new BatchOrder(prepared.training, defaultGenerator);
  }

  /** Puts the run back to where its last checkpoint left it. */
  async restore(): Promise<void> {
    const progress = await loadProgress(this.folder.last, this.prepared.learner);
    const inRange = progress.order.position <= this.prepared.training.length;
    if (!inRange) throw new TrainingError(`${this.folder.last}: is of a run on other data`);
    this.#epoch = progress.epoch;
    this.#step = progress.step;
    this.#best = progress.best;
    this.#metrics = new RunningMetrics(progress.sums);
    this.#order.setState(progress.order, progress.generator);
    await this.folder.truncateMetrics(progress.step);
  }

  /** Trains what is left of the epochs and measures on the test set, or stops when asked. */
  async execute(): Promise<void> {
    try {
      this.#tellStart();
      await this.#writeInfo({ status: 'running', error: null });
      while (this.#epoch < this.config.epochs) {
        if (!(await this.#trainEpoch())) {
          await this.#stop();
          return;
        }
      }
      await this.#finish();
    } catch (error) {
      await this.#writeInfo({ status: 'failed', error: messageOf(error) }).catch(() => undefined);
      throw error;
    } finally {
      this.folder.close();
      for (const step of this.#compiled.values()) await (await step).release();
    }
  }

  /** One epoch, or what is left of it; false if it was stopped. */
  async #trainEpoch(): Promise<boolean> {
    const began = performance.now();
    if (this.#order.left === 0) {
      this.#order.startEpoch();
      this.#metrics = new RunningMetrics();
    }
    const before = this.#metrics.sums.samples;
    while (this.#order.left > 0) {
      if (this.observer.signal?.aborted) return false;
      await this.#trainChunk();
    }
    const seconds = (performance.now() - began) / 1000;
    await this.#endEpoch(seconds, this.#metrics.sums.samples - before);
    return true;
  }

  /** Some steps over full batches, or the one over the last, smaller batch of an epoch. */
  async #trainChunk(): Promise<void> {
    const size = Math.min(this.config.batchSize, this.#order.left);
    const count = Math.min(this.#chunk, Math.floor(this.#order.left / size));
    const compiled = await this.#stepOver(size);
    const began = performance.now();
    const { losses, correct } = await compiled.run(count);
    const seconds = (performance.now() - began) / 1000;
    if (count === this.#chunk)
      this.#chunk = Math.max(1, Math.round((count * chunkSeconds) / Math.max(seconds, 1e-4)));
    for (let i = 0; i < count; i++) {
      const loss = losses[i] ?? Number.NaN;
      this.#step++;
      if (!Number.isFinite(loss)) throw this.#diverged(loss);
      this.#metrics.add(loss, correct[i] ?? 0, size);
    }
    this.#recordSteps(Array.from(losses));
  }

  #diverged(loss: number): TrainingError {
    const kept = this.#epoch > 0 ? `; ${this.folder.last} holds the state after epoch ${this.#epoch}` : '';
    return new TrainingError(
      `the loss became ${loss} at step ${this.#step} (epoch ${this.#epoch + 1}) and training was stopped: ` +
        `try a learning rate below ${this.config.lr}${kept}`,
    );
  }

  #stepOver(size: number): Promise<TrainingStep> {
    const { learner, samples, data, choice } = this.prepared;
    let step = this.#compiled.get(size);
    if (step === undefined) {
      step = TrainingStep.compile(
        learner,
        samples,
        size,
        data.classes.length,
        choice.device,
        (target, start) => this.#order.next(target, start, size),
      );
      this.#compiled.set(size, step);
    }
    return step;
  }

  /** Validation, checkpoints, and the epoch's line. */
  async #endEpoch(seconds: number, samples: number): Promise<void> {
    this.#epoch++;
    const { network } = this.prepared.learner;
    const validation = await this.#measure(this.prepared.validation);
    const score = validation?.accuracy ?? -this.#metrics.loss;
    if (score > this.#best.score) {
      this.#best = { epoch: this.#epoch, score };
      await saveWeights(this.folder.best, network);
    }
    await this.#save();
    this.#tellStep();
    this.#tell({
      event: 'epoch',
      epoch: this.#epoch,
      trainLoss: this.#metrics.loss,
      trainAccuracy: this.#metrics.accuracy,
      validationLoss: validation?.loss ?? null,
      validationAccuracy: validation?.accuracy ?? null,
      seconds,
      samplesPerSecond: samples / seconds,
    });
  }

  async #measure(split: Preparation['validation'] | undefined): Promise<Evaluation | undefined> {
    if (split === undefined || split.length === 0) return undefined;
    const { learner, data, choice } = this.prepared;
    return evaluate(learner.network, split, data.classes.length, choice.device);
  }

  /** Measures the best weights on the test set. */
  async #finish(): Promise<void> {
    await loadWeights(this.folder.best, this.prepared.learner.network);
    const test = await this.#measure(this.prepared.data.test);
    const result = { testLoss: test?.loss ?? null, testAccuracy: test?.accuracy ?? null };
    await this.#writeInfo({ status: 'finished', ...result });
    const seconds = (performance.now() - this.#began) / 1000;
    this.#tell({ event: 'end', ...result, checkpoint: this.folder.best, run: this.folder.path, seconds });
  }

  async #stop(): Promise<void> {
    await this.#save();
    await this.#writeInfo({ status: 'stopped' });
    this.#tellStep();
    this.#tell({
      event: 'stopped',
      epoch: this.#epoch,
      step: this.#step,
      checkpoint: this.folder.last,
      run: this.folder.path,
    });
  }

  #save(): Promise<void> {
    return saveProgress(this.folder.last, this.prepared.learner, {
      epoch: this.#epoch,
      step: this.#step,
      sums: this.#metrics.sums,
      order: this.#order.getState(),
      generator: defaultGenerator.getState(),
      best: this.#best,
    });
  }

  async #writeInfo(change: Partial<RunInfo>): Promise<void> {
    this.info = { ...this.info, ...change };
    await this.folder.writeInfo(this.info);
  }

  #tellStart(): void {
    const { model, choice, training } = this.prepared;
    const { fingerprint: _, ...dataset } = this.info.dataset;
    this.observer.onEvent({
      event: 'start',
      run: this.folder.path,
      model: model.description,
      parameters: model.parameters,
      device: choice.device,
      deviceReason: choice.reason,
      dataset,
      epochs: this.config.epochs,
      stepsPerEpoch: Math.ceil(training.length / this.config.batchSize),
      step: this.#step,
    });
  }

  #tell(event: TrainingEvent): void {
    this.folder.appendMetrics({ ...event, step: this.#step });
    this.observer.onEvent(event);
  }

  /** Writes all losses down, and tells the last one if the last telling was long enough ago. */
  #recordSteps(losses: number[]): void {
    const epoch = this.#epoch + 1;
    this.folder.appendMetrics({ event: 'steps', step: this.#step, epoch, losses });
    this.#untold = { event: 'step', step: this.#step, epoch, loss: losses.at(-1) ?? Number.NaN };
    if (performance.now() - this.#lastTold >= tellEvery) this.#tellStep();
  }

  #tellStep(): void {
    if (this.#untold !== undefined) this.observer.onEvent(this.#untold);
    this.#untold = undefined;
    this.#lastTold = performance.now();
  }
}
