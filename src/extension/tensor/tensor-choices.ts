/** The tensors that the graph of a run names, for the page to choose from. Knows nothing of VS Code. */
import type { Graph, GraphNode } from '../../protocol/graph';
import { byLayer, forwardOrder } from '../../protocol/graph-order';
import { layerArrow } from '../../protocol/looks-page';
import type { TensorChoice } from '../../protocol/tensor-page';

/** The nodes that only give the same numbers in another order. */
const rearranging = /^(T|View|ReshapeAlias|Transpose|Permute)Backward\d$/;

/** The size of an image in a batch `[samples, channels, height, width]`; null where the graph does not say it. */
function imageOf({ inputs = [] }: Graph): TensorChoice['image'] {
  const shape = inputs.find(({ name }) => name === 'images')?.meta.shape ?? [];
  const [height, width] = shape.slice(-2);
  return shape.length < 3 || height === undefined || width === undefined ? null : { height, width };
}

/** Whether each row of a weight has a number for each pixel: then it can be looked at as an image is. */
function looksAtImages(shape: readonly number[], { inputs = [] }: Graph): boolean {
  const pixels = inputs.find(({ name }) => name === 'images')?.meta.shape.slice(1) ?? [];
  return shape.length === 2 && shape[1] === pixels.reduce((product, size) => product * size, 1);
}

function parameterChoices({ parameter, output }: GraphNode, graph: Graph): TensorChoice[] {
  if (parameter === null) return [];
  const { shape } = output;
  const image = looksAtImages(shape, graph) ? imageOf(graph) : null;
  const common = { name: parameter, shape: [...shape], image };
  return [
    {
      ...common,
      tensor: { kind: 'parameter', name: parameter, of: 'value' },
      detail: 'parameter',
      group: 'Parameters',
    },
    {
      ...common,
      tensor: { kind: 'parameter', name: parameter, of: 'gradient' },
      detail: 'gradient',
      group: 'Gradients',
    },
  ];
}

/** @param name what the node is called: its module or, outside of modules, its operation */
function nodeChoices(node: GraphNode, number: number, name: string): TensorChoice[] {
  if (node.parameter !== null || rearranging.test(node.name)) return [];
  const common = {
    name,
    detail: node.name,
    shape: [...node.output.shape],
    image: null,
  };
  return [
    { ...common, tensor: { kind: 'node', node: number, of: 'value' }, group: 'Activations' },
    { ...common, tensor: { kind: 'node', node: number, of: 'gradient' }, group: 'Gradients of activations' },
  ];
}

/** Activations from the first layer to the loss. Of several outside of modules, the module before them says which. */
function activationChoices(graph: Graph): TensorChoice[] {
  const count = (name: string) => graph.nodes.filter(node => !node.module && node.name === name).length;
  let before = '';
  return forwardOrder(graph).flatMap(number => {
    const node = graph.nodes[number];
    if (node === undefined) return [];
    if (node.module && node.parameter === null) before = node.module;
    const operation =
      before !== '' && count(node.name) > 1 ? `${before}${layerArrow}${node.name}` : node.name;
    return nodeChoices(node, number, node.module || operation);
  });
}

const groups: readonly TensorChoice['group'][] = [
  'Parameters',
  'Gradients',
  'Activations',
  'Gradients of activations',
  'Inputs',
];

/** Everything that can be looked at, group by group, from the first layer to the loss. */
export function tensorChoices(graph: Graph): TensorChoice[] {
  const batch = graph.nodes.find(({ output }) => output.shape.length > 1)?.output.shape[0] ?? 0;
  const inputs: TensorChoice[] = (['images', 'labels'] as const).map(name => ({
    tensor: { kind: 'input', name },
    name,
    detail: 'of the next batch',
    shape: [batch],
    image: name === 'images' ? imageOf(graph) : null,
    group: 'Inputs',
  }));
  const parameters = graph.nodes.toSorted(byLayer(graph)).flatMap(node => parameterChoices(node, graph));
  const activations = activationChoices(graph);
  const found = [...parameters, ...activations];
  return groups.flatMap(group => [...found, ...inputs].filter(choice => choice.group === group));
}
