/** The negative log-likelihood of numbers whose mean and variance are predicted (Nix and Weigend, 1994). */
import { noGrad } from '../../autograd/grad-mode';
import { EngineError } from '../../errors';
import { formatShape, type Shape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply, inPlace } from '../apply';
import { defineOp } from '../op';
import { type Reduction, reduceLoss } from './pairwise';

/** Options of {@link gaussianNllLoss}. */
export interface GaussianOptions {
  /** Whether the constant ½ log 2π is added. */
  readonly full?: boolean;
  /** The smallest variance. */
  readonly eps?: number;
  readonly reduction?: Reduction;
}

/** PyTorch's complaint. */
const negativeVariance = 'var has negative entry/entries';

/** The variance beside an input of this shape: of each element, of each last dimension, or of all. */
function besides(shape: Shape, variance: Tensor): Tensor {
  if (sameShape(shape, variance.shape)) return variance;
  if (sameShape(shape.slice(0, -1), variance.shape)) return variance.unsqueeze(-1);
  if (
    variance.ndim > 0 &&
    sameShape(shape.slice(0, -1), variance.shape.slice(0, -1)) &&
    variance.size(-1) === 1
  )
    return variance;
  throw new EngineError(
    `var is of incorrect size: ${formatShape(variance.shape)} beside ${formatShape(shape)}`,
  );
}

/**
 * max(σ², eps), of variances that are not negative: else the computation stops. Not asked on WebGPU, as with the
 * probabilities of binary cross-entropy.
 */
const boundedVarianceOp = defineOp<{ eps: number }>({
  name: 'bounded_variance',
  formula: 'max(σ², ε)',
  infer: ([variance]) => ({ shape: variance?.shape ?? [], dtype: variance?.dtype ?? 'float32' }),
  lower(graph, { inputs: [variance], attributes: { eps }, dtype }) {
    if (variance === undefined) throw new Error('a variance is an input');
    const x = graph.value(variance);
    const bounded = graph.node('Max', [x, graph.scalar(eps, dtype)]);
    if (graph.device === 'webgpu') return bounded;
    const negative = graph.cast(graph.node('Less', [x, graph.scalar(0, dtype)]), 'bool', 'int64');
    const count = graph.node('ReduceSum', [negative], { keepdims: 0 });
    const one = graph.cast(graph.oneUnless(count, negativeVariance), 'int64', dtype);
    return graph.node('Mul', [bounded, one]);
  },
  kernel: ([variance], { eps }) =>
    Array.from(variance?.data ?? [], x => {
      if (x < 0) throw new EngineError(negativeVariance);
      return Number.isNaN(x) ? x : Math.max(x, eps);
    }),
});

/** ½ (log σ² + (x − y)² / σ²), where σ² is at least `eps`; the gradient is that of the variance as it was given. */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor,
  { full = false, eps = 1e-6, reduction = 'mean' }: GaussianOptions = {},
): Tensor {
  const bounded = besides(input.shape, variance).clone();
  noGrad(() => inPlace(bounded, x => apply(boundedVarianceOp, [x], { eps })));
  const losses = bounded.log().add(input.sub(target).pow(2).div(bounded)).mul(0.5);
  return reduceLoss(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}
