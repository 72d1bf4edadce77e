/** From a histogram with fixed edges to the bars that are drawn: values are taken to be evenly spread in their bin. */
import { edgeOf, type Histogram } from '../../src/protocol/tensors';

/** A range of values. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** How many values lie in a range. */
interface Piece extends Range {
  readonly count: number;
}

/** The bins as ranges, from the lowest, within the extremes of the values. */
function piecesOf({ bins, counts, near }: Histogram, { from: min, to: max }: Range): Piece[] {
  return bins.map((bin, i) => {
    const size = Math.abs(bin);
    const [inner, outer] = bin === 0 ? [-near, near] : [edgeOf(size), edgeOf(size + 1)];
    const [low, high] = bin < 0 ? [-outer, -inner] : [inner, outer];
    const from = Math.min(Math.max(low, min), max);
    return { from, to: Math.max(from, Math.min(high, max)), count: counts[i] ?? 0 };
  });
}

/** Where the values are but for the lowest and the highest half of a percent, so that no outlier presses them together. */
export function usualRange(histogram: Histogram, all: Range): Range {
  const pieces = piecesOf(histogram, all);
  const total = pieces.reduce((sum, { count }) => sum + count, 0);
  const at = (share: number, list: readonly Piece[], edge: 'from' | 'to') => {
    let left = total * share;
    for (const piece of list) {
      left -= piece.count;
      if (left < 0) return piece[edge];
    }
    return undefined;
  };
  const from = at(0.005, pieces, 'from') ?? all.from;
  return { from, to: Math.max(from, at(0.005, pieces.toReversed(), 'to') ?? all.to) };
}

/** How many values, as a share of a piece may be a fraction, each of so many equal bars holds. */
export function barsOf(histogram: Histogram, all: Range, { from, to }: Range, count: number): number[] {
  const bars = new Array<number>(count).fill(0);
  const width = (to - from) / count;
  const add = (bar: number, part: number) => {
    if (bar >= 0 && bar < count) bars[bar] = (bars[bar] ?? 0) + part;
  };
  for (const piece of piecesOf(histogram, all)) {
    const span = piece.to - piece.from;
    const first = Math.floor((piece.from - from) / width);
    if (span === 0) {
      add(piece.from === to ? count - 1 : first, piece.count);
      continue;
    }
    const last = Math.min(count - 1, Math.floor((piece.to - from) / width));
    for (let bar = Math.max(0, first); bar <= last; bar++) {
      const low = Math.max(piece.from, from + bar * width);
      const high = Math.min(piece.to, from + (bar + 1) * width);
      add(bar, (piece.count * Math.max(0, high - low)) / span);
    }
  }
  return bars;
}
