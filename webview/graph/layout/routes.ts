/** The ways of edges, once it is known where nodes and bends stand. */
import type { Rows } from './rows';
import { at, type LayeredEdge, type LayeredNode, type Point } from './types';

/** Where rows and bends are. */
export interface Grid {
  readonly rows: Rows;
  readonly x: Float64Array;
  /** Where each row begins, and how high it is. */
  readonly tops: readonly number[];
  readonly heights: readonly number[];
}

/** Edges keep away from the corners of what they lead to, and arrows from each other. */
const corner = 14;
const apart = 14;

/** A place as near to `wanted` as the border of a node allows. */
function onBorder(wanted: number, node: LayeredNode | undefined, x: number): number {
  const [from, to] = [x - (node?.left ?? 0) + corner, x + (node?.right ?? 0) - corner];
  return from > to ? x : Math.min(to, Math.max(from, wanted));
}

/** Where an edge arrives, and where it comes from. */
interface Arrival {
  readonly edge: number;
  readonly origin: number;
  readonly fixed: boolean;
  x: number;
}

/** Moves arrivals at one node away from each other; what is to be straight stays. */
function spread(arrivals: Arrival[]): void {
  arrivals.sort((a, b) => a.x - b.x || a.origin - b.origin);
  const straight = arrivals.findIndex(({ fixed }) => fixed);
  const middle = straight < 0 ? (arrivals.length - 1) >> 1 : straight;
  for (let i = middle + 1; i < arrivals.length; i++) {
    const [before, next] = [arrivals[i - 1], arrivals[i]];
    if (before !== undefined && next !== undefined && !next.fixed)
      next.x = Math.max(next.x, before.x + apart);
  }
  for (let i = middle - 1; i >= 0; i--) {
    const [next, after] = [arrivals[i], arrivals[i + 1]];
    if (next !== undefined && after !== undefined && !next.fixed) next.x = Math.min(next.x, after.x - apart);
  }
}

/** Where each edge arrives. */
function arrivalsOf(
  nodes: readonly LayeredNode[],
  edges: readonly LayeredEdge[],
  places: readonly Point[],
  { rows, x }: Grid,
): number[] {
  const byNode = new Map<number, Arrival[]>();
  const found = edges.map((edge, e): Arrival => {
    const [a, b] = [places[edge.from]?.x ?? 0, places[edge.to]?.x ?? 0];
    const bend = rows.bends[e]?.at(-1);
    const origin = bend === undefined ? a + (edge.fromX ?? 0) : at(x, bend);
    const wanted = edge.toX === undefined ? onBorder(origin, nodes[edge.to], b) : b + edge.toX;
    const fixed = edge.toX !== undefined || (edge.main && Math.abs(wanted - origin) < 0.5);
    const arrival = { edge: e, origin, fixed, x: wanted };
    const list = byNode.get(edge.to);
    if (list === undefined) byNode.set(edge.to, [arrival]);
    else list.push(arrival);
    return arrival;
  });
  for (const list of byNode.values()) if (list.length > 1) spread(list);
  return found.map(arrival => arrival.x);
}

/** The ways of all edges. */
export function routesOf(
  nodes: readonly LayeredNode[],
  edges: readonly LayeredEdge[],
  places: readonly Point[],
  grid: Grid,
): Point[][] {
  const { rows, x, tops, heights } = grid;
  const arrivals = arrivalsOf(nodes, edges, places, grid);
  const bottomOf = (row: number) => at(tops, row) + at(heights, row);
  return edges.map((edge, e) => {
    const [start, end] = [places[edge.from], places[edge.to]];
    if (start === undefined || end === undefined) return [];
    const node = nodes[edge.from];
    const bends = rows.bends[e] ?? [];
    const toX = at(arrivals, e);
    const next = bends[0] === undefined ? toX : at(x, bends[0]);
    const fromX = edge.fromX === undefined ? onBorder(next, node, start.x) : start.x + edge.fromX;
    // Out of a row and into one upright: what stands beside is not touched.
    return withoutIdle([
      { x: fromX, y: start.y + (node?.height ?? 0) },
      { x: fromX, y: bottomOf(at(rows.row, edge.from)) },
      ...bends.flatMap(bend => {
        const row = at(rows.row, bend);
        return [
          { x: at(x, bend), y: at(tops, row) },
          { x: at(x, bend), y: bottomOf(row) },
        ];
      }),
      { x: toX, y: at(tops, at(rows.row, edge.to)) },
      { x: toX, y: end.y },
    ]);
  });
}

/** Leaves out what changes nothing: points twice in one place, and those on an upright line between others. */
export function withoutIdle(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const [last, before] = [kept[kept.length - 1], kept[kept.length - 2]];
    if (last !== undefined && same(last.x, point.x) && same(last.y, point.y)) continue;
    if (last !== undefined && before !== undefined && same(before.x, last.x) && same(last.x, point.x))
      kept.pop();
    kept.push(point);
  }
  return kept;
}

const same = (a: number, b: number) => Math.abs(a - b) < 0.01;
