/** Losses: how far predictions are from what they should be. */
import { isFloating } from '../dtype';
import { EngineError, IndexError } from '../errors';
import type { Expr, Meta } from '../expr';
import type { GraphBuilder } from '../runtime/onnx/graph-builder';
import { broadcastShapes, formatShape, sameShape } from '../shape';
import type { Tensor } from '../tensor';
import { apply } from './apply';
import { classDim, lowerLabels, type Nll, nllGradOp, type Reduction, sampleWeight } from './cross-entropy';
import { at, eachIndex, elementwise } from './kernels';
import { lowerLog } from './logarithm';
import { defineMethods } from './methods';
import { defineOp, type Gradient, type Op } from './op';

export type { Reduction } from './cross-entropy';

/** The losses of samples made one number, or left as they are. */
function reduceLoss(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}

// --- negative log-likelihood -------------------------------------------------------------------------

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
  if (target?.dtype !== 'int64' && target?.dtype !== 'int32') {
    throw new EngineError(`expected scalar type Long but found ${target?.dtype}: labels must be int64`);
  }
}

/** The settings with PyTorch's name for the node. */
type NllForward = Nll & { node: string };

function lowerNll(graph: GraphBuilder, expr: Expr<NllForward>): string {
  const [input, target, weight] = expr.inputs;
  if (input === undefined || target === undefined) throw new Error('nll_loss takes two inputs');
  const { reduction, ignoreIndex } = expr.attributes;
  const axis = classDim(input.shape);
  const { labels, weights } = lowerLabels(graph, target, weight, ignoreIndex, expr.dtype);
  const axes = graph.ints([axis]);
  const column = graph.node('Unsqueeze', [labels, axes]);
  const picked = graph.node('GatherElements', [graph.value(input), column], { axis });
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
          : -w * at(input, [...index.slice(0, axis), label, ...index.slice(axis)]),
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
    const outside = label < 0 || label >= classes;
    if (outside && Number(label) !== ignoreIndex) throw new IndexError(`Target ${label} is out of bounds.`);
  }
}

/** The negative log-likelihood: minus the log-probability of the right class. */
export function nllLoss(input: Tensor, target: Tensor, options: NllOptions = {}): Tensor {
  const { reduction = 'mean', weight, ignoreIndex = -100 } = options;
  const attributes = { reduction, ignoreIndex, weighted: weight !== undefined };
  const more = weight === undefined ? [] : [weight];
  checkLabels(target, input.shape[classDim(input.shape)] ?? 0, ignoreIndex);
  if (input.ndim <= 2) {
    return apply(nllOp, [input, target, ...more], { ...attributes, node: 'NllLossBackward0' });
  }
  const spatial = { ...attributes, node: 'NllLoss2DBackward0' };
  if (input.ndim === 4) return apply(nllOp, [input, target, ...more], spatial);
  // As in PyTorch, other numbers of dimensions are made into those of images.
  checkTarget(input, target);
  const [samples = 0, classes = 0] = input.shape;
  const images = [input.view(samples, classes, 1, -1), target.view(samples, 1, -1), ...more];
  const loss = apply(nllOp, images, spatial);
  return reduction === 'none' ? loss.view(target.shape) : loss;
}

