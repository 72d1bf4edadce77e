/** The graph of a real run as a tree, and what is said of its nodes. */
import { describe, expect, test } from 'vitest';
import { chainTree, type Entry, findNode, moduleTree } from '../../src/extension/graph/graph-tree';
import { nodeText } from '../../src/extension/graph/node-text';
import { GraphFiles } from '../../src/history';
import type { Graph, GraphNode } from '../../src/protocol/graph';
import { digitsFolder, smallConfig, temporaryFolder, trainRun } from '../training/support';

async function graphOfRun() {
  const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset: digitsFolder(), epochs: 1 }));
  const graph = await new GraphFiles(run).graph();
  if (graph === undefined) throw new Error('the run has no graph');
  return { run, graph };
}

/** The labels of a tree, indented. */
function lines(entries: readonly Entry[], depth = 0): string[] {
  return entries.flatMap(entry => [
    `${'  '.repeat(depth)}${entry.kind === 'reference' ? '↗ ' : ''}${entry.label}`,
    ...lines(entry.children(), depth + 1),
  ]);
}

const node = (name: string, next: (number | null)[], parameter: string | null = null): GraphNode => ({
  name,
  next,
  parameter,
  output: { shape: [2, 3], dtype: 'float32' },
  module: '',
  inputs: next.map(() => null),
  saved: [],
  formula: null,
});

describe('the tree of a graph', () => {
  test('by grad_fn chain begins with the loss and ends with the parameters', async () => {
    const { graph } = await graphOfRun();
    expect(lines(chainTree(graph))).toEqual([
      'NllLossBackward0',
      '  LogSoftmaxBackward0',
      '    AddmmBackward0',
      '      AccumulateGrad (fc2.bias)',
      '      ReluBackward0',
      '        AddmmBackward0',
      '          AccumulateGrad (fc1.bias)',
      '          TBackward0',
      '            AccumulateGrad (fc1.weight)',
      '      TBackward0',
      '        AccumulateGrad (fc2.weight)',
    ]);
    const weight = findNode(chainTree(graph), 8);
    expect(weight).toMatchObject({ label: 'AccumulateGrad (fc1.weight)', description: '[16, 784]' });
    const way: string[] = [];
    for (let entry: Entry | null = weight ?? null; entry !== null; entry = entry.parent)
      way.unshift(entry.label);
    expect(way[0]).toBe('NllLossBackward0');
    expect(way).toHaveLength(7);
  });

  test('by module holds each module with what is its own, and the loss beside the network', async () => {
    const { graph } = await graphOfRun();
    expect(lines(moduleTree(graph))).toEqual([
      'Sequential',
      '  flatten',
      '  fc1',
      '    AccumulateGrad (fc1.weight)',
      '    AccumulateGrad (fc1.bias)',
      '    TBackward0',
      '    AddmmBackward0',
      '  relu1',
      '    ReluBackward0',
      '  fc2',
      '    AccumulateGrad (fc2.weight)',
      '    AccumulateGrad (fc2.bias)',
      '    TBackward0',
      '    AddmmBackward0',
      'LogSoftmaxBackward0',
      'NllLossBackward0',
    ]);
  });

  test('by module lists operations as they are computed, where ways part and meet again, too', () => {
    // x + relu(batch_norm(x)), with the operations stored from the loss on.
    const graph: Graph = {
      format: 1,
      model: 'm',
      device: 'cpu',
      modules: [{ path: '', kind: 'Net', description: '', parameters: 1 }],
      nodes: [
        node('MeanBackward0', [1]),
        node('AddBackward0', [2, 4]),
        node('MulBackward0', [3]),
        node('AccumulateGrad', [], 'w'),
        node('ReluBackward0', [5]),
        node('NativeBatchNormBackward0', [2]),
      ],
    };
    expect(lines(moduleTree(graph))).toEqual([
      'Net',
      '  AccumulateGrad (w)',
      '  MulBackward0',
      '  NativeBatchNormBackward0',
      '  ReluBackward0',
      '  AddBackward0',
      '  MeanBackward0',
    ]);
  });

  test('refers to a node that is used twice instead of growing for ever, and takes any depth', () => {
    const graph: Graph = { format: 1, model: 'm', device: 'cpu', modules: [], nodes: [] };
    // Each of these adds to itself what the next one gives: 2^3000 paths lead down.
    const nodes = Array.from({ length: 3000 }, (_, i) => node('AddBackward0', [i + 1, i + 1]));
    graph.nodes.push(...nodes, node('AccumulateGrad', [], 'w'));
    const [root] = chainTree(graph);
    expect(root?.children().map(({ kind }) => kind)).toEqual(['operation', 'reference']);
    let depth = 0;
    for (let entry = root; entry !== undefined; entry = entry.children()[0]) depth++;
    expect(depth).toBe(3001);

    const skipping: Graph = {
      ...graph,
      nodes: [node('A', [1, 2]), node('B', [2]), node('C', [])],
    };
    expect(lines(chainTree(skipping))).toEqual(['A', '  B', '    C', '  ↗ C']);
  });

  test('has a key of its own for each place', async () => {
    const { graph } = await graphOfRun();
    for (const tree of [chainTree(graph), moduleTree(graph)]) {
      const keys: string[] = [];
      const walk = (entries: readonly Entry[]) => {
        for (const entry of entries) {
          keys.push(entry.key);
          walk(entry.children());
        }
      };
      walk(tree);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});

test('a node is told of with formula, shape, what it saves, and what it came to', async () => {
  const { run, graph } = await graphOfRun();
  const look = await new GraphFiles(run).look();
  const text = nodeText(graph, 5, look);
  expect(text).toContain('| computes | bias \\+ a @ b |');
  expect(text).toContain('| output | \\[10, 16\\] float32 |');
  expect(text).toMatch(/\| value min \/ mean \/ max \| \\-[\d\\.e-]+ \/ /);
  expect(nodeText(graph, 8, look)).toContain('| parameters | 12,544 |');
  expect(nodeText(graph, 99, look)).toBe('');
  expect(await new GraphFiles(temporaryFolder()).look()).toBeUndefined();
  expect(await new GraphFiles(temporaryFolder()).graph()).toBeUndefined();
});

test('what a file calls itself is shown as text', () => {
  const graph: Graph = {
    format: 1,
    model: 'm',
    device: 'cpu',
    modules: [],
    nodes: [{ ...node('<img src=x>', []), formula: '[a](command:x) | b' }],
  };
  const text = nodeText(graph, 0, undefined);
  expect(text).toContain('\\<img src=x\\>');
  expect(text).toContain('\\[a\\]\\(command:x\\) \\| b');
});
