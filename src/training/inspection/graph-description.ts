/** The graph of a step as data, for pages to draw and for the run's folder. */
import { AccumulateGrad, type GradNode, type nn } from '../../engine';
import type { Graph, GraphModule, GraphNode, TensorMeta } from '../../protocol/graph';
import { InterpretedNetwork } from '../../python';
import { describeInputs } from './graph-inputs';
import type { NextStep } from './next-step';

const metaOf = ({ shape, dtype }: { shape: readonly number[]; dtype: string }): TensorMeta => ({
  shape: [...shape],
  dtype,
});

/** Where a module is made, in networks of Python files. */
function sourceOf(network: nn.Module, module: nn.AnyModule): Pick<GraphModule, 'source'> {
  const place = network instanceof InterpretedNetwork ? network.sources.get(module) : undefined;
  return place === undefined ? {} : { source: { file: place.uri, line: place.line } };
}

function describeModules(network: nn.Module): GraphModule[] {
  return network.namedModules().map(([path, module]) => ({
    ...sourceOf(network, module),
    path,
    kind: module.kind,
    description: module.namedChildren().length === 0 ? module.describe() : '',
    parameters: module.parameters().reduce((sum, parameter) => sum + parameter.numel(), 0),
  }));
}

/** Describes the graph of `step`. */
export function describeGraph(step: NextStep, network: nn.Module, model: string, device: string): Graph {
  const numbers = new Map<GradNode, number>(step.nodes.map((node, i) => [node, i]));
  const modules = new Map<object, string>(network.namedModules().map(([path, module]) => [module, path]));
  const parameters = new Map<unknown, string>(
    network.namedParameters().map(([name, value]) => [value, name]),
  );
  const describe = (node: GradNode): GraphNode => {
    const parameter = node instanceof AccumulateGrad ? (parameters.get(node.variable) ?? null) : null;
    // A parameter belongs to the module that holds it, whoever used it first.
    const holder = parameter?.includes('.') ? parameter.slice(0, parameter.lastIndexOf('.')) : '';
    const user = node.scope === undefined ? null : (modules.get(node.scope) ?? null);
    return {
      name: node.name,
      output: metaOf(node.outputs[0] ?? { shape: [], dtype: 'float32' }),
      module: parameter === null ? user : holder,
      next: node.nextFunctions.map(edge => (edge === undefined ? null : (numbers.get(edge.node) ?? null))),
      inputs: node.nextFunctions.map((_, i) => {
        const meta = node.inputs[i];
        return meta === undefined ? null : metaOf(meta);
      }),
      saved: node.saved.map(({ name, meta }) => ({ name, meta: metaOf(meta) })),
      parameter,
      formula: node.formula ?? null,
    };
  };
  return {
    format: 1,
    model,
    device,
    nodes: step.nodes.map(describe),
    modules: describeModules(network),
    inputs: describeInputs(step),
  };
}