/** Cross-entropy of unnormalised scores (logits): `log_softmax`, then {@link nllLoss}. */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  options: NllOptions & { readonly labelSmoothing?: number } = {},
): Tensor {
  const logProbabilities = input.logSoftmax(classDim(input.shape));
  const { labelSmoothing = 0 } = options;
  if (labelSmoothing === 0) return nllLoss(logProbabilities, target, options);
  const smooth = smoothLoss(logProbabilities, target, options);
  return nllLoss(logProbabilities, target, options)
    .mul(1 - labelSmoothing)
    .add(smooth.mul(labelSmoothing / input.size(classDim(input.shape))));
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

// --- losses that compare element with element --------------------------------------------------------

type Pair = { reduction: Reduction };

interface PairSpec {
  readonly name: string;
  readonly formula: string;
  readonly node: string;
  /** The loss of one element. */
  readonly element: (input: number, target: number) => number;
  readonly lower: (
    graph: GraphBuilder,
    input: string,
    target: string,
    dtype: 'float32' | 'float64',
  ) => string;
  /** The gradients for input and target, before `grad` and the mean are multiplied in. */
  readonly slope: (input: Tensor, target: Tensor) => Tensor;
  readonly targetSlope?: (input: Tensor, target: Tensor) => Tensor;
}

function pairOp({ name, formula, node, element, lower, slope, targetSlope }: PairSpec): Op<Pair> {
  const gradient: Gradient<Pair> = {
    name: node,
    ...(targetSlope === undefined && { edges: [0] }),
    saves: () => ({ inputs: [0, 1] }),
    backward: (grad, { attributes: { reduction }, needs, input }) => {
      const [x, y] = [input(0), input(1)];
      const share = reduction === 'mean' ? grad.div(x.numel()) : grad;
      return [
        needs[0] ? slope(x, y).mul(share) : undefined,
        needs[1] && targetSlope !== undefined ? targetSlope(x, y).mul(share) : undefined,
      ];
    },
  };
  return defineOp<Pair>({
    name,
    formula,
    infer([input, target], { reduction }) {
      const shape = broadcastShapes(input?.shape ?? [], target?.shape ?? []);
      const dtype = input?.dtype ?? 'float32';
      if (!isFloating(dtype)) throw new EngineError(`"${name}" not implemented for '${dtype}'`);
      return { shape: reduction === 'none' ? shape : [], dtype };
    },
    gradient,
    lower(graph, { inputs: [input, target], attributes: { reduction }, dtype }) {
      if (input === undefined || target === undefined) throw new Error(`${name} takes two inputs`);
      const type = dtype === 'float64' ? 'float64' : 'float32';
      const losses = lower(graph, graph.value(input), graph.as(target, dtype), type);
      if (reduction === 'none' || input.shape.length === 0) return losses;
      return graph.node(reduction === 'mean' ? 'ReduceMean' : 'ReduceSum', [losses], { keepdims: 0 });
    },
    kernel(inputs, { reduction }, output) {
      const [input, target] = inputs;
      const shape = broadcastShapes(input?.shape ?? [], target?.shape ?? []);
      const losses = elementwise((x = 0, y = 0) => element(x, y))(inputs, undefined, { ...output, shape });
      if (reduction === 'none') return losses;
      const sum = losses.reduce((a, b) => a + b, 0);
      return [reduction === 'mean' ? sum / losses.length : sum];
    },
  });
}

const mseOp = pairOp({
  name: 'mse_loss',
  formula: '(x − y)², averaged',
  node: 'MseLossBackward0',
  element: (x, y) => (x - y) ** 2,
  lower: (graph, x, y) => {
    const difference = graph.node('Sub', [x, y]);
    return graph.node('Mul', [difference, difference]);
  },
  slope: (x, y) => x.sub(y).mul(2),
  targetSlope: (x, y) => y.sub(x).mul(2),
});

/** Logarithms are kept from falling below −100, as PyTorch does. */
const clampedLog = (x: number) => Math.max(Math.log(x), -100);

const bceOp = pairOp({
  name: 'binary_cross_entropy',
  formula: '−(y·log x + (1 − y)·log(1 − x)), averaged',
  node: 'BinaryCrossEntropyBackward0',
  element: (x, y) => -(y * clampedLog(x) + (1 - y) * clampedLog(1 - x)),
  lower: (graph, x, y, dtype) => {
    const [one, least] = [graph.scalar(1, dtype), graph.scalar(-100, dtype)];
    const log = (value: string) => graph.node('Max', [lowerLog(graph, value, dtype), least]);
    const hit = graph.node('Mul', [y, log(x)]);
    const miss = graph.node('Mul', [graph.node('Sub', [one, y]), log(graph.node('Sub', [one, x]))]);
    return graph.node('Neg', [graph.node('Add', [hit, miss])]);
  },
  slope: (x, y) => x.sub(y).div(x.rsub(1).mul(x).clamp(1e-12)),
  targetSlope: x => x.rsub(1).log().sub(x.log()),
});

const bceLogitsOp = pairOp({
  name: 'binary_cross_entropy_with_logits',
  formula: '−(y·log σ(x) + (1 − y)·log(1 − σ(x))), averaged',
  node: 'BinaryCrossEntropyWithLogitsBackward0',
  element: (x, y) => Math.max(x, 0) - x * y + Math.log1p(Math.exp(-Math.abs(x))),
  lower: (graph, x, y) => {
    const [positive, negative] = [graph.node('Relu', [x]), graph.node('Neg', [graph.node('Abs', [x])])];
    const linear = graph.node('Sub', [positive, graph.node('Mul', [x, y])]);
    return graph.node('Add', [linear, graph.node('Softplus', [negative])]);
  },
  slope: (x, y) => x.sigmoid().sub(y),
  targetSlope: x => x.neg(),
});

/** Options of the losses that compare element with element. */
export interface PairOptions {
  readonly reduction?: Reduction;
  /** Multiplied with the losses of the elements. */
  readonly weight?: Tensor | undefined;
}

function pairLoss(
  op: Op<Pair>,
  input: Tensor,
  target: Tensor,
  { reduction = 'mean', weight }: PairOptions,
): Tensor {
  if (weight === undefined) return apply(op, [input, target], { reduction });
  return reduceLoss(apply(op, [input, target], { reduction: 'none' }).mul(weight), reduction);
}

function broadcastPair(input: Tensor, target: Tensor): [Tensor, Tensor] {
  const shape = broadcastShapes(input.shape, target.shape);
  const stretched = (tensor: Tensor) => (sameShape(tensor.shape, shape) ? tensor : tensor.expand(shape));
  return [stretched(input), stretched(target)];
}

/** The mean squared difference. */
export function mseLoss(input: Tensor, target: Tensor, options: PairOptions = {}): Tensor {
  return pairLoss(mseOp, ...broadcastPair(input, target), options);
}

/** The mean absolute difference. */
export function l1Loss(input: Tensor, target: Tensor, { reduction = 'mean' }: PairOptions = {}): Tensor {
  const [x, y] = broadcastPair(input, target);
  return reduceLoss(x.sub(y).abs(), reduction);
}

function checkSameSize(input: Tensor, target: Tensor): void {
  if (!sameShape(input.shape, target.shape)) {
    throw new EngineError(
      `Using a target size (${formatShape(target.shape)}) that is different to the input size ` +
        `(${formatShape(input.shape)}) is deprecated. Please ensure they have the same size.`,
    );
  }
}

/** Binary cross-entropy of probabilities. */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: PairOptions = {}): Tensor {
  checkSameSize(input, target);
  return pairLoss(bceOp, input, target, options);
}

/** Binary cross-entropy of unnormalised scores: stable where `sigmoid` saturates. */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: PairOptions = {},
): Tensor {
  checkSameSize(input, target);
  return pairLoss(bceLogitsOp, input, target, options);
}

defineMethods({ nllLoss });

declare module '../tensor' {
  interface Tensor {
    /** The negative log-likelihood of labels under these log-probabilities. */
    nllLoss(target: Tensor, options?: NllOptions): Tensor;
  }
}
