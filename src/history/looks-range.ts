/**
 * Which values a page shows of a tensor: all, or those where nearly all are, so that a single value far out, or a single
 * step at which everything was far out, does not press all others into one line.
 */
import type { ValueScale, ValueSpan } from '../protocol/looks-page';
import type { KeptTensor } from './looks-line';
import { type Piece, piecesOf } from './looks-rebin';
import type { SeenAt } from './looks-tensors';

/** On either side so large a share of the values of a step may lie outside. */
const outside = 0.005;

/** A step whose values reach so many times further than those of nearly all steps is passed over. */
const farOut = 8;

/** Nearly all steps. */
const nearlyAll = 0.9;

/** Of the powers of ten that a logarithmic scale shows, the most. */
const mostDecades = 12;

/** The value below which a share of those in the pieces lies. */
export function quantile(pieces: readonly Piece[], share: number): number | undefined {
  const total = pieces.reduce((sum, { count }) => sum + count, 0);
  let left = share * total;
  for (const { low, high, count } of pieces) {
    if (left <= count) return low + (high - low) * (left / count);
    left -= count;
  }
  return pieces.at(-1)?.high;
}

/** All values of all looks lie in this range. */
export function fullSpan(seen: readonly SeenAt[]): ValueSpan {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { tensor } of seen) {
    low = Math.min(low, tensor.statistics.min ?? low);
    high = Math.max(high, tensor.statistics.max ?? high);
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

const reach = ({ low, high }: ValueSpan) => Math.max(Math.abs(low), Math.abs(high));

/** What {@link usualSpanOf} has found before: a page asks again with every look that is added. */
const spansFound = new WeakMap<KeptTensor, ValueSpan | null>();

/** Where nearly all values of a look are; null where all are zero. Zeros say nothing of how far others reach. */
function usualSpanOf(tensor: KeptTensor): ValueSpan | null {
  const known = spansFound.get(tensor);
  if (known !== undefined) return known;
  const pieces = piecesOf(tensor).filter(({ low, high }) => low < high || low !== 0);
  const low = quantile(pieces, outside);
  const high = quantile(pieces, 1 - outside);
  const span = low === undefined || high === undefined ? null : { low, high };
  spansFound.set(tensor, span);
  return span;
}

/** Where nearly all values of nearly all looks are; of all looks where a scale has room for that. */
export function usualSpan(seen: readonly SeenAt[], scale: ValueScale): ValueSpan {
  const spans = seen.map(({ tensor }) => usualSpanOf(tensor)).filter(span => span !== null);
  const reaches = spans.map(reach).sort((a, b) => a - b);
  const usual = reaches[Math.floor(nearlyAll * (reaches.length - 1))] ?? 0;
  const kept = scale === 'log' || usual === 0 ? spans : spans.filter(span => reach(span) <= farOut * usual);
  if (kept.length === 0) return { low: 0, high: 0 };
  const low = Math.min(...kept.map(span => span.low));
  const high = Math.max(...kept.map(span => span.high));
  const zeros = seen.some(({ tensor }) => tensor.statistics.zeros > 0);
  // A range that nearly begins at zero begins there.
  if (low > 0 && (zeros || low < high / 4)) return { low: 0, high };
  if (high < 0 && (zeros || high > low / 4)) return { low, high: 0 };
  return { low, high };
}

/** A range in which something can be seen, even of values that are all the same. */
export function withWidth({ low, high }: ValueSpan): ValueSpan {
  if (high - low > 1e-6 * Math.max(Math.abs(low), Math.abs(high))) return { low, high };
  const room = Math.abs(low) / 10 || 1;
  return { low: low - room, high: high + room };
}

/** Nearer to zero than this a logarithmic scale is linear. */
function nearest(seen: readonly SeenAt[], { low, high }: ValueSpan): number {
  const furthest = Math.max(Math.abs(low), Math.abs(high));
  let least = furthest / 100;
  for (const { tensor } of seen) {
    if (tensor.statistics.norm !== null && tensor.statistics.norm > 0) least = Math.min(least, tensor.near);
  }
  return Math.max(least, furthest / 10 ** mostDecades);
}

/** Edges that cut a range into bins that are equally wide as a scale shows them. */
export function edgesOf(span: ValueSpan, scale: ValueScale, bins: number, seen: readonly SeenAt[]): number[] {
  const { low, high } = span;
  const between = (from: number, to: number, i: number) => from + ((to - from) * i) / bins;
  const inner = Array.from({ length: bins - 1 }, (_, i) => i + 1);
  if (scale === 'linear') return [low, ...inner.map(i => between(low, high, i)), high];
  const near = nearest(seen, span);
  const place = (value: number) => Math.sign(value) * Math.log1p(Math.abs(value) / near);
  const value = (at: number) => Math.sign(at) * near * Math.expm1(Math.abs(at));
  return [low, ...inner.map(i => value(between(place(low), place(high), i))), high];
}
