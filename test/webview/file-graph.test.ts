/** The graph of a file as pages draw it. */
import { expect, it } from 'vitest';
import type { CheckpointContent, CheckpointTensor } from '../../src/protocol/checkpoint';
import { graphSchema } from '../../src/protocol/graph';
import { graphOfFile } from '../../webview/checkpoint/file-graph';
import { readFlow } from '../../webview/graph/model/flow';

const tensor = (name: string, shape: number[]): CheckpointTensor => ({
  name,
  path: name.split('.'),
  dtype: 'float32',
  shape,
  elements: shape.reduce((product, size) => product * size, 1),
  bytes: 0,
  role: 'parameter',
});

const graph = {
  name: 'net',
  inputs: [{ name: 'images', dtype: 'float32', shape: ['N', 784] }],
  outputs: [{ name: 'scores', dtype: 'float32', shape: ['N', 10] }],
  nodes: [
    {
      name: '/fc/Gemm',
      operator: 'Gemm',
      inputs: ['images', 'fc.weight', 'fc.bias'],
      outputs: ['hidden'],
      attributes: [['transB', '1']],
    },
    { name: '/Relu', operator: 'Relu', inputs: ['hidden'], outputs: ['scores'], attributes: [] },
  ],
} as const;

const content: CheckpointContent = {
  format: 'onnx',
  writer: '',
  size: 0,
  metadata: [],
  tensors: [tensor('fc.weight', [10, 784]), tensor('fc.bias', [10]), tensor('unused', [3])],
  parameters: 7853,
  imports: [],
  warnings: [],
  graph,
};

it('links operations by what they give, with parameters in their modules and unknown shapes left out', () => {
  const made = graphSchema.parse(graphOfFile(graph, content));
  expect(made.nodes.map(({ name, module, next, parameter }) => ({ name, module, next, parameter }))).toEqual([
    { name: 'Relu', module: null, next: [1], parameter: null },
    { name: 'Gemm', module: 'fc', next: [null, 2, 3], parameter: null },
    { name: 'Parameter', module: 'fc', next: [], parameter: 'fc.weight' },
    { name: 'Parameter', module: 'fc', next: [], parameter: 'fc.bias' },
  ]);
  expect(made.nodes[1]?.formula).toBe('transB=1');
  expect(made.inputs).toEqual([
    { name: 'images N×784', meta: { shape: [], dtype: '' }, into: [{ node: 1, input: 0 }] },
  ]);
  expect(made.modules).toMatchObject([
    { path: '', parameters: 7853 },
    { path: 'fc', parameters: 7850 },
  ]);
  expect(readFlow(made).order.at(-1)).toBe(0);
});
