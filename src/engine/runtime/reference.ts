/**
 * The reference interpreter: computes a graph operation by operation with the plain kernels that stand in
 * `ops/`, accumulating in 64 bits and rounding each result to its type. The tests hold ONNX Runtime to it.
 */
import { allocate, type DType, type TypedArray } from '../dtype';
import { type Buffer, type Expr, HostBuffer } from '../expr';
import { constantOf } from '../ops/number';
import type { Values } from '../ops/op';
import { numel } from '../shape';
import type { Executor } from './executor';
import type { Graph } from './graph';

/** Rounds numbers to a type, as a cast does: integers wrap around, bool is "not zero". */
export function roundTo(dtype: DType, numbers: ArrayLike<number>): TypedArray {
  const rounded = allocate(dtype, numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] ?? 0;
    if (rounded instanceof BigInt64Array)
      rounded[i] = Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
    else rounded[i] = dtype === 'bool' ? Number(value !== 0) : value;
  }
  return rounded;
}

/** Elements as 64-bit floating point. */
export function toValues(expr: Expr, data: TypedArray): Values {
  const { shape, dtype } = expr;
  const numbers = data instanceof Float64Array ? data : Float64Array.from(data, Number);
  return { shape, dtype, data: numbers };
}

/** A plain number beside tensors of 64 bits takes part with all of its bits; elsewhere it is rounded like they are. */
function exactNumber(input: Expr, { inputs }: Expr): TypedArray | undefined {
  const value = inputs.some(({ dtype }) => dtype === 'float64') ? constantOf(input) : undefined;
  return value === undefined ? undefined : Float64Array.of(value);
}

/** Computes the outputs of a graph at once, on the host. */
export function interpret(graph: Graph, feeds: readonly TypedArray[]): TypedArray[] {
  const known = new Map<Expr, TypedArray>();
  graph.inputs.forEach((input, i) => {
    const feed = feeds[i];
    if (feed?.length !== numel(input.shape)) throw new Error(`input ${i} has ${feed?.length} elements`);
    known.set(input, feed);
  });
  const lookUp = (expr: Expr): TypedArray => {
    const data = known.get(expr);
    if (data === undefined) throw new Error(`${expr.op?.name} was used before it was computed`);
    return data;
  };
  for (const step of graph.steps) {
    const inputs = step.inputs.map(input => toValues(input, exactNumber(input, step) ?? lookUp(input)));
    const numbers = step.op?.kernel(inputs, step.attributes, step) ?? [];
    if (numbers.length !== numel(step.shape)) {
      throw new Error(`the kernel of ${step.op?.name} gave ${numbers.length} numbers for [${step.shape}]`);
    }
    known.set(step, roundTo(step.dtype, numbers));
  }
  return graph.outputs.map(lookUp);
}

/** The interpreter as an executor. */
export const referenceExecutor: Executor = {
  async run(graph: Graph, feeds: readonly Buffer[]): Promise<Buffer[]> {
    const arrays = await Promise.all(feeds.map(feed => feed.read()));
    return interpret(graph, arrays).map(data => new HostBuffer(data));
  },
};
