/** Computing expressions: finds out what has to run where, runs it, and keeps the results. */
import type { Device } from '../device';
import type { Buffer, Expr } from '../expr';
import { HostBuffer } from '../expr';
import { toDevice } from '../ops/to';
import type { Executor } from './executor';
import { collect } from './graph';
import { OrtExecutor } from './onnx/ort-executor';

const executors = new Map<Device, Executor>();

/** What computes on a device; the first request starts it. */
export function executorFor(device: Device): Executor {
  let executor = executors.get(device);
  if (executor === undefined) {
    executor = new OrtExecutor(device);
    executors.set(device, executor);
  }
  return executor;
}

/** Lets another executor compute on a device, for tests; returns the one that did so before. */
export function setExecutor(device: Device, executor: Executor): Executor {
  const before = executorFor(device);
  executors.set(device, executor);
  return before;
}

function bufferOf(expr: Expr): Buffer {
  if (expr.buffer === undefined)
    throw new Error('a placeholder has no numbers: it belongs to a compiled step');
  return expr.buffer;
}

/** Computes every move between devices that `exprs` need, the earliest first. */
async function realizeMoves(exprs: readonly Expr[]): Promise<void> {
  const moves = collect(exprs).steps.filter(step => step.is(toDevice));
  for (const move of moves) {
    const [source] = move.inputs;
    if (source === undefined) continue;
    await realize([source]);
    move.buffer = new HostBuffer(await bufferOf(source).read());
  }
}

/** Computes expressions that have no numbers yet; those of one device in one run. */
export async function realize(exprs: readonly Expr[]): Promise<void> {
  const missing = [...new Set(exprs)].filter(expr => expr.buffer === undefined);
  if (missing.length === 0) return;
  await realizeMoves(missing);
  const outputs = missing.filter(expr => expr.buffer === undefined);
  for (const device of new Set(outputs.map(expr => expr.device))) {
    const graph = collect(outputs.filter(expr => expr.device === device));
    const results = await executorFor(device).run(graph, graph.inputs.map(bufferOf));
    results.forEach((buffer, i) => {
      const output = graph.outputs[i];
      if (output !== undefined) output.buffer = buffer;
    });
  }
}
