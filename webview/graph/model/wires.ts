/**
 * What flows within each container, between the items in it. A value that comes from outside enters by an inlet, one
 * that is used outside leaves by an outlet: so the inside of a container can be drawn without its surroundings.
 */
import type { Flow, Link, Value } from './flow';
import { type Container, commonContainer, type Item } from './items';
import type { Tree } from './tree';

/** A value that flows between two items of a container. */
export interface Wire {
  readonly key: string;
  /** null for the inlet of the value. */
  readonly from: Item | null;
  /** null for the outlet of the value. */
  readonly to: Item | null;
  readonly value: Value;
  readonly main: boolean;
}

/** The wires of each container. */
export type Wires = ReadonlyMap<Container, readonly Wire[]>;

/** Names a wire within its container. */
export function wireKey(from: Item | null, to: Item | null, value: Value): string {
  return `${from?.id ?? ''}>${to?.id ?? ''}>${value}`;
}

/** A step of a link's way: a wire and its container. */
export interface Step {
  readonly container: Container;
  readonly from: Item | null;
  readonly to: Item | null;
}

/** The way of a link through containers, from one item to another: out of some, and into others. */
export function wayOf(from: Item, to: Item): Step[] {
  if (from.parent === null || to.parent === null) return [];
  const common = commonContainer(from.parent, to.parent);
  const [out, into]: [Step[], Step[]] = [[], []];
  let [a, b] = [from, to];
  while (a.parent !== null && a.parent !== common) {
    out.push({ container: a.parent, from: a, to: null });
    a = a.parent;
  }
  while (b.parent !== null && b.parent !== common) {
    into.push({ container: b.parent, from: null, to: b });
    b = b.parent;
  }
  if (common === undefined || a === b) return [];
  return [...out, { container: common, from: a, to: b }, ...into.reverse()];
}

/** The leaf that a value comes from. */
export function sourceOf({ nodes, inputs }: Tree, { from }: Pick<Link, 'from'>): Item | undefined {
  return from < 0 ? inputs[-1 - from] : nodes[from];
}

/** Finds the wires of all containers. */
export function wiresOf(tree: Tree, flow: Flow): Wires {
  const found = new Map<Container, Map<string, Wire>>();
  for (const link of flow.links) {
    const [from, to] = [sourceOf(tree, link), tree.nodes[link.to]];
    if (from === undefined || to === undefined) continue;
    for (const step of wayOf(from, to)) {
      const wires = found.get(step.container) ?? new Map<string, Wire>();
      const key = wireKey(step.from, step.to, link.from);
      const main = link.main || (wires.get(key)?.main ?? false);
      wires.set(key, { key, from: step.from, to: step.to, value: link.from, main });
      found.set(step.container, wires);
    }
  }
  return new Map([...found].map(([container, wires]) => [container, [...wires.values()]]));
}
