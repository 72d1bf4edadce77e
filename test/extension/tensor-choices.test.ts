/** What there is to choose from on the page that shows tensors. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tensorChoices } from '../../src/extension/tensor/tensor-choices';
import { type Graph, type GraphNode, graphSchema } from '../../src/protocol/graph';
import { digitsFolder, smallConfig, temporaryFolder, trainRun } from '../training/support';

test('parameters by layer, their gradients, activations from the first to the loss, and the inputs', async () => {
  const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset: digitsFolder(), epochs: 1 }));
  const graph = graphSchema.parse(JSON.parse(readFileSync(path.join(run, 'graph.json'), 'utf8')));
  const choices = tensorChoices(graph);
  const names = (group: string) => choices.filter(choice => choice.group === group).map(({ name }) => name);
  expect(names('Parameters')).toEqual(['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias']);
  expect(names('Gradients')).toEqual(names('Parameters'));
  const activations = ['fc1', 'relu1', 'fc2', 'LogSoftmaxBackward0', 'NllLossBackward0'];
  expect(names('Activations')).toEqual(activations);
  expect(names('Gradients of activations')).toEqual(activations);
  expect(names('Inputs')).toEqual(['images', 'labels']);
  expect(choices.find(({ name }) => name === 'relu1')).toMatchObject({
    tensor: { kind: 'node', of: 'value' },
    detail: 'ReluBackward0',
    shape: [10, 16],
    image: null,
  });
  const images = choices.filter(({ image }) => image !== null);
  expect(images.map(({ group, name }) => `${group}: ${name}`)).toEqual([
    'Parameters: fc1.weight',
    'Gradients: fc1.weight',
    'Inputs: images',
  ]);
});

test('activations of F.relu and its like are told by the module before them', () => {
  const node = (
    name: string,
    module: string | null,
    next: number[],
    parameter: string | null = null,
  ): GraphNode => ({
    ...{ name, module, next, parameter, inputs: next.map(() => null), saved: [], formula: null },
    output: { shape: [2, 3], dtype: 'float32' },
  });
  const nodes = [
    node('NllLossBackward0', null, [1]),
    node('ReluBackward0', '', [2]),
    node('AddmmBackward0', 'fc2', [3, 6]),
    node('ReluBackward0', '', [4]),
    node('AddmmBackward0', 'fc1', [5]),
    node('AccumulateGrad', 'fc1', [], 'fc1.bias'),
    node('AccumulateGrad', 'fc2', [], 'fc2.bias'),
  ];
  const graph: Graph = { format: 1, model: 'm', device: 'cpu', nodes, modules: [] };
  const activations = tensorChoices(graph).filter(({ group }) => group === 'Activations');
  expect(activations.map(({ name }) => name)).toEqual([
    'fc1',
    'fc1 → ReluBackward0',
    'fc2',
    'fc2 → ReluBackward0',
    'NllLossBackward0',
  ]);
});
