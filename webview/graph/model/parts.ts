/**
 * Groups nodes so that, with each group drawn as one box, arrows still lead downwards only. Nodes of one name stay
 * together as far as they are linked; where that would close a circle (a module is used twice, with something else
 * between), a group is cut into what comes before and what comes after.
 */
import type { Flow } from './flow';

/** Nodes that make a group. */
export interface Part {
  /** The name that they have in common; null for a node that stands alone. */
  readonly name: string | null;
  readonly nodes: readonly number[];
}

/** Links between nodes of a part of the graph. */
interface Scope {
  /** In the order of the flow. */
  readonly nodes: readonly number[];
  readonly has: ReadonlySet<number>;
  readonly flow: Flow;
}

function sources({ has, flow }: Scope, node: number): number[] {
  return (flow.into[node] ?? []).map(({ from }) => from).filter(from => from >= 0 && has.has(from));
}

/** Cuts nodes into those that are linked with each other. */
function linked(nodes: readonly number[], scope: Scope): number[][] {
  const within = new Set(nodes);
  const leader = new Map<number, number>();
  const find = (node: number): number => {
    let top = node;
    for (let next = leader.get(top) ?? top; next !== top; next = leader.get(top) ?? top) top = next;
    leader.set(node, top);
    return top;
  };
  for (const node of nodes) {
    for (const from of sources(scope, node)) if (within.has(from)) leader.set(find(node), find(from));
  }
  const groups = new Map<number, number[]>();
  for (const node of nodes) {
    const group = groups.get(find(node));
    if (group === undefined) groups.set(find(node), [node]);
    else group.push(node);
  }
  return [...groups.values()];
}

/** Cuts nodes by how often the flow has left them before it came back. */
function returning(nodes: readonly number[], scope: Scope): number[][] {
  const within = new Set(nodes);
  const returns = new Map<number, number>();
  const groups = new Map<number, number[]>();
  for (const node of scope.nodes) {
    let most = 0;
    for (const from of sources(scope, node)) {
      const left = within.has(from) && !within.has(node) ? 1 : 0;
      most = Math.max(most, (returns.get(from) ?? 0) + left);
    }
    returns.set(node, most);
    if (!within.has(node)) continue;
    const group = groups.get(most);
    if (group === undefined) groups.set(most, [node]);
    else group.push(node);
  }
  return [...groups.values()];
}

/** The parts that are in circles, or between two of them. */
function inCircles(parts: readonly Part[], scope: Scope): Set<Part> {
  const partOf = new Map<number, Part>();
  for (const part of parts) for (const node of part.nodes) partOf.set(node, part);
  const before = new Map<Part, Set<Part>>(parts.map(part => [part, new Set()]));
  const after = new Map<Part, Set<Part>>(parts.map(part => [part, new Set()]));
  for (const node of scope.nodes) {
    const to = partOf.get(node);
    for (const source of sources(scope, node)) {
      const from = partOf.get(source);
      if (from === undefined || to === undefined || from === to) continue;
      before.get(to)?.add(from);
      after.get(from)?.add(to);
    }
  }
  const left = new Set(parts);
  // What nothing leads to is in no circle, nor what leads to nothing: so from both ends.
  for (const [ends, others] of [
    [before, after],
    [after, before],
  ] as const) {
    const stack = [...left].filter(part => ends.get(part)?.size === 0);
    for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
      left.delete(part);
      for (const other of others.get(part) ?? []) {
        const rest = ends.get(other);
        rest?.delete(part);
        if (rest?.size === 0 && left.has(other)) stack.push(other);
      }
    }
  }
  return left;
}

/**
 * Groups nodes.
 * @param nodes in the order of the flow
 * @param nameOf what nodes of a group have in common; null for a node that stands alone
 */
export function partsOf(
  nodes: readonly number[],
  nameOf: (node: number) => string | null,
  flow: Flow,
): Part[] {
  const scope: Scope = { nodes, has: new Set(nodes), flow };
  const named = new Map<string, number[]>();
  let parts: Part[] = [];
  for (const node of nodes) {
    const name = nameOf(node);
    if (name === null) parts.push({ name, nodes: [node] });
    else if (named.has(name)) named.get(name)?.push(node);
    else named.set(name, [node]);
  }
  for (const [name, list] of named) parts.push(...linked(list, scope).map(group => ({ name, nodes: group })));
  const single = (list: readonly number[]) => list.map(node => [node]);
  for (const cut of [returning, single]) {
    const bad = inCircles(parts, scope);
    if (bad.size === 0) break;
    parts = parts.flatMap(part => {
      if (!bad.has(part)) return [part];
      return cut(part.nodes, scope).map(group => ({ name: part.name, nodes: group }));
    });
  }
  const place = new Map(nodes.map((node, i) => [node, i]));
  const first = ({ nodes: [node = 0] }: Part) => place.get(node) ?? 0;
  return parts.sort((a, b) => first(a) - first(b));
}
