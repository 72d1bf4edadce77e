/** Counting how good predictions are, on the host, from the scores of the model. */
import type { ClassScore } from '../protocol/evaluation';

/** The index of the largest of `count` scores from `start` on; the first where several are equal. */
export function argmaxOf(scores: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if ((scores[start + i] ?? 0) > (scores[start + best] ?? 0)) best = i;
  return best;
}

/** Loss and accuracy over samples that come in batches. */
export class RunningMetrics {
  #lossSum = 0;
  #correct = 0;
  #samples = 0;

  /** Continues from sums that were saved. */
  constructor({ lossSum, correct, samples } = { lossSum: 0, correct: 0, samples: 0 }) {
    this.#lossSum = lossSum;
    this.#correct = correct;
    this.#samples = samples;
  }

  /** Adds a batch: its mean loss and how many of its samples were right. */
  add(meanLoss: number, correct: number, samples: number): void {
    this.#lossSum += meanLoss * samples;
    this.#correct += correct;
    this.#samples += samples;
  }

  /** The mean over samples, not over batches: a short last batch does not count for more. */
  get loss(): number {
    return this.#lossSum / this.#samples;
  }

  get accuracy(): number {
    return this.#correct / this.#samples;
  }

  /** The sums, to be saved. */
  get sums(): { lossSum: number; correct: number; samples: number } {
    return { lossSum: this.#lossSum, correct: this.#correct, samples: this.#samples };
  }
}

/**
 * Scores of each class.
 * @param confusion for each true class (row) how often each class was predicted (column)
 */
export function scoresPerClass(
  confusion: readonly (readonly number[])[],
  classes: readonly string[],
): ClassScore[] {
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return classes.map((label, i) => {
    const hits = confusion[i]?.[i] ?? 0;
    const predicted = confusion.reduce((sum, row) => sum + (row[i] ?? 0), 0);
    const actual = (confusion[i] ?? []).reduce((sum, count) => sum + count, 0);
    const [precision, recall] = [ratio(hits, predicted), ratio(hits, actual)];
    return {
      label,
      precision,
      recall,
      f1: ratio(2 * precision * recall, precision + recall),
      support: actual,
    };
  });
}
