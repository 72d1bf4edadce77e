/** What is in a container, one after the other as data flows, each with where it gets its data from. */
import type { Flow, Value } from './flow';
import { type Container, type Item, type Leaf, leavesOf } from './items';

/** Where something gets data from. */
export interface Source {
  /** The place in the sequence; null for what comes from outside of the container. */
  readonly place: number | null;
  readonly value: Value;
}

/** Something on the way from the inputs to the loss. */
export interface Place {
  readonly item: Item;
  readonly sources: readonly Source[];
  /** The last place that needs what it gives; infinite where something outside does. */
  readonly lastUse: number;
}

/** Finds the item of a container that a leaf is in; undefined for one that is outside. */
export function childFinder(container: Container): (leaf: Leaf | undefined) => Item | undefined {
  return leaf => {
    let item: Item | null | undefined = leaf;
    while (item != null && item.parent !== container) item = item.parent;
    return item ?? undefined;
  };
}

/** Whether data flows through an item: it is no input, and not made of parameters alone. */
function carriesData(item: Item, flow: Flow): boolean {
  return leavesOf(item).some(({ kind, value }) => kind === 'node' && flow.fixed[value] !== true);
}

/** What an item gets from others, each of them once. */
function feedsOf(item: Item, flow: Flow, itemOf: (value: Value) => Item | undefined) {
  const found = new Map<Item | Value, { readonly from: Item | undefined; readonly value: Value }>();
  for (const leaf of leavesOf(item)) {
    for (const { from: value, main } of flow.into[leaf.value] ?? []) {
      const from = itemOf(value);
      if (main && from !== item) found.set(from ?? value, { from, value });
    }
  }
  return [...found.values()];
}

/** Items so that each stands after those that feed it, and otherwise in the order in which they are given. */
function sorted(items: readonly Item[], feeders: (item: Item) => readonly Item[]): Item[] {
  const known = new Set(items);
  const order = new Set<Item>();
  const opened = new Set<Item>();
  const stack = items.toReversed();
  for (let item = stack.at(-1); item !== undefined; item = stack.at(-1)) {
    const open = opened.has(item) ? [] : feeders(item).filter(each => known.has(each) && !order.has(each));
    opened.add(item);
    if (open.length > 0) stack.push(...open.reverse());
    else {
      order.add(item);
      stack.pop();
    }
  }
  return [...order];
}

/** The sequence of what data flows through in a container. */
export function sequenceOf(container: Container, flow: Flow, nodes: readonly Leaf[]): Place[] {
  const childOf = childFinder(container);
  const itemOf = (value: Value) => (value < 0 ? undefined : childOf(nodes[value]));
  const items = container.children.filter(item => carriesData(item, flow));
  const feeds = new Map(items.map(item => [item, feedsOf(item, flow, itemOf)]));
  const order = sorted(items, item => (feeds.get(item) ?? []).flatMap(({ from }) => from ?? []));
  const placeOf = new Map(order.map((item, place) => [item, place]));
  const lastUse = (item: Item) => {
    const users = leavesOf(item).flatMap(({ value }) => flow.outOf[value] ?? []);
    const places = users.map(({ to }) => {
      const user = itemOf(to);
      return user === undefined ? Number.POSITIVE_INFINITY : (placeOf.get(user) ?? 0);
    });
    return places.reduce((last, place) => Math.max(last, place), -1);
  };
  return order.map(item => ({
    item,
    sources: (feeds.get(item) ?? []).map(({ from, value }) => ({
      place: from === undefined ? null : (placeOf.get(from) ?? null),
      value,
    })),
    lastUse: lastUse(item),
  }));
}
