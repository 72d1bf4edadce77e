/** Quantiles: elements at fractions of the way through the sorted ones, or between two of them. */
import { EngineError } from '../../errors';
import { wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { full, fullLike } from '../creation/creation';
import { defineMethods } from '../methods';
import { timesNumber } from '../pointwise/with-number';
import { permuteOp, reshapeOp } from '../shapes/views';
import { defineSignatures } from '../signatures';
import { sort } from './sorting';

/** What is taken where a quantile lies between two elements. */
export type Interpolation = 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest';

const interpolations: readonly Interpolation[] = ['linear', 'lower', 'higher', 'midpoint', 'nearest'];

/** Options of {@link quantile}. */
export interface QuantileOptions {
  readonly interpolation?: Interpolation;
}

function checkQuantile(name: string, self: Tensor, q: Tensor, interpolation: Interpolation): void {
  if (self.numel() === 0) throw new EngineError(`${name}() input tensor must be non-empty`);
  if (q.ndim > 1) throw new EngineError(`${name}() q must be a scalar or 1D tensor`);
  if (self.dtype !== 'float32' && self.dtype !== 'float64') {
    throw new EngineError(`${name}() input tensor must be either float or double dtype`);
  }
  if (self.dtype !== q.dtype)
    throw new EngineError(`${name}() q tensor must be same dtype as the input tensor`);
  if (!interpolations.includes(interpolation)) {
    throw new EngineError(
      `${name}() interpolation must be one of linear, lower, higher, midpoint or nearest, but got ${interpolation}`,
    );
  }
  for (const value of q.expr.buffer?.host ?? []) {
    if (!(value >= 0 && value <= 1)) {
      throw new EngineError(`${name}() q values must be in the range [0, 1], but got ${value}`);
    }
  }
}

/** The elements sorted along the last dimension: along `dim`, which is swapped to the end, or all of them. */
function sortedLast(self: Tensor, dim: number | undefined): Tensor {
  if (dim === undefined) return sort(self.flatten()).values;
  if (dim === self.ndim - 1) return sort(self).values;
  return sort(self.unsqueeze(-1).transpose(dim, -1)).values;
}

/** Without the dimension `dim`, or with size 1 there. */
function reducedShape(self: Tensor, dim: number | undefined, keepdim: boolean): number[] {
  if (dim === undefined) return keepdim ? self.shape.map(() => 1) : [];
  return self.shape.flatMap((size, i) => (i !== dim ? [size] : keepdim ? [1] : []));
}

function ranksOf(q: Tensor, sorted: Tensor, ignoreNaN: boolean): Tensor {
  const missing = sorted.isnan();
  const last = sorted.size(-1) - 1;
  if (!ignoreNaN) return timesNumber(q, last).maskedFill(missing.any(-1, true), last);
  const ranks = q.mul(missing.logicalNot().sum(-1, true).sub(1));
  return ranks.maskedFill(ranks.detach().lt(0), 0);
}

function rounded(ranks: Tensor, interpolation: Interpolation): Tensor {
  if (interpolation === 'lower') return ranks.floor();
  if (interpolation === 'higher') return ranks.ceil();
  return interpolation === 'nearest' ? ranks.round() : ranks;
}

function interpolated(sorted: Tensor, ranks: Tensor, interpolation: Interpolation): Tensor {
  const below = ranks.long();
  const lower = sorted.gather(-1, below);
  if (interpolation !== 'linear' && interpolation !== 'midpoint') return lower;
  const weights = interpolation === 'midpoint' ? fullLike(ranks, 0.5) : ranks.sub(below);
  return lower.lerp(sorted.gather(-1, ranks.ceil().long()), weights);
}

/** The values with the quantiles, which come last, in front; PyTorch moves them in place, and the nodes are called so. */
function quantilesFirst(values: Tensor): Tensor {
  const shape = [1, ...values.shape];
  const front = apply(reshapeOp, [values], { shape, node: 'UnsqueezeBackward1' });
  const order = shape.map((_, i) => i);
  const dims = [order.length - 1, ...order.slice(1, -1), 0];
  const moved = apply(permuteOp, [front], { dims, node: 'TransposeBackward1' });
  return apply(reshapeOp, [moved], { shape: moved.shape.slice(0, -1), node: 'SqueezeBackward3' });
}

function quantiles(
  name: string,
  self: Tensor,
  given: number | Tensor,
  dim: number | undefined,
  keepdim: boolean,
  interpolation: Interpolation,
): Tensor {
  const { dtype, device } = self;
  if (typeof given === 'number' && !(given >= 0 && given <= 1)) {
    throw new EngineError(`${name}() q must be in the range [0, 1] but got ${given}`);
  }
  const q = typeof given === 'number' ? full([], given, { dtype, device }) : given;
  checkQuantile(name, self, q, interpolation);
  const place = dim === undefined ? undefined : wrapDim(dim, self.ndim);
  const whole = sortedLast(self, place);
  const reduced = reducedShape(self, place, keepdim);
  const sorted = whole.view([...reduced, whole.shape.at(-1) ?? 1]);
  const ranks = rounded(
    ranksOf(q.ndim === 0 ? q.reshape([1]) : q, sorted, name === 'nanquantile'),
    interpolation,
  );
  const values = interpolated(sorted, ranks, interpolation);
  return q.ndim === 0
    ? apply(reshapeOp, [values], { shape: reduced, node: 'SqueezeBackward3' })
    : quantilesFirst(values);
}

/**
 * The `q`-th quantiles of all elements, or along a dimension. Several quantiles come in a new first dimension.
 * @param q between 0 and 1; a tensor must have the type of `self`
 */
export function quantile(
  self: Tensor,
  q: number | Tensor,
  dim?: number,
  keepdim = false,
  { interpolation = 'linear' }: QuantileOptions = {},
): Tensor {
  return quantiles('quantile', self, q, dim, keepdim, interpolation);
}

/** {@link quantile} of the elements that are not NaN. */
export function nanquantile(
  self: Tensor,
  q: number | Tensor,
  dim?: number,
  keepdim = false,
  { interpolation = 'linear' }: QuantileOptions = {},
): Tensor {
  return quantiles('nanquantile', self, q, dim, keepdim, interpolation);
}

defineMethods({ quantile, nanquantile });
defineSignatures(`
  quantile(self, q, dim, keepdim)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The `q`-th quantiles (between 0 and 1) of all elements, or along a dimension. */
    quantile(q: number | Tensor, dim?: number, keepdim?: boolean, options?: QuantileOptions): Tensor;
    /** The quantiles of the elements that are not NaN. */
    nanquantile(q: number | Tensor, dim?: number, keepdim?: boolean, options?: QuantileOptions): Tensor;
  }
}
