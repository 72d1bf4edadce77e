/** Reading the graph that a forward pass left behind: from a tensor along `nextFunctions` down to the leaves. */
import type { Tensor } from '../tensor';
import type { GradNode } from './node';

/**
 * The nodes below `root`, each once, each before the nodes that it leads to for the first time: depth first, in the
 * order of `nextFunctions`. Takes graphs of any depth.
 */
export function readGraph(root: Tensor): GradNode[] {
  const seen = new Set<GradNode>();
  const stack = root.gradFn === undefined ? [] : [root.gradFn];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const edge of node.nextFunctions.toReversed()) {
      if (edge !== undefined && !seen.has(edge.node)) stack.push(edge.node);
    }
  }
  return [...seen];
}
