/**
 * The graph cut into rows: an edge that passes rows gets a bend in each of them, so that every piece leads from one
 * row to the next. Edges of the same wire share their bends.
 */
import { at, type LayeredEdge } from './types';

/** How much a piece of an edge is to be upright: pieces between two bends most of all. */
export const straightness = { side: 0, end: 1, bends: 2, main: 3 } as const;

/** Nodes and bends in rows. Numbers below `real` are nodes, the others bends. */
export interface Rows {
  readonly real: number;
  readonly count: number;
  /** What stands in each row, from left to right. */
  readonly rows: number[][];
  readonly row: Int32Array;
  /** The pieces of edges: where each begins, and where it ends in the row below. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly straight: readonly number[];
  /** The pieces that arrive at, and that leave, each node or bend. */
  readonly above: readonly number[][];
  readonly below: readonly number[][];
  /** The bends of each edge, from above. */
  readonly bends: readonly (readonly number[])[];
}

/** The edges of one wire. */
function wires(edges: readonly LayeredEdge[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  edges.forEach(({ from, wire }, e) => {
    const key = `${from} ${wire}`;
    const list = found.get(key);
    if (list === undefined) found.set(key, [e]);
    else list.push(e);
  });
  return found;
}

/** Cuts a graph of `count` nodes. */
export function cutIntoRows(count: number, edges: readonly LayeredEdge[], ranks: Int32Array): Rows {
  const row: number[] = [...ranks];
  const [from, to, straight]: [number[], number[], number[]] = [[], [], []];
  const bends: number[][] = edges.map(() => []);
  const piece = (a: number, b: number, main: boolean) => {
    from.push(a);
    to.push(b);
    const [bendsAbove, bendsBelow] = [a >= count, b >= count];
    if (bendsAbove && bendsBelow) straight.push(straightness.bends);
    else if (!main) straight.push(straightness.side);
    else straight.push(bendsAbove || bendsBelow ? straightness.end : straightness.main);
  };
  for (const list of wires(edges).values()) {
    const top = at(ranks, edges[list[0] ?? 0]?.from ?? 0);
    const main = list.some(e => edges[e]?.main);
    /** What carries the wire in each row below `top`. */
    const chain = [edges[list[0] ?? 0]?.from ?? 0];
    for (const e of list) {
      const edge = edges[e];
      if (edge === undefined) continue;
      const last = at(ranks, edge.to) - top - 1;
      while (chain.length <= last) {
        const bend = row.length;
        row.push(top + chain.length);
        piece(chain[chain.length - 1] ?? 0, bend, main);
        chain.push(bend);
      }
      bends[e] = chain.slice(1, last + 1);
      piece(chain[last] ?? 0, edge.to, edge.main);
    }
  }
  const above: number[][] = row.map(() => []);
  const below: number[][] = row.map(() => []);
  from.forEach((a, p) => {
    below[a]?.push(p);
    above[to[p] ?? 0]?.push(p);
  });
  const depth = row.reduce((most, r) => Math.max(most, r), -1) + 1;
  const rows: number[][] = Array.from({ length: depth }, () => []);
  for (const [v, r] of row.entries()) rows[r]?.push(v);
  return {
    real: count,
    count: row.length,
    rows,
    row: Int32Array.from(row),
    from,
    to,
    straight,
    above,
    below,
    bends,
  };
}

/** The place of each node and bend in its row. */
export function placesIn(order: readonly (readonly number[])[], count: number): Int32Array {
  const places = new Int32Array(count);
  for (const row of order) {
    for (const [i, v] of row.entries()) places[v] = i;
  }
  return places;
}
