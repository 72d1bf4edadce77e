/** A layered drawing: rows, the order in them, places, and the ways of edges. The time it takes grows with the graph, hardly faster. */
import { placeAcross } from './across';
import { reduceCrossings } from './crossings';
import { ranksOf } from './ranks';
import { routesOf } from './routes';
import { cutIntoRows, type Rows } from './rows';
import { at, type Layered, type LayeredEdge, type LayeredNode } from './types';

/** Between two rows there is room for the arrows and for what is written beside them. */
const rowGap = 40;
const nodeGap = 24;
const bendGap = 14;

/** Lays a graph out. Throws where edges go in a circle. */
export function layered(nodes: readonly LayeredNode[], edges: readonly LayeredEdge[]): Layered {
  const rows = cutIntoRows(nodes.length, edges, ranksOf(nodes, edges));
  reduceCrossings(rows);
  const extent = (side: 'left' | 'right') => Float64Array.from(rows.row, (_, v) => nodes[v]?.[side] ?? 0);
  const gap = Float64Array.from(rows.row, (_, v) => (v < rows.real ? nodeGap : bendGap) / 2);
  const [left, right] = [extent('left'), extent('right')];
  const x = placeAcross(rows, { left, right, gap });
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  x.forEach((value, v) => {
    from = Math.min(from, value - at(left, v));
    to = Math.max(to, value + at(right, v));
  });
  const shifted = x.map(value => value - from);
  const { tops, heights } = bands(nodes, rows);
  const last = tops.length - 1;
  const places = nodes.map((node, v) => {
    const row = at(rows.row, v);
    return { x: at(shifted, v), y: at(tops, row) + (at(heights, row) - node.height) / 2 };
  });
  return {
    nodes: places,
    routes: routesOf(nodes, edges, places, { rows, x: shifted, tops, heights }),
    width: nodes.length === 0 ? 0 : to - from,
    height: last < 0 ? 0 : at(tops, last) + at(heights, last),
  };
}

/** How high each row is, and where it begins. */
function bands(nodes: readonly LayeredNode[], { rows, row }: Rows): { tops: number[]; heights: number[] } {
  const heights = rows.map(() => 0);
  for (const [v, { height }] of nodes.entries()) {
    const r = at(row, v);
    heights[r] = Math.max(at(heights, r), height);
  }
  const tops: number[] = [];
  let y = 0;
  for (const height of heights) {
    tops.push(y);
    y += height + rowGap;
  }
  return { tops, heights };
}
