/** What there is to say of something in a graph, for the panel beside it. */
import type { Graph, GraphModule, GraphNode, TensorMeta } from '../../src/protocol/graph';
import { metaText } from '../../src/protocol/graph-kinds';
import { byLayer } from '../../src/protocol/graph-order';
import type { Statistics } from '../../src/protocol/tensors';
import { measure, wholeNumber } from '../shared/format';
import type { Seen } from './heat';
import type { Value } from './model/flow';
import { countText } from './model/words';
import type { Outline } from './outline';
import type { OutlineItem } from './scene';

/** Something that is known; `leadsTo` is an item that it names. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly leadsTo?: string | undefined;
  /** A module whose place in its Python file this is. */
  readonly source?: string | undefined;
}

/** Facts of one sort. */
export interface FactGroup {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** The statistics of a tensor, with what it is. */
export interface StatisticsOf {
  readonly title: string;
  readonly statistics: Statistics;
}

/** All that is said of an item. */
export interface Facts {
  readonly title: string;
  readonly about: string;
  readonly formula: string;
  readonly groups: readonly FactGroup[];
  readonly statistics: readonly StatisticsOf[];
  readonly notes: readonly string[];
}

/** A graph with what is known of it. */
export interface Known {
  readonly graph: Graph;
  readonly outline: Outline;
  readonly seen: Seen | undefined;
}

/** `64×256 float32`. */
export function tensorText(meta: TensorMeta): string {
  return `${metaText(meta)} ${meta.dtype}`.trim();
}

/** What a value is called. */
export function nameOf(value: Value, { graph }: Pick<Known, 'graph'>): string {
  if (value < 0) return graph.inputs?.[-1 - value]?.name ?? '';
  const node = graph.nodes[value];
  return node?.parameter ?? node?.name ?? '';
}

function valueFact(value: Value, meta: TensorMeta | null, known: Known): Fact {
  const leadsTo = known.outline.ofValue(value)?.id;
  return { name: nameOf(value, known), value: meta === null ? '' : metaText(meta), leadsTo };
}

/** Leaves out groups that say nothing. */
function filled(groups: readonly FactGroup[]): FactGroup[] {
  return groups.filter(({ facts }) => facts.length > 0);
}

/** What there is to say of an item. */
export function factsOf(item: OutlineItem, known: Known): Facts {
  if (item.kind === 'input') return inputFacts(item, known);
  if (item.value !== null) return nodeFacts(item.value, known);
  return item.path === null ? sequenceFacts(item, known) : moduleFacts(item, item.path, known);
}

function nodeFacts(number: number, known: Known): Facts {
  const { graph, seen } = known;
  const node = graph.nodes[number];
  if (node === undefined) return nothing;
  const looked = seen?.of(number);
  const statistics = [
    ...(looked?.value ? [{ title: 'Value', statistics: looked.value }] : []),
    ...(looked?.gradient ? [{ title: 'Gradient', statistics: looked.gradient }] : []),
  ];
  const notes = [
    ...(looked?.updateRatio == null
      ? []
      : [`The step changed it by ${measure(looked.updateRatio)} of its size.`]),
    ...(looked?.dead == null
      ? []
      : [`${measure(looked.dead * 100)} % of its units gave 0 for the whole batch.`]),
  ];
  return {
    title: node.parameter ?? node.name,
    about: node.parameter === null ? '' : node.name,
    formula: node.formula ?? '',
    groups: filled([
      { title: '', facts: [...outputFact(node, graph), ...moduleFact(node.module, known)] },
      { title: 'Inputs', facts: inputsOf(node, number, known) },
      { title: 'Used by', facts: usersOf(number, known) },
      {
        title: 'Saved for the backward pass',
        facts: node.saved.map(({ name, meta }) => ({ name, value: tensorText(meta) })),
      },
    ]),
    statistics,
    notes,
  };
}

function outputFact({ output, parameter }: GraphNode, { device }: Graph): Fact[] {
  const value = [tensorText(output), device].filter(Boolean).join(', ');
  return value === '' ? [] : [{ name: parameter === null ? 'Output' : 'Tensor', value }];
}

function moduleFact(path: string | null, { graph, outline }: Known): Fact[] {
  if (path === null) return [];
  const module = graph.modules.find(each => each.path === path);
  const value = [path, module?.kind ?? ''].join(' ').trim();
  return [{ name: 'Module', value, leadsTo: outline.item(`m:${path}`)?.id }, ...sourceFact(module)];
}

function inputsOf(node: GraphNode, number: number, known: Known): Fact[] {
  const given = (known.graph.inputs ?? []).flatMap(({ into, meta }, i) =>
    into.filter(({ node: to }) => to === number).map(({ input }) => ({ input, meta, value: -1 - i })),
  );
  const linked = node.next.map((from, k) => {
    const meta = node.inputs[k] ?? null;
    const value = from ?? given.find(({ input }) => input === k)?.value;
    if (value !== undefined) return valueFact(value, meta, known);
    return { name: 'no gradient', value: meta === null ? '' : metaText(meta) };
  });
  const beside = given.filter(({ input }) => input === null);
  return [...linked, ...beside.map(({ value, meta }) => valueFact(value, meta, known))];
}

function usersOf(number: number, known: Known): Fact[] {
  return known.graph.nodes.flatMap((node, i) =>
    node.next.includes(number) ? [valueFact(i, node.output, known)] : [],
  );
}

function inputFacts(item: OutlineItem, known: Known): Facts {
  const input = known.graph.inputs?.[-1 - (item.value ?? 0)];
  if (input === undefined) return nothing;
  const users = input.into.map(({ node }) => {
    return valueFact(node, known.graph.nodes[node]?.output ?? null, known);
  });
  return {
    ...nothing,
    title: input.name,
    about: 'input',
    groups: filled([
      { title: '', facts: [{ name: 'Tensor', value: tensorText(input.meta) }] },
      { title: 'Used by', facts: users },
    ]),
    notes: known.graph.device === '' ? [] : ['It needs no gradient, so that no grad_fn leads to it.'],
  };
}

function moduleFacts(item: OutlineItem, path: string, known: Known): Facts {
  const module = known.graph.modules.find(each => each.path === path);
  const description = module?.description ? `(${module.description})` : '';
  const about = module === undefined ? '' : `${module.kind}${description}`;
  const inside = contents(item, known);
  const groups = filled([{ title: '', facts: sourceFact(module) }, ...inside.groups]);
  return { ...inside, groups, title: path, about };
}

/** Where a module of a Python file is made. */
function sourceFact(module: GraphModule | undefined): Fact[] {
  if (module?.source === undefined) return [];
  const { file, line } = module.source;
  return [{ name: 'Source', value: `${file.split(/[\\/]/).at(-1)}:${line}`, source: module.path }];
}

function sequenceFacts(item: OutlineItem, known: Known): Facts {
  return { ...contents(item, known), title: item.title, about: item.about };
}

/** What is in a module or in a sequence of them. */
function contents(item: OutlineItem, known: Known): Facts {
  const values = known.outline.values(item.id);
  const order = byLayer(known.graph);
  const parameters = values
    .flatMap(value => {
      const node = known.graph.nodes[value];
      return node?.parameter == null ? [] : [{ value, node }];
    })
    .sort((a, b) => order(a.node, b.node));
  const operations = values.length - parameters.length;
  const numbers = parameters.reduce((sum, { node }) => sum + sizeOf(node.output.shape), 0);
  return {
    ...nothing,
    groups: filled([
      {
        title: '',
        facts: [
          { name: 'Operations', value: String(operations) },
          ...(numbers === 0 ? [] : [{ name: 'Learned', value: countText(numbers) }]),
        ],
      },
      {
        title: 'Parameters',
        facts: parameters.map(({ value, node }) => {
          const fact = valueFact(value, node.output, known);
          return { ...fact, name: within(fact.name, item.path) };
        }),
      },
    ]),
  };
}

/** The name of a parameter as its module knows it. */
function within(name: string, path: string | null): string {
  return path !== null && name.startsWith(`${path}.`) ? name.slice(path.length + 1) : name;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

const nothing: Facts = { title: '', about: '', formula: '', groups: [], statistics: [], notes: [] };

/** What there is to say where nothing is chosen: of the whole. */
export function wholeFacts({ graph }: Pick<Known, 'graph'>): Facts {
  const whole = graph.modules.find(({ path }) => path === '');
  const modules = graph.modules.length - 1;
  const operations = graph.nodes.filter(({ next }) => next.length > 0).length;
  return {
    ...nothing,
    title: graph.model,
    about: whole?.kind ?? '',
    groups: [
      {
        title: '',
        facts: [
          ...(whole === undefined || whole.parameters === 0
            ? []
            : [{ name: 'Learned', value: countText(whole.parameters) }]),
          { name: 'Modules', value: wholeNumber(Math.max(0, modules)) },
          { name: 'Operations', value: wholeNumber(operations) },
          ...(graph.device === '' ? [] : [{ name: 'Device', value: graph.device }]),
        ],
      },
    ],
  };
}
