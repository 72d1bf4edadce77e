/**
 * The gradient of the negative log-likelihood, alone and fused with that of `log_softmax`: together they
 * are softmax − one-hot, scaled, which needs half the operators of the two.
 */
import type { DType } from '../../dtype';
import { isFloating } from '../../dtype';
import type { Expr } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { numel, type Shape } from '../../shape';
import { fullOp } from '../creation/creation';
import { at, build, decodeNumber } from '../kernels';
import { number } from '../number';
import { defineOp, type Values } from '../op';

/** How the losses of the samples become the loss. */
export type Reduction = 'none' | 'mean' | 'sum';

/** Settings of `nll_loss`. */
export type Nll = {
  reduction: Reduction;
  /** Samples with this label do not count; null if there are none, which saves the look. */
  ignoreIndex: number | null;
  /** Whether the last input holds a weight for each class. */
  weighted: boolean;
};

/** Which dimension holds the classes: 1 of a batch, 0 of a single sample. */
export function classDim(shape: Shape): number {
  return shape.length === 1 ? 0 : 1;
}

/** The index of a sample's label, given the index of one of its log-probabilities. */
function withoutClass(index: readonly number[]): number[] {
  return index.length === 1 ? [] : [index[0] ?? 0, ...index.slice(2)];
}

/** The weight of the sample with this label, on which reference kernels agree. */
export function sampleWeight(label: number, weight: Values | undefined, ignoreIndex: number | null): number {
  if (label === ignoreIndex) return 0;
  return weight === undefined ? 1 : (weight.data[label] ?? Number.NaN);
}

/** Labels that can be used as indices, and the weights of the samples (undefined: all are 1). */
export function lowerLabels(
  graph: GraphBuilder,
  target: Expr,
  weight: Expr | undefined,
  ignoreIndex: number | null,
  dtype: DType,
): { labels: string; weights: string | undefined; ignored?: string } {
  const labels = graph.as(target, 'int64');
  const all = weight === undefined ? undefined : graph.as(weight, dtype);
  if (ignoreIndex === null) {
    return { labels, weights: all && graph.node('Gather', [all, labels], { axis: 0 }) };
  }
  const ignored = graph.node('Equal', [labels, graph.scalar(ignoreIndex, 'int64')]);
  const safe = graph.node('Where', [ignored, graph.scalar(0, 'int64'), labels]);
  const picked = all === undefined ? graph.scalar(1, dtype) : graph.node('Gather', [all, safe], { axis: 0 });
  return { labels: safe, weights: graph.node('Where', [ignored, graph.scalar(0, dtype), picked]), ignored };
}

type NllGrad = Nll & { shape: Shape };

/** The gradient of `nll_loss` with respect to the log-probabilities. */
export const nllGradOp = defineOp<NllGrad>({
  name: 'nll_loss_backward',
  infer: ([grad], { shape }) => ({ shape, dtype: grad?.dtype ?? 'float32' }),
  gradient: {
    name: 'NllLossBackwardBackward0',
    edges: [0],
    saves: (_, { weighted }) => ({ inputs: weighted ? [1, 2] : [1] }),
    backward: (grad, { attributes, input }) => [
      grad.nllLoss(input(1), {
        ...attributes,
        ...(attributes.weighted && { weight: input(2) }),
      }),
    ],
  },
  lower(graph, expr) {
    const { oneHot, scale } = lowerGradient(graph, expr);
    return graph.node('Neg', [graph.node('Mul', [oneHot, scale])]);
  },
  kernel: ([grad, target, weight], { shape, reduction, ignoreIndex }, output) => {
    if (grad === undefined || target === undefined) return [];
    const weights = Array.from(target.data, label => sampleWeight(label, weight, ignoreIndex));
    const total = reduction === 'mean' ? weights.reduce((a, b) => a + b, 0) : 1;
    return build(output, index => {
      const sample = withoutClass(index);
      const label = at(target, sample);
      if (label !== index[classDim(shape)] || label === ignoreIndex) return 0;
      return (-sampleWeight(label, weight, ignoreIndex) * at(grad, sample)) / total;
    });
  },
});

