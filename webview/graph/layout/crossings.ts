/** In which order things stand in their rows, so that few edges cross: each row is sorted by where its neighbours are. */
import { placesIn, type Rows } from './rows';
import { at } from './types';

/** How often all rows are sorted, downwards and upwards in turn: less often where there is more to sort. */
function sweepsFor(count: number): number {
  if (count < 500) return 24;
  return count < 5000 ? 12 : 6;
}

/** How many times pieces between two rows cross, by the places of their ends. */
function crossingsBetween(
  upper: readonly number[],
  width: number,
  place: Int32Array,
  { below, to }: Rows,
): number {
  const counts = new Int32Array(width + 1);
  let crossings = 0;
  let seen = 0;
  for (const v of upper) {
    const ends = (below[v] ?? []).map(p => at(place, to[p] ?? 0)).sort((a, b) => a - b);
    // Of all that began further left, those that end further right are crossed.
    for (const end of ends) {
      let before = 0;
      for (let i = end + 1; i > 0; i -= i & -i) before += at(counts, i);
      crossings += seen - before;
    }
    for (const end of ends) {
      for (let i = end + 1; i <= width; i += i & -i) counts[i] = at(counts, i) + 1;
      seen++;
    }
  }
  return crossings;
}

/** How many times pieces cross altogether. */
export function countCrossings(rows: Rows): number {
  const place = placesIn(rows.rows, rows.count);
  let sum = 0;
  for (let r = 0; r + 1 < rows.rows.length; r++) {
    sum += crossingsBetween(rows.rows[r] ?? [], rows.rows[r + 1]?.length ?? 0, place, rows);
  }
  return sum;
}

/** A first order: neighbours one after the other, as a walk down from each beginning meets them. */
function walk(rows: Rows): void {
  const met = new Uint8Array(rows.count);
  const found: number[][] = rows.rows.map(() => []);
  const starts = rows.rows.flat();
  const stack: number[] = [];
  for (const start of starts) {
    stack.push(start);
    for (let v = stack.pop(); v !== undefined; v = stack.pop()) {
      if (met[v]) continue;
      met[v] = 1;
      found[at(rows.row, v)]?.push(v);
      // Pieces to go up are taken first, so that what feeds a node stands beside the way to it.
      for (const p of rows.below[v]?.toReversed() ?? []) stack.push(rows.to[p] ?? 0);
      for (const p of rows.above[v]?.toReversed() ?? []) stack.push(rows.from[p] ?? 0);
    }
  }
  for (const [r, row] of found.entries()) rows.rows[r] = row;
}

/** Sorts a row by the mean place of what its members are linked to in the row beside it. */
function sortRow(
  row: number[],
  place: Int32Array,
  links: readonly number[][],
  ends: readonly number[],
): void {
  const wanted = new Map<number, number>();
  row.forEach((v, i) => {
    const list = links[v] ?? [];
    let sum = 0;
    for (const p of list) sum += at(place, ends[p] ?? 0);
    wanted.set(v, list.length === 0 ? i : sum / list.length);
  });
  row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
  for (const [i, v] of row.entries()) place[v] = i;
}

/** Sorts all rows. */
export function reduceCrossings(rows: Rows): void {
  walk(rows);
  const place = placesIn(rows.rows, rows.count);
  let best = countCrossings(rows);
  let kept = rows.rows.map(row => [...row]);
  let idle = 0;
  const sweeps = sweepsFor(rows.count);
  for (let sweep = 0; sweep < sweeps && best > 0 && idle < 4; sweep++) {
    const last = rows.rows.length - 1;
    if (sweep % 2 === 0) {
      for (let r = 1; r <= last; r++) sortRow(rows.rows[r] ?? [], place, rows.above, rows.from);
    } else {
      for (let r = last - 1; r >= 0; r--) sortRow(rows.rows[r] ?? [], place, rows.below, rows.to);
    }
    const crossings = countCrossings(rows);
    idle = crossings < best ? 0 : idle + 1;
    if (crossings < best) {
      best = crossings;
      kept = rows.rows.map(row => [...row]);
    }
  }
  for (const [r, row] of kept.entries()) rows.rows[r] = row;
}
