/** Measuring a model on samples: nothing is learned, no weight changes. */
import { setImmediate } from 'node:timers/promises';
import type { ImageData } from '../../data/image-data';
import { compute, type Device, fromArray, type nn, noGrad } from '../../engine';
import { TrainingError } from '../errors';
import { RunningMetrics } from '../metrics';
import { lengthOf, rowsOf, type Selection, select } from '../splits';
import type { Task } from '../tasks';
import { networkScorer, type Scorer, type Scores } from './scorer';

/** How good a model is on a split. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
  readonly correct: number;
  readonly total: number;
  /** For each true class (row) how often each class was predicted (column). */
  readonly confusion: readonly (readonly number[])[];
}

/** How good a model is on a split, and what it gives for each sample. */
export interface Measurement extends Evaluation {
  /** The class of each sample, and the one that it was taken for. */
  readonly actual: Uint16Array;
  readonly predicted: Uint16Array;
  /** The probability that was given to what it was taken for. */
  readonly confidence: Float64Array;
}

/** What is measured: a network, and what it was to learn. */
export interface Measured {
  readonly network: nn.Module;
  readonly task: Task;
}

/** Who follows a measurement. */
export interface MeasureObserver {
  readonly signal?: AbortSignal | undefined;
  /** Called with the share of the samples that is done. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Samples that are computed at once, and the numbers that they may have. */
const mostSamples = 1000;
const mostNumbers = 1 << 24;

/** How many samples of a shape are computed at once. */
function batchSizeOf(shape: readonly number[]): number {
  const size = shape.reduce((product, length) => product * length, 1);
  return Math.max(1, Math.min(mostSamples, Math.floor(mostNumbers / Math.max(1, size))));
}

/** Runs a network over samples in evaluation mode, waiting for those that are still being read. */
export async function evaluate(
  { network, task }: Measured,
  selection: Selection,
  { classes, transforms }: Pick<ImageData, 'classes' | 'transforms'>,
  device: Device,
): Promise<Evaluation> {
  return measure(networkScorer(network, device, transforms), task, selection, classes.length);
}

/** The mean loss of a batch. */
async function lossOf(scores: Scores, labels: ArrayLike<number>, task: Task): Promise<number> {
  const width = scores.length / labels.length;
  const wanted = BigInt64Array.from({ length: labels.length }, (_, i) => BigInt(labels[i] ?? 0));
  const loss = noGrad(() =>
    task.loss(fromArray(scores, [labels.length, width]), fromArray(wanted, [labels.length])),
  );
  await compute(loss);
  return loss.item();
}

/**
 * Asks a model about samples, one batch after the other.
 * @throws TrainingError where it gives another number of scores than there are classes, or when it is stopped
 */
export async function measure(
  scorer: Scorer,
  task: Task,
  selection: Selection,
  classes: number,
  { signal, onProgress }: MeasureObserver = {},
): Promise<Measurement> {
  const length = lengthOf(selection);
  const { shape, pending } = selection.split;
  const batchSize = batchSizeOf(shape);
  const width = task.scores(classes);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const [actual, predicted] = [new Uint16Array(length), new Uint16Array(length)];
  const confidence = new Float64Array(length);
  const metrics = new RunningMetrics();
  for (let start = 0; start < length; start += batchSize) {
    const end = Math.min(start + batchSize, length);
    const count = end - start;
    // Whoever asks for something else meanwhile is heard.
    await setImmediate();
    if (signal?.aborted) throw new TrainingError('the evaluation was stopped');
    await pending?.need(rowsOf(selection, start, end));
    const { images: numbers, labels } = select(selection, start, end);
    const scores = await scorer.score({ numbers, count, shape });
    if (scores.length !== count * width) {
      const found = scores.length / count;
      throw new TrainingError(`expected ${width} scores for each image, the model gives ${found}`);
    }
    let correct = 0;
    for (let i = 0; i < count; i++) {
      const label = labels[i] ?? 0;
      const taken = task.predict(scores, i * width, classes);
      const row = confusion[label];
      if (row !== undefined) row[taken] = (row[taken] ?? 0) + 1;
      actual[start + i] = label;
      predicted[start + i] = taken;
      confidence[start + i] = task.probabilities(scores, i * width, classes)[taken] ?? 0;
      if (taken === label) correct++;
    }
    metrics.add(await lossOf(scores, labels, task), correct, count);
    onProgress?.(end / length);
  }
  const { correct, samples: total } = metrics.sums;
  const { loss, accuracy } = metrics;
  return { loss, accuracy, correct, total, confusion, actual, predicted, confidence };
}
