/** Lowering the natural logarithm. */
import type { DType } from '../../dtype';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';

/** The smallest float32 that GPUs do not take for zero. */
const smallestNormal = 2 ** -126;

/** log x, with log 0 = −∞ on every device: WGSL leaves it open, and drivers answer with −88. */
export function lowerLog(graph: GraphBuilder, x: string, dtype: DType): string {
  const log = graph.node('Log', [x]);
  if (graph.device === 'cpu') return log;
  const isZero = graph.node('Less', [graph.node('Abs', [x]), graph.scalar(smallestNormal, dtype)]);
  return graph.node('Where', [isZero, graph.scalar(Number.NEGATIVE_INFINITY, dtype), log]);
}
