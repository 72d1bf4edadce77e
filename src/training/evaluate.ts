/** Measuring a model on samples: nothing is learned, no weight changes. */
import { compute, type Device, type nn, noGrad } from '../engine';
import { RunningMetrics } from './metrics';
import { batchOf } from './samples';
import { lengthOf, rowsOf, type Selection } from './splits';
import type { Task } from './tasks';

/** How good a model is on a split. */
export interface Evaluation {
  readonly loss: number;
  readonly accuracy: number;
  readonly correct: number;
  readonly total: number;
  /** For each true class (row) how often each class was predicted (column). */
  readonly confusion: readonly (readonly number[])[];
}

/** What is measured: a network, and what it was to learn. */
export interface Measured {
  readonly network: nn.Module;
  readonly task: Task;
}

/** Samples that are computed at once. */
const batchSize = 1000;

/** Runs the model over samples in evaluation mode, waiting for those that are still being read. */
export async function evaluate(
  { network, task }: Measured,
  selection: Selection,
  classes: number,
  device: Device,
): Promise<Evaluation> {
  const { training } = network;
  network.eval();
  try {
    return await measure({ network, task }, selection, classes, device);
  } finally {
    network.train(training);
  }
}

async function measure(
  { network, task }: Measured,
  selection: Selection,
  classes: number,
  device: Device,
): Promise<Evaluation> {
  const length = lengthOf(selection);
  const { labels: all, pending } = selection.split;
  const width = task.scores(classes);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const metrics = new RunningMetrics();
  for (let start = 0; start < length; start += batchSize) {
    const end = Math.min(start + batchSize, length);
    const rows = rowsOf(selection, start, end);
    await pending?.need(rows);
    const { loss, logits } = noGrad(() => {
      const { images, labels } = batchOf(selection, start, end, device);
      const scores = network.call(images);
      return { logits: scores, loss: task.loss(scores, labels) };
    });
    await compute(loss, logits);
    const scores = await logits.data();
    if (scores instanceof BigInt64Array) throw new Error('a model gives scores as floating point numbers');
    let correct = 0;
    for (let i = start; i < end; i++) {
      const actual = all[rows[i - start] ?? 0] ?? 0;
      const predicted = task.predict(scores, (i - start) * width, classes);
      const row = confusion[actual];
      if (row !== undefined) row[predicted] = (row[predicted] ?? 0) + 1;
      if (predicted === actual) correct++;
    }
    metrics.add(await loss.item(), correct, end - start);
  }
  const { correct, samples: total } = metrics.sums;
  return { loss: metrics.loss, accuracy: metrics.accuracy, correct, total, confusion };
}
