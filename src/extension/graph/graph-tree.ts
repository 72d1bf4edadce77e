/**
 * The graph of a run as a tree, in two ways: by module, and by `grad_fn` chain, from the loss along `next_functions` to
 * the leaves. Knows nothing of VS Code.
 */
import type { Graph, GraphModule, GraphNode } from '../../protocol/graph';
import { byLayer, forwardOrder } from '../../protocol/graph-order';

/** A place in a tree. */
export interface Entry {
  /** Another one for each place. */
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly kind: 'loss' | 'operation' | 'parameter' | 'module' | 'reference';
  /** The number of the node, where the place is one. */
  readonly node: number | null;
  readonly module: GraphModule | null;
  readonly parent: Entry | null;
  /** What is below it, made when it is asked for. */
  readonly children: () => readonly Entry[];
}

const shapeText = ({ output }: GraphNode) => `[${output.shape.join(', ')}]`;

const nothing = (): readonly Entry[] => [];

function labelOf({ name, parameter }: GraphNode): string {
  return parameter === null ? name : `${name} (${parameter})`;
}

/** The place of a node, with no more than the node itself. */
function entryOf(graph: Graph, number: number, parent: Entry | null, way: string): Entry | undefined {
  const node = graph.nodes[number];
  if (node === undefined) return undefined;
  const operation = number === 0 ? 'loss' : 'operation';
  return {
    key: `${way} ${number}`,
    label: labelOf(node),
    description: [shapeText(node), node.parameter === null ? node.module : null].filter(Boolean).join(' · '),
    kind: node.parameter === null ? operation : 'parameter',
    node: number,
    module: null,
    parent,
    children: nothing,
  };
}

/** From which node a walk from the loss comes to each node first. The others only refer to it. */
function firstParents({ nodes }: Graph): Map<number, number> {
  const parents = new Map<number, number>();
  const stack = [0];
  const seen = new Set<number>();
  for (let number = stack.pop(); number !== undefined; number = stack.pop()) {
    if (seen.has(number)) continue;
    seen.add(number);
    for (const next of nodes[number]?.next.toReversed() ?? []) {
      if (next === null || seen.has(next)) continue;
      parents.set(next, number);
      stack.push(next);
    }
  }
  return parents;
}

/** The loss, and below each node the nodes of its inputs. A node that is used several times is expanded once. */
export function chainTree(graph: Graph): Entry[] {
  const home = firstParents(graph);
  const place = (number: number, parent: Entry | null, shown: number): Entry | undefined => {
    const own = entryOf(graph, number, parent, 'chain');
    const from = parent?.node ?? null;
    if (own === undefined) return undefined;
    const first = from === null || graph.nodes[from]?.next.indexOf(number) === shown;
    if (from !== null && (home.get(number) !== from || !first)) {
      const key = `chain ${from} ${shown} to ${number}`;
      return { ...own, key, kind: 'reference', description: `↗ ${own.description}` };
    }
    const next = graph.nodes[number]?.next ?? [];
    const made: Entry = {
      ...own,
      children: () => next.flatMap((child, i) => (child === null ? [] : (place(child, made, i) ?? []))),
    };
    return made;
  };
  return [place(0, null, 0) ?? []].flat();
}

const parentPath = (path: string) => (path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '');

/** The network, in it its modules, and in each the parameters and operations that are its own; then the loss. */
export function moduleTree(graph: Graph): Entry[] {
  const nodes = forwardOrder(graph).flatMap(number => {
    const node = graph.nodes[number];
    return node === undefined ? [] : [{ number, node }];
  });
  const layers = byLayer(graph);
  const sorted = [
    ...nodes.filter(({ node }) => node.parameter !== null).sort((a, b) => layers(a.node, b.node)),
    ...nodes.filter(({ node }) => node.parameter === null),
  ];
  const own = (path: string | null, parent: Entry | null) =>
    sorted
      .filter(({ node }) => node.module === path)
      .flatMap(({ number }) => entryOf(graph, number, parent, 'module') ?? []);
  const place = (module: GraphModule, parent: Entry | null): Entry => {
    const made: Entry = {
      key: `module ${module.path}`,
      label: module.path === '' ? module.kind : (module.path.split('.').at(-1) ?? module.path),
      description: describeModule(module),
      kind: 'module',
      node: null,
      module,
      parent,
      children: () => [
        ...graph.modules
          .filter(({ path }) => path !== '' && path !== module.path && parentPath(path) === module.path)
          .map(child => place(child, made)),
        ...own(module.path, made),
      ],
    };
    return made;
  };
  const network = graph.modules.find(({ path }) => path === '');
  return [...(network === undefined ? [] : [place(network, null)]), ...own(null, null)];
}

function describeModule({ path, kind, description, parameters }: GraphModule): string {
  const what = path === '' ? '' : `${kind}(${description})`;
  const learned = parameters === 0 ? '' : `${parameters.toLocaleString('en-US')} parameters`;
  return [what, learned].filter(part => part !== '').join(' · ');
}

/** The place of a node in a tree, to be revealed; the one where it is expanded. */
export function findNode(roots: readonly Entry[], number: number): Entry | undefined {
  const stack = [...roots];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    if (entry.node === number && entry.kind !== 'reference') return entry;
    stack.push(...entry.children());
  }
  return undefined;
}
