/**
 * From the fixed bins in which values are counted to those that a page draws. Inside of a fixed bin values are taken to
 * be evenly spread; none is lost and none is made: the counts are whole numbers, and their sum stays what it was.
 */
import { edgeOf } from '../protocol/tensors';
import { type KeptTensor, lastBin } from './looks-line';

/** How many values are below all bins, in each bin, and above all bins. */
export interface Rebinned {
  readonly below: number;
  readonly counts: number[];
  readonly above: number;
}

const edgeTable = Float64Array.from({ length: lastBin + 2 }, (_, bin) => (bin === 0 ? 0 : edgeOf(bin)));

/** Values that are spread evenly over a range, or are all the same. */
export interface Piece {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Where the values of a tensor are, from the lowest on. Zeros are a piece of their own. */
export function piecesOf({ statistics, bins, counts, near }: KeptTensor): Piece[] {
  const { min, max, zeros } = statistics;
  if (min === null || max === null) return [];
  const pieces: Piece[] = [];
  // The extremes are known: beyond them the outermost bins are empty.
  const add = (low: number, high: number, count: number) => {
    const from = Math.min(Math.max(low, min), max);
    if (count > 0) pieces.push({ low: from, high: Math.max(from, Math.min(high, max)), count });
  };
  bins.forEach((bin, i) => {
    const count = counts[i] ?? 0;
    const size = Math.abs(bin);
    const inner = edgeTable[size] ?? 0;
    const outer = size === lastBin ? Number.MAX_VALUE : (edgeTable[size + 1] ?? 0);
    if (bin < 0) add(-outer, -inner, count);
    else if (bin > 0) add(inner, outer, count);
    else {
      const exact = Math.min(zeros, count);
      const low = Math.max(-near, Math.min(min, 0));
      const high = Math.min(near, Math.max(max, 0));
      const share = high > low ? -low / (high - low) : 0;
      add(low, 0, (count - exact) * share);
      add(0, 0, exact);
      add(0, high, (count - exact) * (1 - share));
    }
  });
  return pieces;
}

/** How many values of a piece lie before a place; at the place too, where it is the end of all. */
function before({ low, high, count }: Piece, place: number, end: boolean): number {
  if (place >= high && (place > low || end)) return count;
  return place <= low ? 0 : (count * (place - low)) / (high - low);
}

/** Counts values in the bins between edges, the last of which belongs to the last bin. */
export function rebin(tensor: KeptTensor, edges: readonly number[]): Rebinned {
  const pieces = piecesOf(tensor);
  let passed = 0;
  let next = 0;
  const lower = edges.map((edge, i) => {
    const end = i === edges.length - 1;
    let sum = passed;
    for (let p = next; p < pieces.length; p++) {
      const piece = pieces[p];
      if (piece === undefined || piece.low > edge) break;
      const count = before(piece, edge, end);
      sum += count;
      if (count === piece.count && p === next) {
        passed = sum;
        next++;
      }
    }
    return Math.round(sum);
  });
  const total = tensor.counts.reduce((sum, count) => sum + count, 0);
  const counts = lower.slice(1).map((count, i) => count - (lower[i] ?? 0));
  return { below: lower[0] ?? total, counts, above: total - (lower.at(-1) ?? total) };
}
