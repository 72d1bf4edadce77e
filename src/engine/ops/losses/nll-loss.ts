/** Losses of labels: the negative log-likelihood, and cross-entropy of scores. */
import { isFloating } from '../../dtype';
import { EngineError, IndexError } from '../../errors';
import type { Expr, Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { formatShape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, eachIndex } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { overNumber } from '../pointwise/with-number';
import { classDim, lowerLabels, type Nll, nllGradOp, type Reduction, sampleWeight } from './cross-entropy';
import { reduceLoss } from './pairwise';

function checkTarget(input: Meta | undefined, target: Meta | undefined): void {
  const [x = [], y = []] = [input?.shape, target?.shape];
  const expected = x.length === 1 ? [] : [x[0] ?? 0, ...x.slice(2)];
  if (x.length === 0) throw new EngineError('input tensor should be at least 1D');
  if (x.length > 1 && x[0] !== y[0]) {
    throw new EngineError(`Expected input batch_size (${x[0]}) to match target batch_size (${y[0]}).`);
  }
  if (!sameShape(expected, y)) {
    throw new EngineError(`Expected target size ${formatShape(expected)}, got ${formatShape(y)}`);
  }
  if (target?.dtype !== 'int64' && target?.dtype !== 'uint8') {
    throw new EngineError(`expected scalar type Long but found ${target?.dtype}: labels must be int64`);
  }
}

/** The settings with PyTorch's name for the node. */
type NllForward = Nll & { node: string };

/**
 * Labels of which negative ones are out of bounds, too: ONNX counts them from the end. Labels that are given are known
 * to be in bounds ({@link checkLabels}, or the reader of the data), and uint8 has no others.
 */
function lowerBounded(graph: GraphBuilder, target: Expr, labels: string, classes: number): string {
  const [source] = graph.inputsOf(target);
  if (target.op === undefined || target.dtype === 'uint8' || source?.dtype === 'uint8') return labels;
  const negative = graph.node('Less', [labels, graph.scalar(0, 'int64')]);
  return graph.node('Where', [negative, graph.scalar(classes, 'int64'), labels]);
}

function lowerNll(graph: GraphBuilder, expr: Expr<NllForward>): string {
  const [input, target, weight] = expr.inputs;
  if (input === undefined || target === undefined) throw new Error('nll_loss takes two inputs');
  const { reduction, ignoreIndex } = expr.attributes;
  const axis = classDim(input.shape);
  const { labels, weights } = lowerLabels(graph, target, weight, ignoreIndex, expr.dtype);
  const axes = graph.ints([axis]);
  const classes = input.shape[axis] ?? 0;
  const column = graph.node('Unsqueeze', [lowerBounded(graph, target, labels, classes), axes]);
  const picked = graph.fresh();
  // The name is what is told of a label without a class, where the labels' numbers were not known before.
  const complaint = `Target is out of bounds for ${classes} classes`;
  graph.push('GatherElements', [graph.value(input), column], [picked], { axis }, `${complaint}.${picked}`);
  if (weights === undefined && reduction !== 'none') {
    return graph.node('Neg', [
      graph.node(reduction === 'mean' ? 'ReduceMean' : 'ReduceSum', [picked], { keepdims: 0 }),
    ]);
  }
  const losses = graph.node('Neg', [graph.node('Squeeze', [picked, axes])]);
  if (weights === undefined) return losses;
  const weighted = graph.node('Mul', [losses, weights]);
  if (reduction === 'none') return weighted;
  const sum = graph.node('ReduceSum', [weighted], { keepdims: 0 });
  if (reduction === 'sum') return sum;
  return graph.node('Div', [sum, graph.node('ReduceSum', [weights], { keepdims: 0 })]);
}

function bounded(label: number, classes: number): number {
  if (label < 0 || label >= classes) throw new IndexError(`Target ${label} is out of bounds.`);
  return label;
}

const nllOp = defineOp<NllForward>({
  name: 'nll_loss',
  formula: '−log p of the label, averaged over the batch',
  infer([input, target], { reduction }) {
    checkTarget(input, target);
    return { shape: reduction === 'none' ? (target?.shape ?? []) : [], dtype: input?.dtype ?? 'float32' };
  },
  gradient: {
    name: ({ node }) => node,
    edges: [0],
    saves: (_, { weighted }) => ({ inputs: weighted ? [1, 2] : [1] }),
    backward: (grad, { attributes: { reduction, ignoreIndex, weighted }, input, inputMeta }) => [
      apply(nllGradOp, [grad, input(1), ...(weighted ? [input(2)] : [])], {
        reduction,
        ignoreIndex,
        weighted,
        shape: inputMeta[0]?.shape ?? [],
      }),
    ],
  },
  lower: lowerNll,
  kernel: ([input, target, weight], { reduction, ignoreIndex }) => {
    if (input === undefined || target === undefined) return [];
    const axis = classDim(input.shape);
    const weights = Array.from(target.data, label => sampleWeight(label, weight, ignoreIndex));
    const losses: number[] = [];
    eachIndex(target.shape, (index, position) => {
      const label = target.data[position] ?? 0;
      const w = weights[position] ?? 0;
      losses.push(
        w === 0 && label === ignoreIndex
          ? 0
          : -w *
              at(input, [
                ...index.slice(0, axis),
                bounded(label, input.shape[axis] ?? 0),
                ...index.slice(axis),
              ]),
      );
    });
    if (reduction === 'none') return losses;
    const sum = losses.reduce((a, b) => a + b, 0);
    return [reduction === 'sum' ? sum : sum / weights.reduce((a, b) => a + b, 0)];
  },
});

/** Options of the losses that take labels. */
export interface NllOptions {
  readonly reduction?: Reduction;
  /** A weight for each class. */
  readonly weight?: Tensor | undefined;
  /** Samples with this label do not count (−100 by default); null says that there are none. */
  readonly ignoreIndex?: number | null;
}

/** Complains about a label without a class, if the labels' numbers are known already. */
function checkLabels(target: Tensor, classes: number, ignoreIndex: number | null): void {
  for (const label of target.expr.buffer?.host ?? []) {
    if (Number(label) !== ignoreIndex) bounded(Number(label), classes);
  }
}

/** Complains about weights of classes that are not one for each class. */
function checkWeight(weight: Tensor | undefined, classes: number): void {
  if (weight === undefined || sameShape(weight.shape, [classes])) return;
  throw new EngineError(
    `weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of ` +
      `shape: ${formatShape(weight.shape)}`,
  );
}

/** The negative log-likelihood: minus the log-probability of the right class. */
export function nllLoss(input: Tensor, target: Tensor, options: NllOptions = {}): Tensor {
  const { reduction = 'mean', weight, ignoreIndex = -100 } = options;
  const attributes = { reduction, ignoreIndex, weighted: weight !== undefined };
  const more = weight === undefined ? [] : [weight];
  const classes = input.shape[classDim(input.shape)] ?? 0;
  checkWeight(weight, classes);
  checkLabels(target, classes, ignoreIndex);
  if (input.ndim <= 2) {
    return apply(nllOp, [input, target, ...more], { ...attributes, node: 'NllLossBackward0' });
  }
  const spatial = { ...attributes, node: 'NllLoss2DBackward0' };
  if (input.ndim === 4) return apply(nllOp, [input, target, ...more], spatial);
  // As in PyTorch, other numbers of dimensions are made into those of images.
  checkTarget(input, target);
  const [samples = 0] = input.shape;
  const images = [input.view(samples, classes, 1, -1), target.view(samples, 1, -1), ...more];
  const loss = apply(nllOp, images, spatial);
  return reduction === 'none' ? loss.view(target.shape) : loss;
}

/**
 * Cross-entropy of unnormalised scores (logits): `log_softmax`, then {@link nllLoss}.
 * @param target labels, or probabilities of the classes in the shape of `input`
 */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  options: NllOptions & { readonly labelSmoothing?: number } = {},
): Tensor {
  const logProbabilities = input.logSoftmax(classDim(input.shape));
  const { labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new EngineError(`label_smoothing must be between 0.0 and 1.0. Got: ${labelSmoothing}`);
  }
  checkWeight(options.weight, input.shape[classDim(input.shape)] ?? 0);
  if (isFloating(target.dtype)) return softCrossEntropy(logProbabilities, target, options);
  if (labelSmoothing === 0) return nllLoss(logProbabilities, target, options);
  const smooth = smoothLoss(logProbabilities, target, options);
  return nllLoss(logProbabilities, target, options)
    .mul(1 - labelSmoothing)
    .add(smooth.mul(labelSmoothing / input.size(classDim(input.shape))));
}