/** The value of a gradient that is the same constant everywhere, such as the 1 that `backward()` starts with. */
function constantGradient(grad: Expr): number | undefined {
  return grad.is(fullOp) || grad.is(number) ? decodeNumber(grad.attributes.value) : undefined;
}

/** One-hot rows, and what each row is multiplied by. */
function lowerGradient(graph: GraphBuilder, expr: Expr<NllGrad>): { oneHot: string; scale: string } {
  const [grad, target, weight] = expr.inputs;
  if (grad === undefined || target === undefined) throw new Error('nll_loss_backward takes two inputs');
  const { reduction, ignoreIndex, shape } = expr.attributes;
  const { dtype } = expr;
  const dim = classDim(shape);
  const { labels, weights, ignored } = lowerLabels(graph, target, weight, ignoreIndex, dtype);
  const oneHot = graph.cast(lowerOneHot(graph, labels, target.shape.length, shape), 'float32', dtype);
  return { oneHot, scale: lowerScale(graph, grad, target, { weights, ignored }, reduction, dim) };
}

/** In float32, for ONNX Runtime has no float64 here, nor labels without dimensions. */
function lowerOneHot(graph: GraphBuilder, labels: string, rank: number, shape: Shape): string {
  const dim = classDim(shape);
  const depth = graph.scalar(shape[dim] ?? 0, 'int64');
  const values = graph.list([0, 1], 'float32');
  if (rank > 0) return graph.node('OneHot', [labels, depth, values], { axis: dim });
  const axes = graph.ints([0]);
  const list = graph.node('Unsqueeze', [labels, axes]);
  return graph.node('Squeeze', [graph.node('OneHot', [list, depth, values], { axis: 1 }), axes]);
}

function lowerScale(
  graph: GraphBuilder,
  grad: Expr,
  target: Expr,
  { weights, ignored }: { weights: string | undefined; ignored: string | undefined },
  reduction: Reduction,
  dim: number,
): string {
  const { dtype } = grad;
  const perSample = (name: string) =>
    target.shape.length === 0 ? name : graph.node('Unsqueeze', [name, graph.ints([dim])]);
  if (weights === undefined) {
    const samples = reduction === 'mean' ? numel(target.shape) : 1;
    const constant = constantGradient(grad);
    if (constant !== undefined) return graph.scalar(constant / samples, dtype);
    if (reduction === 'none') return perSample(graph.value(grad));
    return graph.node('Div', [graph.value(grad), graph.scalar(samples, dtype)]);
  }
  const scaled = graph.node('Mul', [graph.value(grad), weights]);
  if (reduction !== 'mean') return perSample(scaled);
  const share = graph.node('Div', [scaled, graph.node('ReduceSum', [weights], { keepdims: 0 })]);
  // Where all are ignored, 0 / 0 is no gradient.
  return perSample(
    ignored === undefined ? share : graph.node('Where', [ignored, graph.scalar(0, dtype), share]),
  );
}

/** (softmax − one-hot) · scale, if `grad` comes from `nll_loss` without class weights over `dim`. */
export function crossEntropyGradient(
  graph: GraphBuilder,
  grad: Expr,
  output: Expr,
  dim: number,
): string | undefined {
  if (graph.inputsOf(grad).length === 0) return undefined;
  if (!grad.is(nllGradOp) || !isFloating(grad.dtype) || classDim(grad.attributes.shape) !== dim)
    return undefined;
  const { oneHot, scale } = lowerGradient(graph, grad);
  const difference = graph.node('Sub', [graph.node('Exp', [graph.value(output)]), oneHot]);
  return graph.node('Mul', [difference, scale]);
}
