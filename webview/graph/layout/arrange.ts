/**
 * Gives everything its place: the inside of each open box is laid out by itself, the innermost first, and is then a
 * node of a certain size for what is around it.
 */
import type { Value } from '../model/flow';
import { type Container, type Item, isContainer } from '../model/items';
import { type Wire, type Wires, wireKey } from '../model/wires';
import type { Words } from '../model/words';
import { cardSize, inner, type Measure, openWidth, outletRoom } from './cards';
import { layered } from './layered';
import type { LayeredEdge, LayeredNode, Point } from './types';

/** An item with its size and, where it is open, its inside. */
export interface Placed {
  readonly item: Item;
  readonly width: number;
  readonly height: number;
  /** Where the straight lines of edges go through it, from its left border. */
  readonly anchor: number;
  readonly inside: Inside | null;
}

/** The inside of an open container; places are seen from its upper left corner. */
export interface Inside {
  readonly places: ReadonlyMap<Item, { readonly placed: Placed; readonly at: Point }>;
  readonly routes: ReadonlyMap<string, readonly Point[]>;
  readonly inlets: ReadonlyMap<Value, number>;
  readonly outlets: ReadonlyMap<Value, number>;
}

/** What is needed to arrange a tree. */
export interface Arrangement {
  readonly wires: Wires;
  readonly isOpen: (container: Container) => boolean;
  readonly wordsOf: (item: Item) => Words;
  readonly measure: Measure;
}

/** Arranges an item and everything that is seen in it. */
export function arrange(item: Item, how: Arrangement): Placed {
  if (!isContainer(item) || !how.isOpen(item)) {
    const size = cardSize(how.wordsOf(item), isContainer(item), how.measure);
    return { item, ...size, anchor: size.width / 2, inside: null };
  }
  return arrangeOpen(item, how);
}

interface Ports {
  /** The values that enter or leave, each with the number of its node. */
  readonly numbers: ReadonlyMap<Value, number>;
  readonly main: Value | undefined;
}

function portsOf(wires: readonly Wire[], end: 'from' | 'to', first: number): Ports {
  const numbers = new Map<Value, number>();
  let main: Value | undefined;
  for (const wire of wires) {
    if (wire[end] !== null) continue;
    if (!numbers.has(wire.value)) numbers.set(wire.value, first + numbers.size);
    if (wire.main) main ??= wire.value;
  }
  return { numbers, main: main ?? [...numbers.keys()][0] };
}

const port = { left: 0, right: 0, height: 0 } as const;

function arrangeOpen(container: Container, how: Arrangement): Placed {
  const wires = how.wires.get(container) ?? [];
  const children = container.children.map(child => arrange(child, how));
  const numbers = new Map(children.map(({ item }, i) => [item, i]));
  const inlets = portsOf(wires, 'from', children.length);
  const outlets = portsOf(wires, 'to', children.length + inlets.numbers.size);
  const nodes: LayeredNode[] = [
    ...children.map(({ width, height, anchor }) => ({ left: anchor, right: width - anchor, height })),
    ...Array.from(inlets.numbers, () => ({ ...port, end: 'top' }) as const),
    ...Array.from(outlets.numbers, () => ({ ...port, end: 'bottom' }) as const),
  ];
  const edges = wires.map((wire): LayeredEdge => {
    const from = wire.from === null ? inlets.numbers.get(wire.value) : numbers.get(wire.from);
    const to = wire.to === null ? outlets.numbers.get(wire.value) : numbers.get(wire.to);
    const [a, b] = [children[from ?? -1], children[to ?? -1]];
    const [leaves, arrives] = [a?.inside?.outlets.get(wire.value), b?.inside?.inlets.get(wire.value)];
    return {
      from: from ?? 0,
      to: to ?? 0,
      wire: wire.value,
      main: wire.main,
      ...(a !== undefined && leaves !== undefined && { fromX: leaves - a.anchor }),
      ...(b !== undefined && arrives !== undefined && { toX: arrives - b.anchor }),
    };
  });
  const laid = layered(nodes, edges);
  const isRoot = container.kind === 'root';
  const title = isRoot ? 0 : openWidth(how.wordsOf(container), how.measure);
  const [side, top, bottom] = isRoot
    ? [0, 0, 0]
    : [inner.side, inlets.numbers.size > 0 ? 0 : inner.top, outlets.numbers.size > 0 ? 0 : inner.bottom];
  const outletsAt = isRoot ? [] : [...outlets.numbers.values()].map(number => laid.nodes[number]?.x ?? 0);
  const beside = outletsAt.map(x => x + outletRoom(how.measure) - laid.width - side);
  const extra = Math.max(0, ...beside);
  const width = Math.max(title, laid.width + 2 * side + extra);
  const dx = (width - laid.width - extra) / 2;
  const moved = (point: Point): Point => ({ x: point.x + dx, y: point.y + top });
  const places = new Map(
    children.map((placed, i) => {
      const { x, y } = moved(laid.nodes[i] ?? { x: 0, y: 0 });
      return [placed.item, { placed, at: { x: x - placed.anchor, y } }] as const;
    }),
  );
  const routes = new Map(
    wires.map(
      (wire, i) => [wireKey(wire.from, wire.to, wire.value), (laid.routes[i] ?? []).map(moved)] as const,
    ),
  );
  const across = ({ numbers: all }: Ports) =>
    new Map([...all].map(([value, number]) => [value, (laid.nodes[number]?.x ?? 0) + dx] as const));
  const [inAt, outAt] = [across(inlets), across(outlets)];
  const anchor = inAt.get(inlets.main ?? Number.NaN) ?? outAt.get(outlets.main ?? Number.NaN) ?? width / 2;
  return {
    item: container,
    width,
    height: laid.height + top + bottom,
    anchor,
    inside: { places, routes, inlets: inAt, outlets: outAt },
  };
}