/** The cross-entropy of probabilities: −Σ w·p·log q over the classes. */
function softCrossEntropy(
  logProbabilities: Tensor,
  target: Tensor,
  { reduction = 'mean', weight, labelSmoothing = 0 }: NllOptions & { readonly labelSmoothing?: number },
): Tensor {
  const { shape } = logProbabilities;
  if (!sameShape(shape, target.shape)) {
    throw new EngineError(
      `Expected target size ${formatShape(shape)} of class probabilities, got ${formatShape(target.shape)}`,
    );
  }
  const dim = classDim(shape);
  const classes = shape[dim] ?? 1;
  const smoothed = labelSmoothing > 0 ? target.mul(1 - labelSmoothing).add(labelSmoothing / classes) : target;
  const hits = logProbabilities.mul(smoothed);
  const column = weight?.reshape(shape.map((_, i) => (i === dim ? -1 : 1)));
  const weighted = column === undefined ? hits : hits.mul(column);
  if (reduction === 'none') return weighted.sum(dim).neg();
  const sum = weighted.sum().neg();
  // The mean is over samples, and over the places of images.
  const count = Math.max(1, logProbabilities.numel() / classes);
  return reduction === 'mean' ? overNumber(sum, count) : sum;
}

/** The loss against all classes at once, each as right as the others: the other part of label smoothing. */
function smoothLoss(
  logProbabilities: Tensor,
  target: Tensor,
  { reduction = 'mean', weight, ignoreIndex = -100 }: NllOptions,
): Tensor {
  const { shape, dtype } = logProbabilities;
  const dim = classDim(shape);
  const column = weight?.reshape(shape.map((_, i) => (i === dim ? -1 : 1)));
  const scores = column === undefined ? logProbabilities : logProbabilities.mul(column);
  const all = scores.sum(dim).neg();
  const ignored = ignoreIndex === null ? undefined : target.eq(ignoreIndex);
  const losses = ignored === undefined ? all : all.maskedFill(ignored, 0);
  if (reduction !== 'mean') return reduceLoss(losses, reduction);
  if (weight === undefined) {
    return ignored === undefined ? losses.mean() : losses.sum().div(ignored.logicalNot().to(dtype).sum());
  }
  const safe = ignored === undefined ? target : target.maskedFill(ignored, 0);
  const weights = weight.indexSelect(0, safe.reshape([-1]));
  const counted = ignored === undefined ? weights : weights.maskedFill(ignored.reshape([-1]), 0);
  return losses.sum().div(counted.sum());
}

defineMethods({ nllLoss });

declare module '../../tensor' {
  interface Tensor {
    /** The negative log-likelihood of labels under these log-probabilities. */
    nllLoss(target: Tensor, options?: NllOptions): Tensor;
  }
}
