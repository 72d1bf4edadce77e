/** In which order what is in a graph is listed: from the input to the loss, and a weight before its bias. */
import type { Graph, GraphNode } from './graph';

/**
 * The numbers of the nodes in an order in which they can be computed: each after all that lead to it. That nodes are
 * stored from the loss on, depth first, says nothing of it where ways part and meet again.
 */
export function forwardOrder({ nodes }: Pick<Graph, 'nodes'>): number[] {
  const order: number[] = [];
  const visited = new Set<number>();
  // A node is on the stack once to be opened and once to be put down, after everything that leads to it.
  const stack = nodes.map((_, number) => ({ number, opened: false })).reverse();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { number, opened } = top;
    if (opened) order.push(number);
    else if (!visited.has(number)) {
      visited.add(number);
      stack.push({ number, opened: true });
      const next = nodes[number]?.next ?? [];
      for (const from of next.toReversed()) {
        if (from !== null && nodes[from] !== undefined) stack.push({ number: from, opened: false });
      }
    }
  }
  return order;
}

/** Compares two parameters, for sorting: layer by layer, and in each as the layer itself lists them. */
export function byLayer({ modules }: Pick<Graph, 'modules'>): (a: GraphNode, b: GraphNode) => number {
  const layers = new Map(modules.map(({ path }, i) => [path, i]));
  const layerOf = ({ module }: GraphNode) => layers.get(module ?? '') ?? layers.size;
  return (a, b) => layerOf(a) - layerOf(b) || b.output.shape.length - a.output.shape.length;
}
