/** From a graph of expressions to an ONNX model. */
import type { Device } from '../../device';
import type { Expr } from '../../expr';
import { countUses, type Graph } from '../graph';
import { GraphBuilder } from './graph-builder';
import { type Dimension, encodeModel, type GraphProto, type ValueInfo } from './proto';
import { onnxType } from './types';

/** A model and the names of its inputs and outputs, in the order of the graph's. */
export interface LoweredModel {
  readonly bytes: Uint8Array;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Declares a value of the shape and type of an expression; `leading` stands before its dimensions. */
export function valueInfo(name: string, expr: Expr, leading: readonly Dimension[] = []): ValueInfo {
  const dim = [...leading, ...expr.shape.map(dimValue => ({ dimValue }))];
  return { name, type: { tensorType: { elemType: onnxType[expr.dtype], shape: { dim } } } };
}

/** Lowers expressions in their order. */
export function lowerSteps(builder: GraphBuilder, steps: readonly Expr[]): void {
  for (const step of steps) builder.lower(step);
}

/**
 * Names for outputs, no two alike: the names of the values themselves, or of copies where a value is an
 * input or constant of the graph or wanted twice.
 */
export function nameOutputs(builder: GraphBuilder, outputs: readonly Expr[]): string[] {
  const taken = new Set<string>();
  return outputs.map(output => {
    const value = builder.value(output);
    const usable = builder.isComputed(value) && !taken.has(value);
    const name = usable ? value : builder.copy(value);
    taken.add(name);
    return name;
  });
}

/** Wraps a graph as a model file. */
export function encode(graph: GraphProto): Uint8Array {
  return encodeModel({
    irVersion: 10,
    producerName: 'descent',
    opsetImport: [{ domain: '', version: 21 }],
    graph,
  });
}

/**
 * The model that computes a graph for one device.
 * @param uses how many users each expression has; those beyond do not keep it from being fused into its user
 */
export function lowerGraph(graph: Graph, device: Device, uses = countUses(graph)): LoweredModel {
  const builder = new GraphBuilder(device, uses);
  const inputs = builder.bindAll(graph.inputs, 'input');
  lowerSteps(builder, graph.steps);
  const outputs = nameOutputs(builder, graph.outputs);
  const { nodes, constants } = builder.finish(outputs);
  const bytes = encode({
    name: 'graph',
    node: nodes,
    initializer: constants,
    input: graph.inputs.map((input, i) => valueInfo(`input${i}`, input)),
    output: graph.outputs.map((output, i) => valueInfo(outputs[i] ?? '', output)),
  });
  return { bytes, inputs, outputs };
}
