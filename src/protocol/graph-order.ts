/** In which order the parameters of a graph are listed: from the first layer to the last, a weight before its bias. */
import type { Graph, GraphNode } from './graph';

/** Compares two parameters, for sorting: layer by layer, and in each as the layer itself lists them. */
export function byLayer({ modules }: Pick<Graph, 'modules'>): (a: GraphNode, b: GraphNode) => number {
  const layers = new Map(modules.map(({ path }, i) => [path, i]));
  const layerOf = ({ module }: GraphNode) => layers.get(module ?? '') ?? layers.size;
  return (a, b) => layerOf(a) - layerOf(b) || b.output.shape.length - a.output.shape.length;
}
