/**
 * Folds sequences of equal modules: twelve encoder layers one after the other become one item, "×12", and so does a
 * pattern such as Linear and ReLU that comes again and again.
 */
import type { Graph } from '../../../src/protocol/graph';
import type { Flow } from './flow';
import { type Container, type Item, isContainer, type Leaf, leavesOf } from './items';

/** What comes less often is not folded. */
const fewest = 3;
/** How many modules a pattern has at most. */
const longest = 8;

/** Folds what is repeated in a container and in everything within it. */
export function foldRepeats(root: Container, graph: Graph, flow: Flow, nodes: readonly Leaf[]): void {
  const signatures = new Signatures(graph, flow);
  const stack: Container[] = [root];
  for (let container = stack.pop(); container !== undefined; container = stack.pop()) {
    for (const child of container.children) if (isContainer(child)) stack.push(child);
    for (const chain of chainsOf(container, flow, nodes)) {
      for (const { items, times } of repeatsIn(chain, signatures)) fold(container, items, times);
    }
  }
}

function fold(container: Container, items: readonly Item[], times: number): void {
  const [first] = items;
  if (first === undefined) return;
  const { path } = container;
  const children = [...items];
  const repeat: Container = { kind: 'repeat', id: `r:${first.id}`, parent: container, children, path, times };
  const within = new Set(items);
  container.children = container.children.flatMap(item => {
    if (item === first) return [repeat];
    return within.has(item) ? [] : [item];
  });
  for (const item of items) item.parent = repeat;
}

/** The modules of a container that lead to one another and to nothing else, in sequences. */
function chainsOf(container: Container, flow: Flow, nodes: readonly Leaf[]): Container[][] {
  /** What each child leads to; null for something outside. */
  const next = new Map<Item, Set<Item | null>>();
  const childOf = (leaf: Leaf | undefined) => {
    let item: Item | null = leaf ?? null;
    while (item !== null && item.parent !== container) item = item.parent;
    return item;
  };
  for (const child of container.children) {
    const found = new Set<Item | null>();
    for (const leaf of leavesOf(child)) {
      for (const link of flow.outOf[leaf.value] ?? []) if (link.main) found.add(childOf(nodes[link.to]));
    }
    found.delete(child);
    next.set(child, found);
  }
  const following = new Map<Container, Container>();
  const followed = new Set<Item>();
  for (const child of container.children) {
    const [only, ...others] = next.get(child) ?? [];
    if (others.length > 0 || only == null || !isModule(child) || !isModule(only) || followed.has(only))
      continue;
    following.set(child, only);
    followed.add(only);
  }
  const chains: Container[][] = [];
  for (const child of container.children) {
    if (!isModule(child) || followed.has(child)) continue;
    const chain: Container[] = [];
    for (let item: Container | undefined = child; item !== undefined; item = following.get(item))
      chain.push(item);
    chains.push(chain);
  }
  return chains;
}

function isModule(item: Item): item is Container {
  return item.kind === 'module';
}

/** The repeated patterns in a sequence: the longest stretch at each place, with the shortest pattern that makes it. */
function repeatsIn(
  chain: readonly Container[],
  signatures: Signatures,
): { items: Container[]; times: number }[] {
  const found: { items: Container[]; times: number }[] = [];
  if (chain.length < fewest) return found;
  const words = chain.map(item => signatures.of(item));
  for (let i = 0; i < chain.length; ) {
    let best = { period: 0, times: 0 };
    for (let period = 1; period <= longest && i + fewest * period <= chain.length; period++) {
      let times = 1;
      while (samePattern(words, i, i + times * period, period)) times++;
      if (times >= fewest && times * period > best.times * best.period) best = { period, times };
    }
    const length = best.period * best.times;
    // A pattern begins with what learns, where anything in it does: Linear and ReLU, not ReLU and Linear.
    const pattern = chain.slice(i, i + best.period);
    const learns = pattern.map(item => signatures.learns(item));
    if (length === 0 || (learns.includes(true) && learns[0] === false)) {
      i++;
      continue;
    }
    found.push({ items: chain.slice(i, i + length), times: best.times });
    i += length;
  }
  return found;
}

function samePattern(words: readonly string[], a: number, b: number, length: number): boolean {
  if (b + length > words.length) return false;
  for (let i = 0; i < length; i++) if (words[a + i] !== words[b + i]) return false;
  return true;
}

/** What modules are in a text: equal for modules that do the same with tensors of the same shapes. */
class Signatures {
  readonly #modules: ReadonlyMap<string, Graph['modules'][number]>;

  constructor(
    private readonly graph: Graph,
    private readonly flow: Flow,
  ) {
    this.#modules = new Map(graph.modules.map(module => [module.path, module]));
  }

  learns({ path }: Container): boolean {
    return (this.#modules.get(path)?.parameters ?? 0) > 0;
  }

  of(item: Container): string {
    const leaves = leavesOf(item);
    const place = new Map(leaves.map(({ value }, i) => [value, i]));
    const parts = leaves.map(({ value }) => {
      const node = this.graph.nodes[value];
      if (node === undefined) return '';
      const inside = node.module?.slice(item.path.length) ?? '';
      const from = (this.flow.into[value] ?? []).map(link => place.get(link.from) ?? 'x');
      const { dtype, shape } = node.output;
      return [inside, node.name, dtype, shape.join('×'), from.join(' ')].join(',');
    });
    const { kind = '', description = '' } = this.#modules.get(item.path) ?? {};
    return [kind, description, ...parts].join(';');
  }
}
