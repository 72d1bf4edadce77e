/** What a network is to learn: how its scores become a loss, and how they become a class. */
import { nn, type Tensor, where } from '../engine';
import { argmaxOf } from './metrics';

/** How the loss is measured. */
export interface LossOptions {
  /** The share of certainty that is taken from the true class and spread over all (Szegedy et al., 2016). */
  readonly labelSmoothing?: number;
}

/** What a network is to learn. */
export interface Task {
  /** Whether its loss knows label smoothing. */
  readonly smooths: boolean;
  /** How many scores a sample has. */
  scores(classes: number): number;
  /** The mean loss of the scores [N, scores] when the classes `labels` [N] were wanted. */
  loss(scores: Tensor, labels: Tensor, options?: LossOptions): Tensor;
  /** The class that a sample is taken for, whose scores begin at `start`. */
  predict(scores: ArrayLike<number>, start: number, classes: number): number;
  /** The probability of each class for a sample whose scores begin at `start`. */
  probabilities(scores: ArrayLike<number>, start: number, classes: number): Float64Array;
}

/** The softmax of `count` scores from `start` on; the largest is taken from all, so that none is too large for `exp`. */
function softmaxOf(scores: ArrayLike<number>, start: number, count: number): Float64Array {
  const largest = scores[start + argmaxOf(scores, start, count)] ?? 0;
  const weights = Float64Array.from({ length: count }, (_, i) =>
    Math.exp((scores[start + i] ?? 0) - largest),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => weight / sum);
}

/** One score for each class; the largest wins, and cross-entropy is the loss. */
export const classification: Task = {
  smooths: true,
  scores: classes => classes,
  loss: (scores, labels, { labelSmoothing = 0 } = {}) =>
    new nn.CrossEntropyLoss({ ignoreIndex: null, labelSmoothing }).call(scores, labels),
  predict: argmaxOf,
  probabilities: softmaxOf,
};

/**
 * One score, above 0 for class 1: how far the probability is from the label, by hand. A threshold decides, at a
 * probability of one half.
 */
export const threshold: Task = {
  smooths: false,
  scores: () => 1,
  loss: (scores, labels) => {
    const probabilities = scores.sigmoid();
    return where(labels.unsqueeze(1).eq(1), probabilities.rsub(1), probabilities).mean();
  },
  predict: (scores, start) => Number((scores[start] ?? 0) > 0),
  probabilities: (scores, start) => {
    const one = 1 / (1 + Math.exp(-(scores[start] ?? 0)));
    return Float64Array.of(1 - one, one);
  },
};
