/** Computing expressions: finds out what has to run where, runs it, and keeps the results. */
import type { Device } from '../device';
import type { Buffer, Expr } from '../expr';
import { HostBuffer } from '../expr';
import { toDevice } from '../ops/creation/to';
import type { Executor } from './executor';
import { collect } from './graph';
import { OrtExecutor } from './onnx/ort-executor';
import { interpret } from './reference';

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

/** The numbers of a move, or of an operation that only its kernel computes; its inputs are computed first. */
async function computeOnHost(step: Expr): Promise<Buffer> {
  await realize(step.inputs);
  const feeds = await Promise.all(step.inputs.map(input => bufferOf(input).read()));
  const [data] = interpret({ inputs: step.inputs, steps: [step], outputs: [step] }, feeds);
  if (data === undefined) throw new Error(`${step.op?.name} gave no numbers`);
  return new HostBuffer(data);
}

/** Computes all that `exprs` need and no executor computes, the earliest first. */
async function realizeOnHost(exprs: readonly Expr[]): Promise<void> {
  const found = collect(exprs).steps.filter(step => step.is(toDevice) || step.op?.onHost === true);
  for (const step of found) step.buffer ??= await computeOnHost(step);
}

/** Computes expressions that have no numbers yet; those of one device in one run. */
export async function realize(exprs: readonly Expr[]): Promise<void> {
  const missing = [...new Set(exprs)].filter(expr => expr.buffer === undefined);
  if (missing.length === 0) return;
  await realizeOnHost(missing);
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
