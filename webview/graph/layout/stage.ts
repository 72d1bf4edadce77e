/** Puts an arranged graph on the stage: everything in one plane, each edge in one piece from box to box. */
import { metaText } from '../../../src/protocol/graph-kinds';
import type { Flow, Link } from '../model/flow';
import { type Container, type Item, isContainer } from '../model/items';
import type { Tree } from '../model/tree';
import { sourceOf, wayOf, wireKey } from '../model/wires';
import type { Words } from '../model/words';
import type { Scene, SceneBox, SceneEdge } from '../scene';
import type { Inside, Placed } from './arrange';
import { withoutIdle } from './routes';
import type { Point } from './types';

interface Opened {
  readonly inside: Inside;
  readonly at: Point;
}

/** Makes the scene of an arranged root. */
export function stage(root: Placed, tree: Tree, flow: Flow, wordsOf: (item: Item) => Words): Scene {
  const boxes: SceneBox[] = [];
  const opened = new Map<Item, Opened>();
  const stack: { placed: Placed; at: Point; depth: number }[] = [
    { placed: root, at: { x: 0, y: 0 }, depth: -1 },
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { placed, at, depth } = next;
    if (placed.item !== root.item) boxes.push(boxOf(placed, at, depth, root.item, wordsOf(placed.item)));
    if (placed.inside === null) continue;
    opened.set(placed.item, { inside: placed.inside, at });
    for (const each of [...placed.inside.places.values()].reverse()) {
      stack.push({ placed: each.placed, at: { x: at.x + each.at.x, y: at.y + each.at.y }, depth: depth + 1 });
    }
  }
  return { boxes, edges: edgesOf(tree, flow, opened, wordsOf), width: root.width, height: root.height };
}

function boxOf(
  { item, width, height, inside }: Placed,
  at: Point,
  depth: number,
  root: Item,
  words: Words,
): SceneBox {
  const container = isContainer(item);
  return {
    id: item.id,
    ...words,
    value: container ? null : item.value,
    path: item.kind === 'module' ? item.path : null,
    parent: item.parent === null || item.parent === root ? null : item.parent.id,
    depth,
    open: container ? inside !== null : null,
    ...at,
    width,
    height,
  };
}

/** What stands for an item: itself, or the closed box that it is in. */
function shownFor(item: Item, opened: ReadonlyMap<Item, Opened>): Item {
  let shown = item;
  for (let parent: Container | null = item.parent; parent !== null; parent = parent.parent) {
    if (!opened.has(parent)) shown = parent;
  }
  return shown;
}

function edgesOf(
  tree: Tree,
  flow: Flow,
  opened: ReadonlyMap<Item, Opened>,
  wordsOf: (item: Item) => Words,
): SceneEdge[] {
  const found = new Map<string, SceneEdge>();
  const labelled = new Set<string>();
  for (const link of [...flow.links].sort((a, b) => Number(b.main) - Number(a.main))) {
    const [source, target] = [sourceOf(tree, link), tree.nodes[link.to]];
    if (source === undefined || target === undefined) continue;
    const [from, to] = [shownFor(source, opened), shownFor(target, opened)];
    const key = wireKey(from, to, link.from);
    if (from === to || found.has(key)) continue;
    const points = pointsOf(from, to, link, opened);
    const labelKey = `${from.id}>${link.from}`;
    const shape = link.meta === null ? '' : metaText(link.meta);
    // What stands on the box itself is not written below it again.
    const told = labelled.has(labelKey) || wordsOf(from).detail === shape;
    const label = told || points.length < 2 ? null : labelPlace(points);
    labelled.add(labelKey);
    const gradient = link.from >= 0;
    found.set(key, {
      from: from.id,
      to: to.id,
      value: link.from,
      points,
      shape,
      label,
      main: link.main,
      gradient,
    });
  }
  return [...found.values()];
}

function pointsOf(from: Item, to: Item, { from: value }: Link, opened: ReadonlyMap<Item, Opened>): Point[] {
  const points = wayOf(from, to).flatMap(step => {
    const { inside, at } = opened.get(step.container) ?? {};
    const route = inside?.routes.get(wireKey(step.from, step.to, value)) ?? [];
    return route.map(({ x, y }) => ({ x: x + (at?.x ?? 0), y: y + (at?.y ?? 0) }));
  });
  return withoutIdle(points);
}

/** How far below its source the shape of a value is written. */
const labelDrop = 18;

/** Beside the first piece of the way. */
function labelPlace([a = { x: 0, y: 0 }, b = a]: readonly Point[]): Point {
  if (Math.abs(a.x - b.x) < 0.5) return { x: a.x, y: Math.min(a.y + labelDrop, (a.y + b.y) / 2) };
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
