/** A run in progress: epochs of steps, validation, checkpoints, and what is told on the way. */
import { defaultGenerator } from '../engine';
import { type Breakpoints, noBreakpoints } from '../protocol/breakpoints';
import { learningWords } from '../protocol/choices';
import type { EpochEvent } from '../protocol/training-events';
import type { BatchOrder } from './batch-order';
import type { RunConfig } from './config';
import { EarlyStopping } from './early-stopping';
import { divergedError, messageOf, TrainingError } from './errors';
import { type Evaluation, evaluate } from './evaluation/measure';
import { GoingBack } from './going-back';
import { Inspection } from './inspection/inspection';
import { Inspector } from './inspection/inspector';
import { RunningMetrics } from './metrics';
import { Pace } from './pace';
import type { Preparation } from './preparation';
import { readAhead } from './reading';
import type { RunFolder, RunInfo } from './run-folder';
import type { RunObserver } from './run-observer';
import { allFinite, loadProgress, loadWeights, saveProgress, saveWeights } from './run-state';
import { lengthOf, type Selection } from './splits';
import type { Stepper } from './stepper';
import { Telling } from './telling';
import type { StepResults } from './training-step';
import { firstHit, type Hit, watchFor } from './watch';

/** Trains a prepared model and keeps the run's folder. */
export class Run {
  readonly #order: BatchOrder;
  readonly #fullBatch: number;
  readonly #stepper: Stepper;
  readonly #inspector: Inspector;
  readonly #inspection: Inspection;
  readonly #goingBack: GoingBack;
  readonly #telling: Telling;
  readonly #pace: Pace;
  readonly #stopping: EarlyStopping;
  readonly #began = performance.now();
  #metrics = new RunningMetrics();
  /** Of the data, as soon as it is known. */
  #fingerprint: string | undefined;
  #best = { epoch: 0, score: Number.NEGATIVE_INFINITY };
  #epoch = 0;
  #step = 0;
  /** Of taking steps. */
  #seconds = 0;

  constructor(
    private readonly config: RunConfig,
    private readonly prepared: Preparation,
    private readonly folder: RunFolder,
    private info: RunInfo,
    private readonly observer: RunObserver,
  ) {
    const { learner, samples, data, choice, order, stepper } = prepared;
    const setting = { learner, samples, classes: data.classes.length, device: choice.device };
    this.#order = order;
    this.#fullBatch = Math.min(config.batchSize, prepared.training.length);
    this.#stepper = stepper;
    this.#inspector = new Inspector(setting, this.#order, this.#fullBatch);
    this.#goingBack = new GoingBack(setting, this.#order, this.#stepper, this.#inspector);
    this.#inspection = new Inspection(() => this.#inspector.next());
    if (observer.control !== undefined) observer.control.inspection = this.#inspection;
    this.#telling = new Telling(folder, observer);
    this.#pace = new Pace(observer);
    this.#stopping = new EarlyStopping(config.patience, config.minDelta);
    Promise.resolve(data.fingerprint).then(
      fingerprint => {
        this.#fingerprint = fingerprint;
      },
      // Whoever needs the samples hears why they cannot be read.
      () => undefined,
    );
  }

  /** Steps that were taken, over all epochs. */
  get step(): number {
    return this.#step;
  }

  /**
   * Puts the run back to where its last checkpoint left it; to its beginning where there is none.
   * @param finished whether it had come to its end: who goes on with it then wants more epochs, however they are
   */
  async restore(finished = false): Promise<void> {
    if (this.folder.hasProgress) {
      const progress = await loadProgress(this.folder.last, this.prepared.learner);
      const { order } = progress;
      if (order.position < 0 || order.position > this.prepared.training.length) {
        throw new TrainingError(`${this.folder.last}: is of a run on other data`);
      }
      if (progress.epoch > this.config.epochs) {
        throw new TrainingError(
          `${this.folder.path}: the run has ${progress.epoch} epochs already; expected --epochs of at least as many, found ${this.config.epochs}`,
        );
      }
      this.#epoch = progress.epoch;
      this.#step = progress.step;
      this.#best = progress.best;
      this.#metrics = new RunningMetrics(progress.sums);
      this.#order.setState(order, progress.generator);
      if (progress.schedule) this.prepared.learner.schedule.restore(progress.schedule);
      if (progress.stopping) this.#stopping.restore(progress.stopping);
      if (finished) this.#stopping.forgive();
    }
    const { seconds, look } = await this.#telling.resume(this.#step);
    this.#seconds = seconds;
    this.#inspector.resume(look);
  }

