/** What runs graphs: ONNX Runtime in earnest, the reference interpreter in tests. */
import type { Buffer } from '../expr';
import type { Graph } from './graph';

/** Computes the outputs of a graph. */
export interface Executor {
  /** @param feeds the numbers of `graph.inputs`, in their order */
  run(graph: Graph, feeds: readonly Buffer[]): Promise<Buffer[]>;
}
