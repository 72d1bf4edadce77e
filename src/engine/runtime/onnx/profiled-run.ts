/**
 * A run in which ONNX Runtime writes down which of its providers computed what. Every node is named by the operation that
 * it was lowered for, and nothing is optimised away, so that what is written down can be read operation by operation.
 */
import type { Device } from '../../device';
import type { Expr } from '../../expr';
import type { Tensor } from '../../tensor';
import { collect, countUses } from '../graph';
import { realize } from '../realize';
import { GraphBuilder, type NodeAttribute } from './graph-builder';
import { encode, lowerSteps, nameOutputs, valueInfo } from './lowering';
import { createSession, toOrt } from './session';

/** Names nodes by operations: `log_softmax.v7`. */
class NamingBuilder extends GraphBuilder {
  #operation = '';

  override lower(expr: Expr): void {
    this.#operation = expr.op?.name ?? '';
    super.lower(expr);
  }

  override push(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Record<string, NodeAttribute> = {},
    name = '',
  ): void {
    // Nodes that complain have names already; they belong to the operation like the others.
    const place = name === '' ? (outputs[0] ?? '') : name;
    super.push(opType, inputs, outputs, attributes, `${this.#operation}.${place}`);
  }
}

/** The operation that a node of {@link profiledRun} belongs to. */
export function operationOf(node: string): string {
  return node.split('.')[0] ?? '';
}

/**
 * Computes tensors of one device, whose results are dropped.
 * @param prefix begins the name of the JSON file that ONNX Runtime writes: events with a node's name, its operator and provider
 */
export async function profiledRun(tensors: readonly Tensor[], device: Device, prefix: string): Promise<void> {
  const graph = collect(tensors.map(({ expr }) => expr));
  await realize(graph.inputs);
  const builder = new NamingBuilder(device, countUses(graph));
  const names = builder.bindAll(graph.inputs, 'input');
  lowerSteps(builder, graph.steps);
  const outputs = nameOutputs(builder, graph.outputs);
  const { nodes, constants } = builder.finish(outputs);
  const model = encode({
    name: 'graph',
    node: nodes,
    initializer: constants,
    input: graph.inputs.map((input, i) => valueInfo(names[i] ?? '', input)),
    output: graph.outputs.map((output, i) => valueInfo(outputs[i] ?? '', output)),
  });
  const session = await createSession(model, device, {
    graphOptimizationLevel: 'disabled',
    enableProfiling: true,
    profileFilePrefix: prefix,
  });
  const feeds = await Promise.all(
    graph.inputs.map(async (input, i) => {
      if (input.buffer === undefined) throw new Error(`input ${i} has no numbers`);
      return [names[i] ?? '', toOrt(await input.buffer.read(), input.dtype, input.shape)] as const;
    }),
  );
  await session.run(Object.fromEntries(feeds));
  session.endProfiling();
  await session.release();
}
