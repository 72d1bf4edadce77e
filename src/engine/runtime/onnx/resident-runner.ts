/** Single steps on a GPU: the state stays in the GPU's memory from one step to the next. */
import type * as ort from 'onnxruntime-node';
import type { Device } from '../../device';
import { allocate, type DType, type TypedArray } from '../../dtype';
import { type Buffer, type Expr, HostBuffer } from '../../expr';
import { numel } from '../../shape';
import { collect } from '../graph';
import { resultsOf, type StepProgram, type StepResult, type StepRunner, usesInStep } from '../step-program';
import { encode, lowerGraph, valueInfo } from './lowering';
import { createSession, fromOrt, toOrt } from './session';

/** Numbers in the GPU's memory. */
class GpuBuffer implements Buffer {
  readonly host = undefined;

  constructor(
    readonly tensor: ort.Tensor,
    private readonly device: Device,
    private readonly expr: Expr,
  ) {}

  async read(): Promise<TypedArray> {
    const reader = await readerFor(this.device, this.expr);
    const { output } = await reader.run({ input: this.tensor });
    return fromOrt(output, this.expr.dtype);
  }

  dispose(): void {
    this.tensor.dispose();
  }
}

const readers = new Map<string, Promise<ort.InferenceSession>>();

/** A model that copies its input to the host: ONNX Runtime's own `getData` ends the process. */
function readerFor(device: Device, expr: Expr): Promise<ort.InferenceSession> {
  const key = `${device} ${expr.dtype} [${expr.shape}]`;
  let reader = readers.get(key);
  if (reader === undefined) {
    const bytes = encode({
      name: 'read',
      node: [{ opType: 'Identity', input: ['input'], output: ['output'], attribute: [] }],
      initializer: [],
      input: [valueInfo('input', expr)],
      output: [valueInfo('output', expr)],
    });
    reader = createSession(bytes, device, { preferredOutputLocation: 'cpu' });
    readers.set(key, reader);
  }
  return reader;
}

/** Types that WebGPU computes with; others stay on the host. */
const residentTypes: ReadonlySet<DType> = new Set<DType>(['float32', 'int32']);

/** Compiles a step for a GPU. */
export async function createResidentRunner(program: StepProgram): Promise<StepRunner> {
  const { device, state, newState, inputs } = program;
  const outputs = [...program.outputs, ...program.observed];
  const graph = collect(resultsOf(program), new Set([...state, ...inputs]));
  const model = lowerGraph(graph, device, usesInStep(program));
  const locations: Record<string, ort.Tensor.DataLocation> = {};
  model.outputs.forEach((name, i) => {
    const expr = newState[i];
    locations[name] = expr !== undefined && residentTypes.has(expr.dtype) ? 'gpu-buffer' : 'cpu';
  });
  const session = await createSession(model.bytes, device, { preferredOutputLocation: locations });
  const nameOf = new Map(graph.inputs.map((expr, i) => [expr, model.inputs[i] ?? '']));
  const constants: Record<string, ort.Tensor> = {};
  for (const [expr, name] of nameOf) {
    if (expr.buffer === undefined) continue;
    constants[name] = toOrt(await expr.buffer.read(), expr.dtype, expr.shape);
  }

  async function toTensor(buffer: Buffer | undefined, expr: Expr): Promise<ort.Tensor> {
    if (buffer instanceof GpuBuffer) return buffer.tensor;
    return toOrt((await buffer?.read()) ?? allocate(expr.dtype, 0), expr.dtype, expr.shape);
  }

  async function run(
    count: number,
    given: readonly Buffer[],
    feeds: readonly TypedArray[],
  ): Promise<StepResult> {
    let current = await Promise.all(state.map((expr, i) => toTensor(given[i], expr)));
    const stacked = outputs.map(expr => allocate(expr.dtype, count * numel(expr.shape)));
    for (let step = 0; step < count; step++) {
      const values: Record<string, ort.Tensor> = { ...constants };
      state.forEach((expr, i) => {
        const name = nameOf.get(expr);
        const tensor = current[i];
        if (name !== undefined && tensor !== undefined) values[name] = tensor;
      });
      inputs.forEach((expr, i) => {
        const name = nameOf.get(expr);
        const size = numel(expr.shape);
        const feed = feeds[i]?.subarray(step * size, (step + 1) * size);
        if (name !== undefined && feed !== undefined) values[name] = toOrt(feed, expr.dtype, expr.shape);
      });
      const results = await session.run(values);
      const next = state.map((_, i) => results[model.outputs[i] ?? '']);
      current.forEach((tensor, i) => {
        if (tensor.location === 'gpu-buffer' && tensor !== next[i]) tensor.dispose();
      });
      current = next.flatMap(tensor => tensor ?? []);
      outputs.forEach((expr, i) => {
        const data = fromOrt(results[model.outputs[state.length + i] ?? ''], expr.dtype);
        copyInto(stacked[i], data, step * data.length);
      });
    }
    return {
      state: state.map((expr, i) => {
        const tensor = current[i];
        if (tensor === undefined) throw new Error(`the state ${i} is missing after a step`);
        if (tensor.location === 'cpu') return new HostBuffer(fromOrt(tensor, expr.dtype));
        return new GpuBuffer(tensor, device, expr);
      }),
      outputs: stacked,
    };
  }
  return { run, release: () => session.release() };
}

function copyInto(target: TypedArray | undefined, source: TypedArray, start: number): void {
  if (target instanceof BigInt64Array && source instanceof BigInt64Array) target.set(source, start);
  else if (!(target instanceof BigInt64Array) && !(source instanceof BigInt64Array))
    target?.set(source, start);
}
