/**
 * Folds what comes again and again: twelve encoder layers one after the other become one item, "×12", and so does a
 * pattern such as Linear and ReLU, also where ways lead around some of it and its operations are outside of modules.
 */
import type { Graph } from '../../../src/protocol/graph';
import type { Flow } from './flow';
import { type Container, type Item, isContainer, type Leaf, leavesOf } from './items';
import { childFinder, type Place, type Source, sequenceOf } from './sequence';

/** What comes less often is not folded. */
const fewest = 3;
/** How many items a pattern has at most. */
const longest = 8;

/** Folds what is repeated in a container and in everything within it. */
export function foldRepeats(root: Container, graph: Graph, flow: Flow, nodes: readonly Leaf[]): void {
  const signatures = new Signatures(graph, flow);
  const stack: Container[] = [root];
  for (let container = stack.pop(); container !== undefined; container = stack.pop()) {
    for (const child of container.children) if (isContainer(child)) stack.push(child);
    const sequence = sequenceOf(container, flow, nodes);
    for (const repeat of repeatsIn(sequence, signatures)) fold(container, repeat, flow, nodes);
  }
}

/** A pattern that is repeated. */
interface Repeat {
  readonly items: readonly Item[];
  readonly times: number;
}

function fold(container: Container, { items, times }: Repeat, flow: Flow, nodes: readonly Leaf[]): void {
  const [first] = items;
  if (first === undefined) return;
  const own = usedOnlyBy(new Set(items), container, flow, nodes);
  const children = [...items, ...own];
  const pattern = items.length / times;
  const { path } = container;
  const id = `r:${first.id}`;
  const repeat: Container = { kind: 'repeat', id, parent: container, children, path, times, pattern };
  const within = new Set(children);
  container.children = container.children.flatMap(item => {
    if (item === first) return [repeat];
    return within.has(item) ? [] : [item];
  });
  for (const item of children) item.parent = repeat;
}

/** The parameters, and what is made of parameters alone, that nothing but these items needs. */
function usedOnlyBy(items: Set<Item>, container: Container, flow: Flow, nodes: readonly Leaf[]): Item[] {
  const childOf = childFinder(container);
  const found = new Set<Item>();
  const usersOf = (item: Item) =>
    leavesOf(item)
      .flatMap(({ value }) => flow.outOf[value] ?? [])
      .map(({ to }) => childOf(nodes[to]))
      .filter(user => user !== item);
  const isOwn = (item: Item) => {
    if (item.kind !== 'node' || flow.fixed[item.value] !== true) return false;
    const users = usersOf(item);
    return (
      users.length > 0 && users.every(user => user !== undefined && (items.has(user) || found.has(user)))
    );
  };
  // A parameter may be needed by what is made of it, which comes later.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const item of container.children) if (!found.has(item) && isOwn(item)) found.add(item);
  }
  return [...found];
}

/** The repeated patterns in a sequence: the longest stretch at each place, with the shortest pattern that makes it. */
function repeatsIn(sequence: readonly Place[], signatures: Signatures): Repeat[] {
  const found: Repeat[] = [];
  if (sequence.length < fewest) return found;
  const words = sequence.map(({ item }) => signatures.of(item));
  for (let i = 0; i < sequence.length; ) {
    let best = { period: 0, times: 0 };
    for (let period = 1; period <= longest && i + fewest * period <= sequence.length; period++) {
      // Operations alone are no pattern that anybody would name.
      if (!sequence.slice(i, i + period).some(({ item }) => isContainer(item))) continue;
      const times = timesOf(sequence, words, i, period);
      if (times >= fewest && times * period > best.times * best.period) best = { period, times };
    }
    const length = best.period * best.times;
    // A pattern begins with what learns, where anything in it does: Linear and ReLU, not ReLU and Linear.
    const pattern = sequence.slice(i, i + best.period).map(({ item }) => item);
    const learns = pattern.map(item => signatures.learns(item));
    if (length === 0 || (learns.includes(true) && learns[0] === false)) {
      i++;
      continue;
    }
    found.push({ items: sequence.slice(i, i + length).map(({ item }) => item), times: best.times });
    i += length;
  }
  return found;
}

/**
 * How often the `period` places from `start` on come one after the other. What something else needs can only be of the
 * last time.
 */
function timesOf(
  sequence: readonly Place[],
  words: readonly string[],
  start: number,
  period: number,
): number {
  let times = 1;
  while (comesAgain(sequence, words, start, period, times)) times++;
  while (times > 1) {
    const end = start + times * period;
    const needed = sequence.slice(start, end - period).findIndex(({ lastUse }) => lastUse >= end);
    if (needed < 0) break;
    times = Math.floor(needed / period) + 1;
  }
  return times;
}

function comesAgain(
  sequence: readonly Place[],
  words: readonly string[],
  start: number,
  period: number,
  times: number,
): boolean {
  for (let at = start; at < start + period; at++) {
    const again = at + times * period;
    if (words[at] !== words[again]) return false;
    const [first, second, other] = [sequence[at], sequence[at + period], sequence[again]];
    if (first === undefined || second === undefined || other === undefined) return false;
    if (first.sources.length !== other.sources.length) return false;
    const alike = other.sources.every((source, i) => {
      const [ofFirst, ofSecond] = [first.sources[i], second.sources[i]];
      if (ofFirst === undefined || ofSecond === undefined) return false;
      return isAlike(source, ofSecond, ofFirst, { start, period, moved: times * period });
    });
    if (!alike) return false;
  }
  return true;
}

/** Whether a place gets its data as those before it do: from its own pattern, the one before, or from outside. */
function isAlike(
  source: Source,
  ofSecond: Source,
  ofFirst: Source,
  { start, period, moved }: { readonly start: number; readonly period: number; readonly moved: number },
): boolean {
  if (source.place === null || source.place < start)
    return ofFirst.place === source.place && ofFirst.value === source.value;
  if (source.place >= start + moved) return ofFirst.place === source.place - moved;
  // The first one gets from outside what the others get from the one before.
  const same = ofSecond.place !== null && source.place - moved === ofSecond.place - period;
  const outside = ofFirst.place === null || ofFirst.place < start;
  return same && outside && source.place >= start + moved - period;
}

/** What is in items in a text: equal for those that do the same with tensors of the same shapes. */
class Signatures {
  readonly #modules: ReadonlyMap<string, Graph['modules'][number]>;

  constructor(
    private readonly graph: Graph,
    private readonly flow: Flow,
  ) {
    this.#modules = new Map(graph.modules.map(module => [module.path, module]));
  }

  learns(item: Item): boolean {
    return isContainer(item) && (this.#modules.get(item.path)?.parameters ?? 0) > 0;
  }

  of(item: Item): string {
    const leaves = leavesOf(item);
    const place = new Map(leaves.map(({ value }, i) => [value, i]));
    const path = isContainer(item) ? item.path : null;
    const parts = leaves.map(({ value }) => {
      const node = this.graph.nodes[value];
      if (node === undefined) return '';
      const inside = path === null ? '' : (node.module?.slice(path.length) ?? '');
      const from = (this.flow.into[value] ?? []).map(link => place.get(link.from) ?? 'x');
      const { dtype, shape } = node.output;
      return [inside, node.name, node.formula ?? '', dtype, shape.join('×'), from.join(' ')].join(',');
    });
    const { kind = '', description = '' } = this.#modules.get(path ?? '') ?? {};
    return [...(path === null ? [] : [kind, description]), ...parts].join(';');
  }
}
