/** What is said of a node of the graph, as Markdown: what it is, and what it came to at the last look. */
import type { Graph, GraphModule, GraphNode } from '../../protocol/graph';
import type { GraphLook } from '../../protocol/graph-page';
import type { Statistics } from '../../protocol/tensors';

type Row = readonly [name: string, value: string];

const number = (value: number | null) => (value === null ? '–' : String(Number(value.toPrecision(4))));

function seenRows(what: string, seen: Statistics | null): Row[] {
  if (seen === null) return [];
  const { min, mean, max, nan, infinite } = seen;
  const broken = nan + infinite === 0 ? '' : `, ${nan} NaN, ${infinite} infinite`;
  return [[`${what} min / mean / max`, `${number(min)} / ${number(mean)} / ${number(max)}${broken}`]];
}

function lookRows(node: GraphNode, index: number, look: GraphLook | undefined): Row[] {
  if (look === undefined) return [];
  const parameter = look.parameters.find(({ name }) => name === node.parameter);
  const activation = look.nodes.find(seen => seen.node === index);
  const seen = parameter ?? activation;
  if (seen === undefined) return [];
  return [
    ...seenRows('value', seen.value),
    ...seenRows('gradient', seen.gradient),
    ['at step', String(look.step)],
  ];
}

/** Backslashes before whatever Markdown would read: what comes out of a file is text and never markup. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&').replace(/\s+/g, ' ');
}

function table(title: string, rows: readonly Row[]): string {
  const lines = rows.map(([name, value]) => `| ${plain(name)} | ${plain(value)} |`);
  return [`**${plain(title)}**`, '', '| | |', '|---|---|', ...lines].join('\n');
}

/** What is said of a node. */
export function nodeText(graph: Graph, index: number, look: GraphLook | undefined): string {
  const node = graph.nodes[index];
  if (node === undefined) return '';
  const { output, module, formula, saved, parameter } = node;
  const shape = (meta: GraphNode['output']) => `[${meta.shape.join(', ')}] ${meta.dtype}`;
  const count = output.shape.reduce((product, size) => product * size, 1);
  const rows: Row[] = [
    ...(formula === null ? [] : [['computes', formula] as const]),
    ['output', shape(output)],
    ['device', graph.device],
    ...(module === null || module === '' ? [] : [['module', module] as const]),
    ...(parameter === null ? [] : [['parameters', count.toLocaleString('en-US')] as const]),
    ...saved.map(({ name, meta }): Row => [`saves ${name}`, shape(meta)]),
    ...lookRows(node, index, look),
  ];
  return table(parameter === null ? node.name : parameter, rows);
}

/** What is said of a module. */
export function moduleText({ path, kind, description, parameters }: GraphModule): string {
  return table(path === '' ? kind : path, [
    ['kind', `${kind}(${description})`],
    ['parameters', parameters.toLocaleString('en-US')],
  ]);
}
