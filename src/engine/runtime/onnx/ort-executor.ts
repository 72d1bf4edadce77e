/** Runs graphs by ONNX Runtime. A model is made once for each structure of graph and kept. */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device } from '../../device';
import { EngineError } from '../../errors';
import { type Buffer, HostBuffer } from '../../expr';
import type { Executor } from '../executor';
import { type Graph, structureKey } from '../graph';
import { type LoweredModel, lowerGraph } from './lowering';
import { createSession, fromOrt, toOrt } from './session';

interface Compiled {
  readonly model: Omit<LoweredModel, 'bytes'>;
  readonly session: InferenceSession;
}

/** What ONNX Runtime complains about while it computes, as a sentence: mostly an index out of range. */
function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  // A node that has a name is there to complain: see `GraphBuilder.oneUnless`.
  const [, complaint] = /Name:'([^'.]+)\./.exec(message) ?? [];
  if (complaint !== undefined) throw new EngineError(complaint, { cause: error });
  const [, operator = 'an operator'] = /while running (\w+) node/.exec(message) ?? [];
  const [, reason = message.split('\n')[0]] =
    /was false\. ([^\n]*)|Status Message: ([^\n]*)/.exec(message) ?? [];
  throw new EngineError(`the computation failed in ${operator}: ${reason}`, { cause: error });
}

/** How many sessions are kept; a session of a small model takes about a megabyte. */
const capacity = 128;

/** The executor of a device that ONNX Runtime knows. */
export class OrtExecutor implements Executor {
  /** In the order of their last use. */
  readonly #compiled = new Map<string, Promise<Compiled>>();

  constructor(private readonly device: Device) {}

  async run(graph: Graph, feeds: readonly Buffer[]): Promise<Buffer[]> {
    const { model, session } = await this.#compile(graph);
    const inputs: Record<string, Tensor> = {};
    for (const [i, expr] of graph.inputs.entries()) {
      const data = feeds[i]?.host ?? (await feeds[i]?.read());
      if (data === undefined) throw new Error(`input ${i} has no numbers`);
      inputs[model.inputs[i] ?? ''] = toOrt(data, expr.dtype, expr.shape);
    }
    const results = await session.run(inputs).catch(fail);
    return graph.outputs.map(
      (output, i) => new HostBuffer(fromOrt(results[model.outputs[i] ?? ''], output.dtype)),
    );
  }

  #compile(graph: Graph): Promise<Compiled> {
    const key = structureKey(graph);
    const compiled = this.#compiled.get(key) ?? this.#create(graph);
    this.#compiled.delete(key);
    this.#compiled.set(key, compiled);
    compiled.catch(() => this.#compiled.delete(key));
    this.#evict();
    return compiled;
  }

  async #create(graph: Graph): Promise<Compiled> {
    const { bytes, inputs, outputs } = lowerGraph(graph, this.device);
    return { model: { inputs, outputs }, session: await createSession(bytes, this.device) };
  }

  #evict(): void {
    for (const [key, oldest] of this.#compiled) {
      if (this.#compiled.size <= capacity) return;
      this.#compiled.delete(key);
      oldest.then(({ session }) => session.release()).catch(() => undefined);
    }
  }
}
