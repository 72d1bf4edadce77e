/**
 * Numbers that are needed at once, since the shape of a result depends on them (`nonzero`, `x[mask]`). What was
 * computed before is there; the rest is computed here and now by the reference kernels, without the executor, which
 * answers later. `await x.data()` before is faster where `x` is large.
 */
import type { TypedArray } from '../dtype';
import { EngineError } from '../errors';
import { HostBuffer } from '../expr';
import type { Tensor } from '../tensor';
import { collect } from './graph';
import { interpret } from './reference';

/**
 * The elements of a tensor, row-major.
 * @param name of the operation that needs them
 * @throws EngineError where they are on another device, or known only when a compiled step runs
 */
export function evaluate(tensor: Tensor, name: string): TypedArray {
  const { expr } = tensor;
  const known = expr.buffer?.host;
  if (known !== undefined) return known;
  const graph = collect([expr]);
  const feeds = graph.inputs.map(input => {
    const data = input.buffer?.host;
    if (data !== undefined) return data;
    throw new EngineError(
      input.buffer === undefined
        ? `${name}: the shape of its result depends on numbers, so it cannot be part of a compiled step`
        : `${name}: the shape of its result depends on numbers that are on ${input.device}; move them with .to('cpu')`,
    );
  });
  const [data] = interpret(graph, feeds);
  if (data === undefined) throw new Error(`${name} got no numbers`);
  expr.buffer = new HostBuffer(data);
  return data;
}