  /** Trains what is left of the epochs and measures on the test set, or stops when asked. */
  async execute(): Promise<void> {
    try {
      await this.#writeInfo({ status: 'running', error: null });
      await this.#inspector.writeGraph(this.folder.graph, this.prepared.model.description);
      this.#tellStart();
      while (this.#epoch < this.config.epochs && !this.#stopping.over) {
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
      this.#telling.close();
    }
  }

  /** One epoch, or what is left of it; false if it was stopped. */
  async #trainEpoch(): Promise<boolean> {
    const began = performance.now() - this.#pace.rested;
    if (this.#order.left === 0) {
      this.#order.startEpoch();
      this.#metrics = new RunningMetrics();
    }
    this.prepared.data.train.pending?.expect(this.#order.upcoming(this.#order.left));
    const before = this.#metrics.sums.samples;
    do {
      while (this.#order.left > 0) {
        if (!(await this.#trainChunk())) return false;
      }
    } while (await this.#backFromLastStep());
    const seconds = (performance.now() - this.#pace.rested - began) / 1000;
    await this.#endEpoch(seconds, this.#metrics.sums.samples - before);
    return true;
  }

  /** Some steps over full batches, or the one over the last, smaller batch of an epoch; false if stopped. */
  async #trainChunk(): Promise<boolean> {
    const size = Math.min(this.config.batchSize, this.#order.left);
    const looks = this.observer.looks ?? true;
    // Before a pause, too: what comes next can be looked at then.
    const left = Math.floor((await this.#read(size)) / size);
    // The last step that can be looked at always is, so that what is seen of a run ends where it ends.
    const ending =
      looks &&
      size === this.#fullBatch &&
      this.#epoch + 1 === this.config.epochs &&
      left === Math.floor(this.#order.left / size);
    const looking =
      (ending && left === 1) || (looks && size === this.#fullBatch && this.#inspector.wants(this.#step));
    const wanted = looking ? 1 : ending ? left - 1 : left;
    const count = await this.#pace.next(Math.min(wanted, this.prepared.samples.mostSteps(size)));
    if (count === 0) return false;
    await this.#inspection.close();
    await this.#changeLearningRate();
    const look = looking
      ? await this.#inspector.begin(this.#step, this.#epoch + 1, this.#stepper.usual)
      : undefined;
    const breakpoints = this.observer.control?.breakpoints ?? noBreakpoints;
    this.#goingBack.remember(this.#step, size, this.#metrics);
    const began = performance.now();
    const results = await this.#stepper.take(
      count,
      size,
      watchFor(breakpoints) ?? (looks ? undefined : 'nothing'),
    );
    const seconds = (performance.now() - began) / 1000;
    this.#pace.took(count, seconds);
    this.#seconds += seconds;
    const hit = firstHit(results, breakpoints);
    this.#record(results, hit?.index ?? count, size);
    if (hit !== undefined) await this.#hit(hit, breakpoints);
    else if (look !== undefined) {
      this.#telling.look(await look.finish());
      look.done();
    }
    return true;
  }

  /** How many samples of this epoch can be trained on now; the first step of a run waits for no more than its own. */
  async #read(size: number): Promise<number> {
    const { pending } = this.prepared.data.train;
    if (pending === undefined) return this.#order.left;
    return readAhead(pending, this.#order, size, this.#step === 0 ? 1 : this.#pace.wanted);
  }

  /** Takes down the first `count` of some steps. */
  #record({ losses, correct, gradientNorms }: StepResults, count: number, size: number): void {
    const good = losses.slice(0, count);
    good.forEach((loss, i) => {
      this.#metrics.add(loss, correct[i] ?? 0, size);
    });
    this.#step += count;
    // Norms are of each step, or of the last alone, and then of none where that one is left out.
    const norms = gradientNorms.slice(0, Math.max(0, gradientNorms.length - (losses.length - count)));
    this.#telling.steps({
      step: this.#step,
      epoch: this.#epoch + 1,
      losses: good,
      learningRate: this.prepared.learner.schedule.rate,
      seconds: this.#seconds,
      ...(norms.length > 0 && { gradientNorms: norms }),
    });
  }

  /** A step went wrong: pauses before it, where breakpoints ask for that, else ends the run. */
  async #hit({ reason, bound, limit }: Hit, { notFinite, valueAbove }: Breakpoints): Promise<void> {
    const back = await this.#goingBack.before(this.#step, valueAbove ?? limit);
    const { control } = this.observer;
    if (back !== undefined && (this.observer.looks ?? true))
      this.#telling.look(await this.#inspector.lookBefore(back.step, this.#epoch + 1));
    const { node = null, of = null, name = null } = back?.culprit ?? {};
    if (back === undefined || control === undefined || !(notFinite || bound)) {
      this.#step++;
      const what = name === null ? reason : `${reason} (first in ${name})`;
      const { device } = this.prepared.choice;
      const gone = control !== undefined && back === undefined && device !== 'cpu';
      throw this.#diverged(
        what,
        gone ? `; on ${device} a run cannot go back to before a step and pause` : '',
      );
    }
    this.#step = back.step;
    this.#metrics = back.metrics;
    control.pause();
    const event = {
      event: 'breakpoint',
      epoch: this.#epoch + 1,
      step: this.#step,
      reason,
      node,
      of,
      name,
    } as const;
    this.#telling.record(this.#step, event);
    this.#telling.tell(event);
  }

  /**
   * What the last step of an epoch does to the weights no further step has shown yet: where it left some that are no
   * numbers, pauses before it, if breakpoints ask for that. False where all is well, or nothing can be done.
   */
  async #backFromLastStep(): Promise<boolean> {
    const breakpoints = this.observer.control?.breakpoints ?? noBreakpoints;
    const { choice, learner } = this.prepared;
    if (!breakpoints.notFinite || choice.device !== 'cpu' || (await allFinite(learner.network))) return false;
    await this.#hit({ index: 0, reason: 'a weight became infinite or NaN', bound: false }, breakpoints);
    return true;
  }

  async #changeLearningRate(): Promise<void> {
    const lr = this.observer.control?.takeLearningRate();
    const { optimizer, schedule } = this.prepared.learner;
    if (lr === undefined || lr === optimizer.lr) return;
    schedule.setRate(lr);
    // A run that is resumed goes on with it.
    await this.#writeInfo({ config: { ...this.info.config, lr: schedule.base } });
  }

  #diverged(what: string, more = ''): TrainingError {
    const { lr } = this.prepared.learner.optimizer;
    const at = { step: this.#step, epoch: this.#epoch, lr, last: this.folder.last };
    return divergedError(what, at, more);
  }

  /** Validation, checkpoints, and the epoch's line. */
  async #endEpoch(seconds: number, samples: number): Promise<void> {
    const { network } = this.prepared.learner;
    const validation = await this.#measure(this.prepared.validation);
    if (!Number.isFinite(validation?.loss ?? 0)) {
      throw this.#diverged(`the validation loss became ${validation?.loss}`);
    }
    await this.#checkWeights();
    this.#epoch++;
    const event: EpochEvent = {
      event: 'epoch',
      epoch: this.#epoch,
      trainLoss: this.#metrics.loss,
      trainAccuracy: this.#metrics.accuracy,
      validationLoss: validation?.loss ?? null,
      validationAccuracy: validation?.accuracy ?? null,
      seconds,
      samplesPerSecond: samples / seconds,
    };
    // Before the checkpoint: what is told of steps after a checkpoint is removed when a run is resumed,
    // while an epoch that is in the checkpoint and not in the metrics would be missing for ever.
    this.#telling.record(this.#step, event);
    const score = validation?.accuracy ?? -this.#metrics.loss;
    this.#stopping.see(score);
    this.prepared.learner.schedule.afterEpoch(validation?.loss ?? this.#metrics.loss);
    if (score > this.#best.score) {
      this.#best = { epoch: this.#epoch, score };
      await saveWeights(this.folder.best, network);
    }
    await this.#save();
    if (this.#fingerprint !== undefined && this.info.dataset.fingerprint === '') await this.#writeInfo({});
    this.#telling.tell(event);
  }

  async #measure(selection: Selection): Promise<Evaluation | undefined> {
    if (lengthOf(selection) === 0) return undefined;
    const { learner, data, choice } = this.prepared;
    return evaluate(learner, selection, data, choice.device);
  }

  /** Measures the best weights on the test set. */
  async #finish(): Promise<void> {
    await loadWeights(this.folder.best, this.prepared.learner.network);
    const { test: split } = this.prepared.data;
    const test = split === undefined ? undefined : await this.#measure({ split });
    await this.prepared.data.fingerprint;
    const result = { testLoss: test?.loss ?? null, testAccuracy: test?.accuracy ?? null };
    const event = {
      event: 'end',
      ...result,
      bestEpoch: this.#best.epoch,
      stoppedEarly: this.#stopping.over && this.#epoch < this.config.epochs,
      checkpoint: this.folder.best,
      run: this.folder.path,
      seconds: (performance.now() - this.#pace.rested - this.#began) / 1000,
    } as const;
    this.#telling.record(this.#step, event);
    await this.#writeInfo({ status: 'finished', ...result });
    this.#telling.tell(event);
  }

  async #stop(): Promise<void> {
    await this.#checkWeights();
    await this.#save();
    const event = {
      event: 'stopped',
      epoch: this.#epoch,
      step: this.#step,
      checkpoint: this.folder.last,
      run: this.folder.path,
    } as const;
    this.#telling.record(this.#step, event);
    await this.#writeInfo({ status: 'stopped' });
    this.#telling.tell(event);
  }

