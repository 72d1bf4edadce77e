/** One step of training, compiled: forward, loss, backward, update. */
import { CompiledStep, type Device, nn, type optim } from '../engine';
import { argmaxOf } from './metrics';
import type { BatchIndices, Samples } from './samples';

/** What is trained. */
export interface Learner {
  readonly network: nn.Module;
  readonly optimizer: optim.SGD | optim.Adam;
}

/** What a number of steps gave. */
export interface StepResults {
  /** The loss of each step. */
  readonly losses: ArrayLike<number>;
  /** How many samples of each step were right, before the step learned from them. */
  readonly correct: readonly number[];
}

/** Steps over batches of one size. */
export class TrainingStep {
  readonly #rows: number[] = [];

  private constructor(
    private readonly step: CompiledStep,
    private readonly samples: Samples,
    private readonly batchSize: number,
    private readonly classes: number,
    rows: number[],
  ) {
    this.#rows = rows;
  }

  /**
   * Compiles the step.
   * @param next says which samples the next batch takes
   */
  static async compile(
    { network, optimizer }: Learner,
    samples: Samples,
    batchSize: number,
    classes: number,
    device: Device,
    next: BatchIndices,
  ): Promise<TrainingStep> {
    const rows: number[] = [];
    const criterion = new nn.CrossEntropyLoss({ ignoreIndex: null });
    const state = [...optimizer.stateTensors(), ...network.namedBuffers().map(([, buffer]) => buffer)];
    network.train();
    const step = await CompiledStep.compile(device, state, () => {
      const { images, labels } = samples.batch(batchSize, (target, start) => {
        next(target, start);
        for (let i = start; i < start + batchSize; i++) rows.push(target[i] ?? 0);
      });
      const logits = network.forward(images);
      const loss = criterion.forward(logits, labels);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return [loss, logits];
    });
    return new TrainingStep(step, samples, batchSize, classes, rows);
  }

  /** Takes `count` steps. */
  async run(count: number): Promise<StepResults> {
    this.#rows.length = 0;
    const [losses, scores] = await this.step.run(count);
    if (losses instanceof BigInt64Array || scores instanceof BigInt64Array || !losses || !scores) {
      throw new Error('a training step gives a loss and scores');
    }
    const correct = Array.from(losses, (_, step) => this.#countCorrect(scores, step * this.batchSize));
    return { losses, correct };
  }

  /** Frees the compiled model. */
  release(): Promise<void> {
    return this.step.release();
  }

  #countCorrect(scores: ArrayLike<number>, first: number): number {
    let correct = 0;
    for (let i = first; i < first + this.batchSize; i++) {
      const label = this.samples.split.labels[this.#rows[i] ?? 0];
      if (argmaxOf(scores, i * this.classes, this.classes) === label) correct++;
    }
    return correct;
  }
}
