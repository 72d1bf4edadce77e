/** Parts of a horizontal axis, on which equal shares are equal distances or, on a logarithmic one, equal ratios. */
import type { Range } from './page-state';

/** The range with each end put elsewhere, in the measure of the axis: a share of 0 is its start, 1 its end. */
export function part(range: Range, log: boolean, from: number, to: number): Range {
  const logarithmic = log && range.from > 0;
  const at = (share: number) =>
    logarithmic
      ? range.from * (range.to / range.from) ** share
      : range.from + share * (range.to - range.from);
  return { from: at(from), to: at(to) };
}

/** A place as a share of the range. */
export function shareOf(range: Range, log: boolean, place: number): number {
  if (log && range.from > 0) return Math.log(place / range.from) / Math.log(range.to / range.from);
  return (place - range.from) / (range.to - range.from);
}

/** The range where there is something to see: moved back over the border of the whole, or null for all of it. */
export function within(range: Range, whole: Range): Range | null {
  const length = range.to - range.from;
  if (length >= whole.to - whole.from) return null;
  if (range.from < whole.from) return { from: whole.from, to: whole.from + length };
  if (range.to > whole.to) return { from: whole.to - length, to: whole.to };
  return range;
}
