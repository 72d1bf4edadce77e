/**
 * The graph of a file as the pages that draw graphs know them: operations and what comes into them, with modules read from
 * the names that exporters give (`/layer1/conv/Conv`). Shapes between operations are not in the file, and stay unknown.
 */
import type { CheckpointContent, CheckpointGraph, CheckpointTensor } from '../../src/protocol/checkpoint';
import type { Graph, GraphInput, GraphModule, GraphNode, TensorMeta } from '../../src/protocol/graph';

const unknown: TensorMeta = { shape: [], dtype: '' };

/** `layer1.conv` of `/layer1/conv/Conv`; null where the name says nothing of modules. */
function moduleOf(name: string): string | null {
  const parts = name.split('/').filter(Boolean).slice(0, -1);
  return parts.length === 0 ? null : parts.join('.');
}

/** Attributes in few words: `kernel_shape=[3, 3], pads=[1, 1, 1, 1]`. */
function formulaOf(attributes: CheckpointGraph['nodes'][number]['attributes']): string | null {
  if (attributes.length === 0) return null;
  const text = attributes.map(([name, value]) => `${name}=${value}`).join(', ');
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function modulesOf(nodes: readonly GraphNode[], name: string, parameters: number): GraphModule[] {
  const found = new Map<string, number>();
  for (const { module } of nodes) {
    const names = module?.split('.') ?? [];
    for (let i = 1; i <= names.length; i++) found.set(names.slice(0, i).join('.'), 0);
  }
  for (const { parameter, output } of nodes) {
    if (parameter === null) continue;
    const size = output.shape.reduce((product, length) => product * length, 1);
    for (const path of found.keys())
      if (parameter.startsWith(`${path}.`)) found.set(path, (found.get(path) ?? 0) + size);
  }
  const inside = [...found].map(([path, count]) => ({ path, kind: '', description: '', parameters: count }));
  return [{ path: '', kind: name, description: '', parameters }, ...inside];
}

/** The sizes of an input; unknown where one of them is left open. */
function inputMeta({ shape, dtype }: CheckpointGraph['inputs'][number]): TensorMeta {
  const sizes = shape.filter(size => typeof size === 'number');
  return sizes.length === shape.length ? { shape: sizes, dtype } : unknown;
}

function nameOfInput({ name, shape }: CheckpointGraph['inputs'][number]): string {
  return shape.every(size => typeof size === 'number') ? name : `${name} ${shape.join('×')}`;
}

/** Makes the graph. */
export function graphOfFile(graph: CheckpointGraph, { tensors, parameters }: CheckpointContent): Graph {
  // The results come first, as the loss does in the graph of a run.
  const operations = graph.nodes.toReversed();
  const used = new Set(operations.flatMap(({ inputs }) => inputs));
  const stored = tensors.filter(({ name }) => used.has(name));
  const numbers = new Map<string, number>();
  operations.forEach(({ outputs }, number) => {
    for (const name of outputs) numbers.set(name, number);
  });
  stored.forEach(({ name }, i) => {
    numbers.set(name, operations.length + i);
  });
  const byName = new Map<string, CheckpointTensor>(stored.map(tensor => [tensor.name, tensor]));
  const metaOf = (name: string): TensorMeta | null => {
    const tensor = byName.get(name);
    return tensor === undefined ? null : { shape: [...tensor.shape], dtype: tensor.dtype };
  };
  const modules = new Set(operations.map(({ name }) => moduleOf(name)));
  const nodes: GraphNode[] = operations.map(({ name, operator, inputs, attributes }) => {
    const given = inputs.filter(Boolean);
    return {
      name: operator,
      output: unknown,
      module: moduleOf(name),
      next: given.map(input => numbers.get(input) ?? null),
      inputs: given.map(metaOf),
      saved: [],
      parameter: null,
      formula: formulaOf(attributes),
    };
  });
  for (const { name } of stored) {
    const holder = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : null;
    nodes.push({
      name: 'Parameter',
      output: metaOf(name) ?? unknown,
      module: modules.has(holder) ? holder : null,
      next: [],
      inputs: [],
      saved: [],
      parameter: name,
      formula: null,
    });
  }
  const inputs: GraphInput[] = graph.inputs.map(input => ({
    name: nameOfInput(input),
    meta: inputMeta(input),
    into: operations.flatMap(({ inputs: names }, node) =>
      names.filter(Boolean).flatMap((name, i) => (name === input.name ? { node, input: i } : [])),
    ),
  }));
  return {
    format: 1,
    model: graph.name || 'graph',
    device: '',
    nodes,
    modules: modulesOf(nodes, graph.name, parameters),
    inputs,
  };
}
