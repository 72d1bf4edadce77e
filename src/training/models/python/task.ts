/** What a module of a Python file is to learn: by the loss of the file, or by what the module ends with. */
import { nn, oneHot, type Tensor } from '../../../engine';
import type { Made } from '../../../python';
import { TrainingError } from '../../errors';
import { argmaxOf } from '../../metrics';
import { classification, type Task } from '../../tasks';
import { failure } from './failure';

/** What is known of the numbers that a module gives. */
export interface Outputs {
  /** How many for a sample. */
  readonly width: number;
  /** The node that made them. */
  readonly lastNode: string | undefined;
  /** The loss that the file puts together itself. */
  readonly ownLoss?: ((scores: Tensor, labels: Tensor) => Tensor) | undefined;
}

type Reduction = 'mean' | 'sum';

interface LossSettings {
  readonly reduction: Reduction;
  readonly ignoreIndex: number | null;
}

type Loss = (scores: Tensor, labels: Tensor, settings: LossSettings) => Tensor;

/** Labels as numbers of the shape of the scores: 0 and 1 for one score, one-hot for several. */
function asNumbers(scores: Tensor, labels: Tensor): Tensor {
  const { shape, dtype } = scores;
  const width = shape[1] ?? 1;
  return width === 1 ? labels.unsqueeze(1).to(dtype) : oneHot(labels, width).to(dtype);
}

const against =
  (loss: (scores: Tensor, target: Tensor, reduction: Reduction) => Tensor): Loss =>
  (scores, labels, { reduction }) =>
    loss(scores, asNumbers(scores, labels), reduction);

/** The losses that train here, by PyTorch's names: the function's, then the class's. */
const losses: readonly {
  readonly names: readonly string[];
  readonly loss: Loss;
  readonly single?: boolean;
}[] = [
  {
    names: ['nll_loss', 'NLLLoss'],
    loss: (scores, labels, settings) => new nn.NLLLoss(settings).call(scores, labels),
  },
  {
    names: ['mse_loss', 'MSELoss'],
    loss: against((scores, target, reduction) => new nn.MSELoss({ reduction }).call(scores, target)),
    single: true,
  },
  {
    names: ['l1_loss', 'L1Loss'],
    loss: against((scores, target, reduction) => new nn.L1Loss({ reduction }).call(scores, target)),
    single: true,
  },
  {
    names: ['binary_cross_entropy', 'BCELoss'],
    loss: against((scores, target, reduction) => new nn.BCELoss({ reduction }).call(scores, target)),
    single: true,
  },
  {
    names: ['binary_cross_entropy_with_logits', 'BCEWithLogitsLoss'],
    loss: against((scores, target, reduction) =>
      new nn.BCEWithLogitsLoss({ reduction }).call(scores, target),
    ),
    single: true,
  },
];

const crossEntropy = ['cross_entropy', 'CrossEntropyLoss'];

/** Settings of losses that are taken into account. */
const followed = new Set(['reduction', 'ignore_index', 'label_smoothing']);

function settingsOf(made: Made): LossSettings {
  const other = [...made.notKnown, ...Object.keys(made.settings).filter(key => !followed.has(key))];
  const [first] = other;
  if (first !== undefined) throw failure(made, `\`${first}\` of ${made.name} is not taken into account`);
  const { reduction = 'mean', ignore_index: ignored } = made.settings;
  if (reduction !== 'mean' && reduction !== 'sum')
    throw failure(made, `the reduction of ${made.name} must be mean or sum, found ${String(reduction)}`);
  // Labels of classes are from 0 on: where no other one is named, none is passed over.
  return { reduction, ignoreIndex: typeof ignored === 'number' && ignored >= 0 ? ignored : null };
}

/** The threshold of a single score: half, or 0 where a sigmoid is still to come. */
const thresholdOf = (name: string) => (name.toLowerCase().includes('logits') ? 0 : 0.5);

