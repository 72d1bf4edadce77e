/**
 * Which values a page shows of a tensor: all, or those where nearly all are, so that a single value far out, or a single
 * step at which everything was far out, does not press all others into one line.
 */
import type { ValueScale, ValueSpan } from '../protocol/looks-page';
import { edgeOf } from '../protocol/tensors';
import { type KeptTensor, lastBin } from './looks-line';
import { type Piece, piecesOf } from './looks-rebin';
import type { SeenAt } from './looks-tensors';

/** On either side so large a share of the values of a step may lie outside. */
const outside = 0.005;

/** A step whose values reach so many times further than those of nearly all steps is passed over. */
const farOut = 8;

/** What reaches no further than so many times as far as nearly all values of all steps is shown too. */
const notMuchFurther = 1.5;

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

/** Where nearly all values of some looks taken together are. */
function pooledSpan(seen: readonly KeptTensor[]): ValueSpan {
  // All histograms have the same edges.
  const counts = new Float64Array(2 * lastBin + 1);
  for (const { bins, counts: own } of seen) {
    bins.forEach((bin, i) => {
      if (bin !== 0) counts[lastBin + bin] = (counts[lastBin + bin] ?? 0) + (own[i] ?? 0);
    });
  }
  const pieces = Array.from(counts, (count, place) => {
    const bin = place - lastBin;
    const [inner, outer] = [edgeOf(Math.abs(bin)), edgeOf(Math.abs(bin) + 1)];
    return bin < 0 ? { low: -outer, high: -inner, count } : { low: inner, high: outer, count };
  }).filter(({ count }) => count > 0);
  return { low: quantile(pieces, outside) ?? 0, high: quantile(pieces, 1 - outside) ?? 0 };
}

/**
 * Where nearly all values of nearly all looks are, on a scale that has no room for all of them: where nearly all values
 * of all looks together are and, so far as that is not much further, those of each look.
 */
function limitedSpan(looks: readonly { readonly tensor: KeptTensor; readonly span: ValueSpan }[]): ValueSpan {
  const reaches = looks.map(({ span }) => reach(span)).sort((a, b) => a - b);
  const usual = reaches[Math.floor(nearlyAll * (reaches.length - 1))] ?? 0;
  const kept = looks.filter(({ span }) => reach(span) <= farOut * usual || usual === 0);
  const pooled = pooledSpan(kept.map(({ tensor }) => tensor));
  const limit = notMuchFurther * reach(pooled) || Number.POSITIVE_INFINITY;
  const each = kept.map(({ span }) => span);
  return {
    low: Math.max(-limit, Math.min(...each.map(({ low }) => low))),
    high: Math.min(limit, Math.max(...each.map(({ high }) => high))),
  };
}

/** Where nearly all values of nearly all looks are; of all looks where a scale has room for that. */
export function usualSpan(seen: readonly SeenAt[], scale: ValueScale): ValueSpan {
  const looks = seen.flatMap(({ tensor }) => {
    const span = usualSpanOf(tensor);
    return span === null ? [] : [{ tensor, span }];
  });
  if (looks.length === 0) return { low: 0, high: 0 };
  const spans = looks.map(({ span }) => span);
  const { low, high } =
    scale === 'linear'
      ? limitedSpan(looks)
      : { low: Math.min(...spans.map(span => span.low)), high: Math.max(...spans.map(span => span.high)) };
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
