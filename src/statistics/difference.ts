/** How far two arrays of numbers are apart, element by element. */
import type { TypedArray } from '../engine/dtype';
import type { Histogram, Statistics } from '../protocol/tensors';
import { histogramOf, statisticsOf } from './statistics';

/** The change from one array to another. */
export interface Difference {
  /** Of the changes: their extremes, mean and deviation; their L2 norm is how far the arrays are apart. */
  readonly statistics: Statistics;
  readonly histogram: Histogram;
  /** The norm of the change over the norm of what was changed; null where that is 0 or nothing is finite. */
  readonly relative: number | null;
  /** How many elements are not the same. */
  readonly changed: number;
}

/** What must be added to `before` for `after`. Two NaN count as the same, and so do two infinities of one sign. */
export function changeOf(before: TypedArray, after: TypedArray): Float32Array | Float64Array {
  const single = before instanceof Float32Array && after instanceof Float32Array;
  const change = single ? new Float32Array(before.length) : new Float64Array(before.length);
  if (before instanceof BigInt64Array && after instanceof BigInt64Array) {
    // Large integers lose their last digits as numbers, and their difference may be in these.
    for (let i = 0; i < change.length; i++) change[i] = Number((after[i] ?? 0n) - (before[i] ?? 0n));
    return change;
  }
  for (let i = 0; i < change.length; i++) {
    const [a, b] = [Number(before[i]), Number(after[i])];
    change[i] = Object.is(a, b) || a === b ? 0 : b - a;
  }
  return change;
}

/** Compares two arrays of the same length. */
export function differenceOf(before: TypedArray, after: TypedArray): Difference {
  const change = changeOf(before, after);
  const statistics = statisticsOf(change);
  const { norm } = statisticsOf(before);
  const relative = statistics.norm === null || norm === null || norm === 0 ? null : statistics.norm / norm;
  return { statistics, histogram: histogramOf(change), relative, changed: change.length - statistics.zeros };
}