function single(loss: Task['loss'], threshold: number): Task {
  return {
    smooths: false,
    scores: () => 1,
    loss,
    predict: (scores, start) => Number((scores[start] ?? 0) > threshold),
    probabilities: (scores, start) => {
      const score = scores[start] ?? 0;
      const one = threshold === 0 ? 1 / (1 + Math.exp(-score)) : Math.min(1, Math.max(0, score));
      return Float64Array.of(1 - one, one);
    },
  };
}

/** Scores that are shares of certainty already, as far as they go. */
function shares(scores: ArrayLike<number>, start: number, width: number): Float64Array {
  const all = Float64Array.from({ length: width }, (_, i) =>
    Math.min(1, Math.max(0, scores[start + i] ?? 0)),
  );
  const sum = all.reduce((total, share) => total + share, 0);
  return sum > 0 ? all.map(share => share / sum) : all.fill(1 / width);
}

/** What a module with these outputs learns with this loss, or without one by how it ends. */
export function taskOf(
  made: Made | undefined,
  { width, lastNode, ownLoss }: Outputs,
  classes: number,
  where: string,
): Task {
  if (ownLoss !== undefined) return ofOwnLoss(ownLoss, width, lastNode, classes, where);
  if (made?.reconstructs)
    throw failure(
      made,
      `${made.name} compares what the module gives with what it is given: networks that reconstruct images are not trained here`,
    );
  const name = made?.name ?? nameFor(lastNode, width);
  const settings = made === undefined ? { reduction: 'mean' as const, ignoreIndex: null } : settingsOf(made);
  const found = losses.find(({ names }) => names.includes(name));
  if (found === undefined && !crossEntropy.includes(name)) {
    if (made !== undefined) throw failure(made, `the loss ${name} is not one of those that train here`);
    throw new TrainingError(`${where}: which loss is meant is not known`);
  }
  if (width === 1 && classes === 2 && found?.single) {
    return single((scores, labels) => found.loss(scores, labels, settings), thresholdOf(name));
  }
  const own = ofWidth(width, classes, where);
  if (found === undefined) {
    const { reduction } = settings;
    return {
      ...own,
      loss: (scores, labels, { labelSmoothing = 0 } = {}) =>
        new nn.CrossEntropyLoss({ ignoreIndex: settings.ignoreIndex, labelSmoothing, reduction }).call(
          scores,
          labels,
        ),
    };
  }
  return {
    ...own,
    smooths: false,
    loss: (scores, labels) => found.loss(scores, labels, settings),
    ...(found.single && { probabilities: shares }),
  };
}

/** Classes told apart by the largest of some scores: what stands behind the classes of the data is never right. */
function ofWidth(width: number, classes: number, where: string): Task {
  if (width < classes)
    throw new TrainingError(
      `${where}: the module gives ${width} ${width === 1 ? 'number' : 'numbers'} for a sample, and the data has ${classes} classes`,
    );
  return {
    ...classification,
    scores: () => width,
    predict: (scores, start) => argmaxOf(scores, start, classes),
  };
}

/** The loss that a file puts together itself; one score is a probability where a sigmoid made it, else a logit. */
function ofOwnLoss(
  loss: NonNullable<Outputs['ownLoss']>,
  width: number,
  lastNode: string | undefined,
  classes: number,
  where: string,
): Task {
  if (width === 1 && classes === 2) return single(loss, lastNode === 'SigmoidBackward0' ? 0.5 : 0);
  return { ...ofWidth(width, classes, where), smooths: false, loss };
}

/** The loss that suits what a module ends with. */
function nameFor(lastNode: string | undefined, width: number): string {
  if (lastNode === 'LogSoftmaxBackward0') return 'nll_loss';
  if (width === 1)
    return lastNode === 'SigmoidBackward0' ? 'binary_cross_entropy' : 'binary_cross_entropy_with_logits';
  return 'cross_entropy';
}
