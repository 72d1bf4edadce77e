/** In which row each node stands: below everything that leads to it, and near to what it leads to. */
import { at, type LayeredEdge, type LayeredNode } from './types';

/** The neighbours of each node: for each the numbers of the edges that arrive, and of those that leave. */
export interface Incidence {
  readonly arriving: readonly number[][];
  readonly leaving: readonly number[][];
}

/** Finds the edges of each node. */
export function incidence(count: number, edges: readonly LayeredEdge[]): Incidence {
  const arriving: number[][] = Array.from({ length: count }, () => []);
  const leaving: number[][] = Array.from({ length: count }, () => []);
  edges.forEach(({ from, to }, i) => {
    leaving[from]?.push(i);
    arriving[to]?.push(i);
  });
  return { arriving, leaving };
}

/** The nodes in an order in which edges lead forward. Throws where edges go in a circle. */
export function topologicalOrder(
  count: number,
  edges: readonly LayeredEdge[],
  { leaving }: Incidence,
): number[] {
  const waiting = new Int32Array(count);
  for (const { to } of edges) waiting[to] = at(waiting, to) + 1;
  const order: number[] = [];
  for (let v = 0; v < count; v++) if (waiting[v] === 0) order.push(v);
  for (let i = 0; i < order.length; i++) {
    for (const e of leaving[order[i] ?? 0] ?? []) {
      const to = edges[e]?.to ?? 0;
      waiting[to] = at(waiting, to) - 1;
      if (waiting[to] === 0) order.push(to);
    }
  }
  if (order.length < count) throw new Error('the edges go in a circle');
  return order;
}

/** How often nodes are moved nearer to their neighbours. */
const passes = 4;

/** The row of each node, counted from 0. */
export function ranksOf(nodes: readonly LayeredNode[], edges: readonly LayeredEdge[]): Int32Array {
  const links = incidence(nodes.length, edges);
  const order = topologicalOrder(nodes.length, edges, links);
  const ranks = new Int32Array(nodes.length);
  const first = nodes.some(({ end }) => end === 'top') ? 1 : 0;
  let deepest = 0;
  const above = (v: number) => {
    let rank = nodes[v]?.end === 'top' ? 0 : first;
    for (const e of links.arriving[v] ?? []) rank = Math.max(rank, at(ranks, edges[e]?.from ?? 0) + 1);
    return rank;
  };
  for (const v of order) {
    ranks[v] = above(v);
    if (nodes[v]?.end !== 'bottom') deepest = Math.max(deepest, at(ranks, v));
  }
  const below = (v: number) => {
    let rank = deepest;
    for (const e of links.leaving[v] ?? []) rank = Math.min(rank, at(ranks, edges[e]?.to ?? 0) - 1);
    return rank;
  };
  nodes.forEach(({ end }, v) => {
    if (end === 'bottom') ranks[v] = deepest + 1;
  });
  for (let pass = 0; pass < passes; pass++) {
    let moved = false;
    for (let i = order.length - 1; i >= 0; i--) {
      const v = order[i] ?? 0;
      if (nodes[v]?.end !== undefined) continue;
      const [arriving, leaving] = [links.arriving[v]?.length ?? 0, links.leaving[v]?.length ?? 0];
      // Where it makes no difference it goes down, so that what leads to it can follow.
      const rank = leaving >= arriving && leaving > 0 ? below(v) : above(v);
      moved ||= rank !== ranks[v];
      ranks[v] = rank;
    }
    if (!moved) break;
  }
  return ranks;
}
