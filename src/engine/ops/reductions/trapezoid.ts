/** Integrals by the trapezoidal rule. */
import { isFloating } from '../../dtype';
import { wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { zeros } from '../creation/creation';
import { overNumber, timesNumber } from '../pointwise/with-number';
import { defineSignatures } from '../signatures';
import { cumsum } from './scans';

/** Where the points lie: `x`, or `dx` apart. */
export interface Spacing {
  readonly x?: Tensor;
  readonly dx?: number;
  readonly dim?: number;
}

/** The widths of the steps, in a shape that meets those of `y`. */
function widths(y: Tensor, x: Tensor, dim: number): Tensor {
  const inFront = Array<number>(Math.max(0, y.ndim - x.ndim)).fill(1);
  const column = y.shape.map((_, i) => (i === dim ? x.numel() : 1));
  const aligned = x.ndim === 1 ? x.view(column) : inFront.length > 0 ? x.view([...inFront, ...x.shape]) : x;
  return aligned.slice(dim, 1).sub(aligned.slice(dim, 0, -1));
}

/** The integral of `y` along a dimension. */
export function trapezoid(y: Tensor, { x, dx = 1, dim = -1 }: Spacing = {}): Tensor {
  const place = wrapDim(dim, y.ndim);
  if (y.size(place) === 0) return zeros(y.shape.toSpliced(place, 1), { dtype: y.dtype, device: y.device });
  if (x === undefined) {
    const ends = timesNumber(y.select(place, 0).add(y.select(place, -1)), 0.5);
    return timesNumber(y.sum(place).sub(ends), dx);
  }
  const both = y.slice(place, 0, -1).add(y.slice(place, 1));
  return overNumber(both.mul(widths(y, x, place)).sum(place), 2);
}

/** The integrals of `y` up to each of its points but the first. */
export function cumulativeTrapezoid(y: Tensor, { x, dx = 1, dim = -1 }: Spacing = {}): Tensor {
  const place = wrapDim(dim, y.ndim);
  const both = y.slice(place, 1).add(y.slice(place, 0, -1));
  if (x === undefined)
    return cumsum(timesNumber(isFloating(y.dtype) ? both : both.to('float32'), dx / 2), place);
  return overNumber(cumsum(both.mul(widths(y, x, place)), place), 2);
}

defineSignatures(`
  trapezoid(y | x, dx, dim)
  trapz = trapezoid(y | x, dx, dim)
  cumulative_trapezoid(y | x, dx, dim)
`);
