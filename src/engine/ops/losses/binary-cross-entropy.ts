/** Binary cross-entropy: of probabilities, and of scores that `sigmoid` would make probabilities of. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { formatShape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { lowerLog } from '../pointwise/logarithm';
import { lowerLog1p } from '../pointwise/series';
import { type PairOptions, pairOp } from './pairwise';

/** Logarithms are kept from falling below −100, as PyTorch does. */
const clampedLog = (x: number) => Math.max(Math.log(x), -100);

/**
 * PyTorch's complaint, which it has of NaN, too. Here a NaN is let through: the run then pauses before the step and names the
 * operation where it came about, which says more than that one was there.
 */
const outOfRange = 'all elements of input should be between 0 and 1';

/**
 * The number 1, if no probability is outside of 0…1: else the computation stops. Not asked on WebGPU, where the counting
 * would send every step to the CPU and back.
 */
function lowerOne(graph: GraphBuilder, x: string, dtype: 'float32' | 'float64'): string {
  if (graph.device === 'webgpu') return graph.scalar(1, dtype);
  const below = graph.node('Less', [x, graph.scalar(0, dtype)]);
  const above = graph.node('Greater', [x, graph.scalar(1, dtype)]);
  const outside = graph.cast(graph.node('Or', [below, above]), 'bool', 'int64');
  const count = graph.node('ReduceSum', [outside], { keepdims: 0 });
  return graph.cast(graph.oneUnless(count, outOfRange), 'int64', dtype);
}

const bceOp = pairOp({
  name: 'binary_cross_entropy',
  formula: '−(y·log x + (1 − y)·log(1 − x)), averaged',
  node: 'BinaryCrossEntropyBackward0',
  element: (x, y) => {
    if (x < 0 || x > 1) throw new EngineError(outOfRange);
    return -(y * clampedLog(x) + (1 - y) * clampedLog(1 - x));
  },
  lower: (graph, { x, y }, dtype) => {
    const [one, least] = [lowerOne(graph, x, dtype), graph.scalar(-100, dtype)];
    const log = (value: string) => graph.node('Max', [lowerLog(graph, value, dtype), least]);
    const hit = graph.node('Mul', [y, log(x)]);
    const miss = graph.node('Mul', [graph.node('Sub', [one, y]), log(graph.node('Sub', [one, x]))]);
    return graph.node('Neg', [graph.node('Add', [hit, miss])]);
  },
  slope: (x, y) => x.sub(y).div(x.rsub(1).mul(x).clamp(1e-12)),
  targetSlope: x => x.rsub(1).log().sub(x.log()),
});

/** log(1 + e⁻ˣ) without overflow. */
const softplusOfMinus = (x: number) => Math.max(-x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function lowerSoftplusOfMinus(graph: GraphBuilder, x: string, dtype: 'float32' | 'float64'): string {
  const small = graph.node('Exp', [graph.node('Neg', [graph.node('Abs', [x])])]);
  return graph.node('Add', [graph.node('Relu', [graph.node('Neg', [x])]), lowerLog1p(graph, small, dtype)]);
}

/** 1 + (p − 1)·y: how much a hit weighs. */
function hitWeight(target: Tensor, positive: Tensor | undefined): Tensor | undefined {
  return positive?.sub(1).mul(target).add(1);
}

const bceLogitsOp = pairOp({
  name: 'binary_cross_entropy_with_logits',
  formula: '−(p·y·log σ(x) + (1 − y)·log(1 − σ(x))), averaged',
  node: 'BinaryCrossEntropyWithLogitsBackward0',
  element: (x, y, positive) => (1 - y) * x + (1 + (positive - 1) * y) * softplusOfMinus(x),
  lower: (graph, { x, y, positive }, dtype) => {
    const one = graph.scalar(1, dtype);
    const miss = graph.node('Mul', [graph.node('Sub', [one, y]), x]);
    const hit = lowerSoftplusOfMinus(graph, x, dtype);
    if (positive === undefined) return graph.node('Add', [miss, hit]);
    const beyond = graph.node('Mul', [graph.node('Sub', [positive, one]), y]);
    return graph.node('Add', [miss, graph.node('Mul', [graph.node('Add', [beyond, one]), hit])]);
  },
  slope: (x, y, positive) => {
    const weight = hitWeight(y, positive);
    if (weight === undefined) return x.sigmoid().sub(y);
    return x.sigmoid().sub(1).mul(weight).sub(y).add(1);
  },
  targetSlope: (x, _, positive) =>
    positive === undefined ? x.neg() : positive.sub(1).mul(x.neg().exp().log1p()).sub(x),
});

/** Options of binary cross-entropy. */
export interface BinaryOptions extends PairOptions {
  /** Multiplied with the losses of the elements. */
  readonly weight?: Tensor | undefined;
}

function checkSameSize(input: Tensor, target: Tensor): void {
  if (!sameShape(input.shape, target.shape)) {
    throw new EngineError(
      `Using a target size (${formatShape(target.shape)}) that is different to the input size ` +
        `(${formatShape(input.shape)}) is deprecated. Please ensure they have the same size.`,
    );
  }
}

/** Complains about targets that are not of the input's type: labels are given as numbers here. */
function checkSameType(input: Tensor, target: Tensor): void {
  if (input.dtype === target.dtype) return;
  throw new EngineError(
    `Found dtype ${target.dtype} but expected ${input.dtype}: targets must be of the input's type`,
  );
}

/** Binary cross-entropy of probabilities. */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean', weight }: BinaryOptions = {},
): Tensor {
  checkSameSize(input, target);
  checkSameType(input, target);
  const weights = weight === undefined ? [] : [weight];
  const attributes = { reduction, weighted: weight !== undefined, positive: false };
  return apply(bceOp, [input, target, ...weights], attributes);
}

/**
 * Binary cross-entropy of unnormalised scores: stable where `sigmoid` saturates. `posWeight` is what a hit weighs,
 * for each class.
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean', weight, posWeight }: BinaryOptions & { readonly posWeight?: Tensor | undefined } = {},
): Tensor {
  checkSameSize(input, target);
  if (!isFloating(target.dtype)) checkSameType(input, target);
  const weights = [weight, posWeight].filter(one => one !== undefined);
  const attributes = { reduction, weighted: weight !== undefined, positive: posWeight !== undefined };
  return apply(bceLogitsOp, [input, target, ...weights], attributes);
}
