/** One step of training, compiled: forward, loss, backward, update; and, where it is looked at, its gradients' norm. */
import {
  CompiledStep,
  type Device,
  type nn,
  noGrad,
  perStep,
  readGraph,
  stack,
  type Tensor,
} from '../engine';
import type { AnyOptimizer } from './optimizers';
import { objective, project, type Regularization } from './regularization';
import type { BatchIndices, Samples } from './samples';
import type { Schedule } from './schedule';
import type { Task } from './tasks';

/** What is trained. */
export interface Learner {
  readonly network: nn.Module;
  readonly optimizer: AnyOptimizer;
  readonly task: Task;
  /** How the learning rate changes; it stays without it. */
  readonly schedule?: Schedule;
  /** What is done against overfitting; nothing without it. */
  readonly regularization?: Regularization;
}

/** What steps work on, and where. */
export interface StepSetting {
  readonly learner: Learner;
  readonly samples: Samples;
  readonly classes: number;
  readonly device: Device;
}

/** What a number of steps gave. */
export interface StepResults {
  /** The loss of each step. */
  readonly losses: readonly number[];
  /** How many samples of each step were right, before the step learned from them. */
  readonly correct: readonly number[];
  /** Of each step that was looked at, or of the last alone, the L2 norm of all gradients together. */
  readonly gradientNorms: readonly number[];
  /** Of each step how far from zero the values of the forward pass get; empty if they were not looked at. */
  readonly largestValues: readonly number[];
}

/**
 * What is looked at beside the steps, which changes nothing in what is learned: with `values` gradients, too; with
 * `last gradients` those of the last step of a call.
 */
export type Looked = 'nothing' | 'last gradients' | 'gradients' | 'values';

/** The sum of the squares of each gradient. */
function gradientSquares(parameters: readonly Tensor[]): Tensor {
  const gradients = parameters.flatMap(({ grad }) => grad ?? []);
  return noGrad(() => stack(gradients.map(gradient => gradient.mul(gradient).sum())));
}

/** How far from zero the results of the forward pass get, an operation each. */
function largestValues(loss: Tensor): Tensor {
  const values = readGraph(loss).flatMap(({ value, name }) =>
    name === 'AccumulateGrad' ? [] : (value ?? []),
  );
  return noGrad(() => stack(values.map(value => value.abs().max())));
}

/** What a batch comes to: the loss that is told, and what is minimised. */
export function lossesOf(
  { network, task, regularization }: Pick<Learner, 'network' | 'task' | 'regularization'>,
  logits: Tensor,
  labels: Tensor,
): { readonly loss: Tensor; readonly goal: Tensor } {
  const loss = task.loss(logits, labels, regularization);
  return { loss, goal: objective(network, loss, regularization?.l1 ?? 0) };
}

/** The step of the optimizer, and what follows it. */
function update({ network, optimizer, schedule, regularization }: Learner): void {
  optimizer.step();
  const { maxNorm = null, unitDim = 0 } = regularization ?? {};
  if (maxNorm !== null) project(network, maxNorm, unitDim);
  if (schedule?.everyStep) perStep(() => schedule.afterStep());
}

/** Steps over batches of one size. */
export class TrainingStep {
  private constructor(
    private readonly step: CompiledStep,
    private readonly looked: Looked,
    private readonly setting: StepSetting,
    private readonly batchSize: number,
    /** The samples that the steps of the last call took. */
    private readonly rows: number[],
  ) {}

  /**
   * Compiles the step.
   * @param next says which samples the next batch takes
   * @param looked what is looked at
   */
  static async compile(
    setting: StepSetting,
    batchSize: number,
    next: BatchIndices,
    looked: Looked = 'nothing',
  ): Promise<TrainingStep> {
    const { samples, device } = setting;
    const { network, optimizer } = setting.learner;
    const rows: number[] = [];
    const state = [...optimizer.stateTensors(), ...network.namedBuffers().map(([, buffer]) => buffer)];
    network.train();
    const body = () => {
      const { images, labels } = samples.batch(batchSize, (target, start) => {
        const place = next(target, start);
        for (let i = start; i < start + batchSize; i++) rows.push(target[i] ?? 0);
        return place;
      });
      const logits = network.call(images);
      const { loss, goal } = lossesOf(setting.learner, logits, labels);
      const values = looked === 'values' ? [largestValues(goal)] : [];
      optimizer.zeroGrad();
      goal.backward();
      update(setting.learner);
      const gradients = looked === 'nothing' ? [] : [gradientSquares(network.parameters())];
      return { outputs: [loss, logits], observed: [...gradients, ...values] };
    };
    const observe = looked === 'last gradients' ? 'last' : 'every';
    const step = await CompiledStep.compile(device, state, body, observe);
    return new TrainingStep(step, looked, setting, batchSize, rows);
  }

  /** Takes `count` steps. */
  async run(count: number): Promise<StepResults> {
    this.rows.length = 0;
    const [losses, scores, squares, values] = await this.step.run(count);
    const observed = this.looked === 'last gradients' ? 1 : count;
    if (losses instanceof BigInt64Array || scores instanceof BigInt64Array || !losses || !scores) {
      throw new Error('a training step gives a loss and scores');
    }
    return {
      losses: Array.from(losses),
      correct: Array.from(losses, (_, step) => this.#countCorrect(scores, step * this.batchSize)),
      gradientNorms: squares === undefined ? [] : norms(Array.from(squares, Number), observed),
      largestValues: values === undefined ? [] : largestOf(Array.from(values, Number), observed),
    };
  }

  /** Frees the compiled model. */
  release(): Promise<void> {
    return this.step.release();
  }

  #countCorrect(scores: ArrayLike<number>, first: number): number {
    const { samples, classes, learner } = this.setting;
    const width = learner.task.scores(classes);
    let correct = 0;
    for (let i = first; i < first + this.batchSize; i++) {
      const label = samples.split.labels[this.rows[i] ?? 0];
      if (learner.task.predict(scores, i * width, classes) === label) correct++;
    }
    return correct;
  }
}

/** The largest number of each step. */
function largestOf(values: readonly number[], steps: number): number[] {
  const each = values.length / steps;
  return Array.from({ length: steps }, (_, step) =>
    values.slice(step * each, (step + 1) * each).reduce((a, b) => Math.max(a, b), 0),
  );
}

/** The norm of each step from the sums of squares of its gradients, as `clip_grad_norm_` counts it. */
function norms(squares: readonly number[], steps: number): number[] {
  const each = squares.length / steps;
  return Array.from({ length: steps }, (_, step) =>
    Math.sqrt(squares.slice(step * each, (step + 1) * each).reduce((sum, square) => sum + square, 0)),
  );
}
