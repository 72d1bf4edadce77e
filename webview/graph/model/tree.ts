/** Makes the tree of what is drawn from a graph: modules in modules, nodes in these, equal neighbours folded. */
import type { Graph } from '../../../src/protocol/graph';
import { type Flow, inputValue } from './flow';
import { type Container, commonContainer, type Item, type Leaf, nodeId, pathTo } from './items';
import { partsOf } from './parts';
import { foldRepeats } from './repeats';

/** The tree, and the leaf of each value. */
export interface Tree {
  readonly root: Container;
  readonly nodes: readonly Leaf[];
  readonly inputs: readonly Leaf[];
}

/** Modules that only hold others and do nothing themselves: what is in them is called one by one, from elsewhere. */
const lists: ReadonlySet<string> = new Set(['ModuleList', 'ModuleDict']);

/**
 * The name of the module within `path` to which a node belongs; null where it belongs to `path` itself, or to none.
 * @param isList whether a module only holds others: then it is one of these
 */
export function childModule(
  module: string | null,
  path: string,
  isList: (path: string) => boolean = () => false,
): string | null {
  if (module === null || module === path) return null;
  const prefix = path === '' ? '' : `${path}.`;
  if (!module.startsWith(prefix)) return null;
  const [name = '', ...within] = module.slice(prefix.length).split('.');
  let child = `${prefix}${name}`;
  for (const next of within) {
    if (!isList(child)) break;
    child = `${child}.${next}`;
  }
  return child;
}

class Builder {
  readonly nodes: Leaf[];
  readonly #used = new Map<string, number>();
  readonly #lists: ReadonlySet<string>;

  constructor(
    private readonly graph: Graph,
    private readonly flow: Flow,
  ) {
    this.#lists = new Set(graph.modules.filter(({ kind }) => lists.has(kind)).map(({ path }) => path));
    this.nodes = graph.nodes.map((_, value) => ({ kind: 'node', id: nodeId(value), parent: null, value }));
  }

  /** Fills a container with these nodes, and those within it with theirs. */
  fill(top: Container, all: readonly number[]): void {
    const open: [Container, readonly number[]][] = [[top, all]];
    const isList = (path: string) => this.#lists.has(path);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [container, nodes] = next;
      const nameOf = (node: number) =>
        childModule(this.graph.nodes[node]?.module ?? null, container.path, isList);
      for (const part of partsOf(nodes, nameOf, this.flow)) {
        if (part.name === null) for (const node of part.nodes) this.#put(this.nodes[node], container);
        else {
          const module = this.#module(part.name);
          this.#put(module, container);
          open.push([module, part.nodes]);
        }
      }
    }
  }

  /** Puts a parameter beside what uses it. */
  putParameter(node: number, root: Container): void {
    const [first = root, ...others] = (this.flow.outOf[node] ?? []).flatMap(
      ({ to }) => this.nodes[to]?.parent ?? [],
    );
    const home = others.reduce((common, other) => commonContainer(common, other) ?? root, first);
    this.#put(this.nodes[node], home);
  }

  #module(path: string): Container {
    const times = (this.#used.get(path) ?? 0) + 1;
    this.#used.set(path, times);
    const id = times === 1 ? `m:${path}` : `m:${path}#${times}`;
    return { kind: 'module', id, parent: null, children: [], path, times: 1, pattern: 0 };
  }

  #put(item: Item | undefined, container: Container): void {
    if (item === undefined) return;
    item.parent = container;
    container.children.push(item);
  }
}

/** Makes the tree. */
export function makeTree(graph: Graph, flow: Flow): Tree {
  const builder = new Builder(graph, flow);
  const root: Container = {
    kind: 'root',
    id: 'root',
    parent: null,
    children: [],
    path: '',
    times: 1,
    pattern: 0,
  };
  const isLeaf = (node: number) => graph.nodes[node]?.next.length === 0;
  builder.fill(
    root,
    flow.order.filter(node => !isLeaf(node)),
  );
  // Those that several modules use come last: they stand where all their users are.
  for (const node of flow.order) if (isLeaf(node)) builder.putParameter(node, root);
  const inputs = (graph.inputs ?? []).map(({ name }, i): Leaf => {
    const leaf: Leaf = { kind: 'input', id: `i:${name}`, parent: root, value: inputValue(i) };
    root.children.unshift(leaf);
    return leaf;
  });
  foldRepeats(root, graph, flow, builder.nodes);
  return { root, nodes: builder.nodes, inputs };
}

/** What has to be open for an item to be seen, from the outside. */
export function hiders(item: Item): Container[] {
  return pathTo(item.parent).filter(({ kind }) => kind !== 'root');
}
