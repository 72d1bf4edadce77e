/**
 * Where things stand within their rows, after U. Brandes and B. Köpf, "Fast and Simple Horizontal Coordinate
 * Assignment" (2001): what an edge links is put into one upright line wherever nothing stronger is crossed, four times
 * (from above and from below, to the left and to the right); then the four are averaged.
 */
import { placesIn, type Rows, straightness } from './rows';
import { at } from './types';

/** How far things reach from their upright lines. */
export interface Extents {
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  /** Half of the room between neighbours. */
  readonly gap: ArrayLike<number>;
}

/** The pieces that cross one that is to be straighter: these give way. */
function yielding(rows: Rows, place: Int32Array): Uint8Array {
  const yields = new Uint8Array(rows.from.length);
  for (const level of [straightness.bends, straightness.main]) {
    for (let r = 0; r + 1 < rows.rows.length; r++) {
      const upper = rows.rows[r] ?? [];
      const pieces = upper.flatMap(v => rows.below[v] ?? []);
      const strong = (p: number) => at(rows.straight, p) >= level;
      const lower = (p: number) => at(place, rows.to[p] ?? 0);
      /** Of the strong pieces that begin further left, the end furthest right; and the other way round. */
      const before = new Float64Array(upper.length + 1).fill(-1);
      const after = new Float64Array(upper.length + 1).fill(Number.POSITIVE_INFINITY);
      for (let i = 0; i < upper.length; i++) {
        const ends = (rows.below[upper[i] ?? 0] ?? []).filter(strong).map(lower);
        before[i + 1] = Math.max(at(before, i), ...ends);
      }
      for (let i = upper.length - 1; i >= 0; i--) {
        const ends = (rows.below[upper[i] ?? 0] ?? []).filter(strong).map(lower);
        after[i] = Math.min(at(after, i + 1), ...ends);
      }
      for (const p of pieces) {
        const start = at(place, rows.from[p] ?? 0);
        if (!strong(p) && (at(before, start) > lower(p) || at(after, start + 1) < lower(p))) yields[p] = 1;
      }
    }
  }
  return yields;
}

/** One of the four ways. */
interface Way {
  readonly downwards: boolean;
  readonly leftwards: boolean;
}

/** The straightest of the pieces at each thing. */
function straightest(rows: Rows, links: readonly number[][]): Int32Array {
  return Int32Array.from(links, pieces =>
    pieces.reduce((most, p) => Math.max(most, at(rows.straight, p)), -1),
  );
}

/** The one piece or the two in the middle, by where they end. */
function middle(pieces: readonly number[], placeOf: (piece: number) => number): readonly number[] {
  if (pieces.length < 2) return pieces;
  const sorted = [...pieces].sort((a, b) => placeOf(a) - placeOf(b));
  const low = Math.floor((sorted.length - 1) / 2);
  return sorted.slice(low, Math.ceil((sorted.length - 1) / 2) + 1);
}

/** Puts things into upright lines; gives for each the first of its line. */
function lines(
  rows: Rows,
  order: readonly (readonly number[])[],
  yields: Uint8Array,
  { downwards }: Way,
): Int32Array {
  const root = Int32Array.from({ length: rows.count }, (_, v) => v);
  const next = Int32Array.from(root);
  const place = placesIn(order, rows.count);
  const [links, others, ends] = downwards
    ? [rows.above, rows.below, rows.from]
    : [rows.below, rows.above, rows.to];
  const [here, there] = [straightest(rows, links), straightest(rows, others)];
  for (const row of downwards ? order : order.toReversed()) {
    let taken = -1;
    for (const v of row) {
      // A line goes on where both of its ends have nothing straighter.
      const free = (links[v] ?? []).filter(
        p => yields[p] === 0 && rows.straight[p] === here[v] && rows.straight[p] === there[ends[p] ?? 0],
      );
      for (const p of middle(free, piece => at(place, ends[piece] ?? 0))) {
        const u = ends[p] ?? 0;
        if (next[v] !== v || at(place, u) <= taken) continue;
        next[u] = v;
        root[v] = at(root, u);
        next[v] = at(root, v);
        taken = at(place, u);
      }
    }
  }
  return root;
}

/** Sets lines side by side, as near as they may be. */
function compact(
  order: readonly (readonly number[])[],
  root: Int32Array,
  extents: Extents,
  mirrored: boolean,
): Float64Array {
  const [front, back] = mirrored ? [extents.right, extents.left] : [extents.left, extents.right];
  const next: { readonly line: number; readonly apart: number }[][] = Array.from(root, () => []);
  const waiting = new Int32Array(root.length);
  for (const row of order) {
    for (let i = 1; i < row.length; i++) {
      const [a, b] = [row[i - 1] ?? 0, row[i] ?? 0];
      const apart = at(back, a) + at(extents.gap, a) + at(extents.gap, b) + at(front, b);
      next[at(root, a)]?.push({ line: at(root, b), apart });
      waiting[at(root, b)] = at(waiting, at(root, b)) + 1;
    }
  }
  const sorted: number[] = [];
  root.forEach((first, v) => {
    if (first === v && waiting[v] === 0) sorted.push(v);
  });
  const x = new Float64Array(root.length);
  for (let i = 0; i < sorted.length; i++) {
    const line = sorted[i] ?? 0;
    for (const { line: other, apart } of next[line] ?? []) {
      x[other] = Math.max(at(x, other), at(x, line) + apart);
      waiting[other] = at(waiting, other) - 1;
      if (waiting[other] === 0) sorted.push(other);
    }
  }
  // What has room moves towards its neighbour on the other side.
  for (const line of sorted.reverse()) {
    let most = Number.POSITIVE_INFINITY;
    for (const { line: other, apart } of next[line] ?? []) most = Math.min(most, at(x, other) - apart);
    if (most < Number.POSITIVE_INFINITY) x[line] = Math.max(at(x, line), most);
  }
  return Float64Array.from(root, first => at(x, first));
}

function oneWay(rows: Rows, extents: Extents, yields: Uint8Array, way: Way): Float64Array {
  const order = way.leftwards ? rows.rows : rows.rows.map(row => row.toReversed());
  const x = compact(order, lines(rows, order, yields, way), extents, !way.leftwards);
  return way.leftwards ? x : x.map(value => -value);
}

const ways: readonly Way[] = [
  { downwards: true, leftwards: true },
  { downwards: true, leftwards: false },
  { downwards: false, leftwards: true },
  { downwards: false, leftwards: false },
];

/** The upright line of each node and bend. */
export function placeAcross(rows: Rows, extents: Extents): Float64Array {
  const place = placesIn(rows.rows, rows.count);
  const yields = yielding(rows, place);
  const found = ways.map(way => {
    const x = oneWay(rows, extents, yields, way);
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    x.forEach((value, v) => {
      from = Math.min(from, value - at(extents.left, v));
      to = Math.max(to, value + at(extents.right, v));
    });
    return { x, from, to, way };
  });
  const [narrowest] = [...found].sort((a, b) => a.to - a.from - (b.to - b.from));
  const { from = 0, to = 0 } = narrowest ?? {};
  const shifts = found.map(each => (each.way.leftwards ? from - each.from : to - each.to));
  return Float64Array.from({ length: rows.count }, (_, v) => {
    const four = found.map(({ x }, i) => at(x, v) + at(shifts, i)).sort((a, b) => a - b);
    return (at(four, 1) + at(four, 2)) / 2;
  });
}