  /** A good checkpoint must not be overwritten by weights that are no numbers any more. */
  async #checkWeights(): Promise<void> {
    if (!(await allFinite(this.prepared.learner.network)))
      throw this.#diverged('a weight became infinite or NaN');
  }

  #save(): Promise<void> {
    return saveProgress(this.folder.last, this.prepared.learner, {
      epoch: this.#epoch,
      step: this.#step,
      sums: this.#metrics.sums,
      order: this.#order.getState(),
      generator: defaultGenerator.getState(),
      best: this.#best,
      schedule: this.prepared.learner.schedule.state,
      stopping: this.#stopping.state,
    });
  }

  async #writeInfo(change: Partial<RunInfo>): Promise<void> {
    const { dataset } = this.info;
    const fingerprint = this.#fingerprint ?? dataset.fingerprint;
    this.info = { ...this.info, ...change, dataset: { ...dataset, fingerprint } };
    await this.folder.writeInfo(this.info);
  }

  #tellStart(): void {
    const { model, choice, training } = this.prepared;
    const { fingerprint: _, ...dataset } = this.info.dataset;
    this.#telling.start({
      event: 'start',
      run: this.folder.path,
      model: model.description,
      parameters: model.parameters,
      device: choice.device,
      deviceReason: choice.reason,
      dataset,
      epochs: this.config.epochs,
      stepsPerEpoch: Math.ceil(training.length / this.config.batchSize),
      learning: learningWords(this.config),
      step: this.#step,
    });
  }
}
