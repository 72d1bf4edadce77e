/** Where the arrow keys lead: up and down along edges, to the left and right to what stands beside. */
import type { SceneBox } from './scene';
import type { IndexedEdge, SceneIndex } from './scene-index';

/** A key's direction. */
export type Direction = 'up' | 'down' | 'left' | 'right';

const centre = ({ x, width }: SceneBox) => x + width / 2;

/** The first box in the flow, or the last one. */
export function endOfFlow(index: SceneIndex, end: 'first' | 'last'): SceneBox | undefined {
  const closed = index.boxes.filter(({ open }) => open !== true);
  const before = (a: SceneBox, b: SceneBox) => a.y - b.y || a.x - b.x;
  const sorted = closed.sort(before);
  return end === 'first' ? sorted[0] : sorted.at(-1);
}

/** The box to which a key leads from another one; undefined where it leads nowhere. */
export function nextBox(
  index: SceneIndex,
  from: SceneBox | undefined,
  direction: Direction,
): SceneBox | undefined {
  if (from === undefined) return endOfFlow(index, 'first');
  if (direction === 'left' || direction === 'right') return nextBeside(index, from, direction);
  if (from.open === true) return direction === 'down' ? firstWithin(index, from) : nextAround(index, from);
  const edges = direction === 'down' ? index.leaving(from.id) : index.arriving(from.id);
  const ends = edges.map(edge => ({ edge, box: index.box(direction === 'down' ? edge.to : edge.from) }));
  return nearest(from, ends);
}

function nearest(
  from: SceneBox,
  ends: readonly { readonly edge: IndexedEdge; readonly box: SceneBox | undefined }[],
): SceneBox | undefined {
  // The way on which gradients come back first: parameters and inputs are reached to the left and right.
  const rank = ({ edge, box }: (typeof ends)[number]) =>
    (edge.main ? 0 : 1e7) +
    (edge.gradient ? 0 : 1e6) +
    Math.abs((box?.y ?? 0) - from.y) +
    Math.abs(centre(box ?? from) - centre(from));
  return [...ends].sort((a, b) => rank(a) - rank(b))[0]?.box;
}

function firstWithin(index: SceneIndex, open: SceneBox): SceneBox | undefined {
  return index.within(open.id).sort((a, b) => a.y - b.y || a.x - b.x)[0];
}

/** What leads to an open box: to what is in it, from outside. */
function nextAround(index: SceneIndex, open: SceneBox): SceneBox | undefined {
  const inside = (box: SceneBox | undefined): boolean =>
    box !== undefined && (box.parent === open.id || inside(index.box(box.parent)));
  const ends = index.edges
    .filter(({ to, from }) => inside(index.box(to)) && !inside(index.box(from)))
    .map(edge => ({ edge, box: index.box(edge.from) }));
  return nearest(open, ends);
}

/** The nearest box to one side that is not far above or below. */
function nextBeside(index: SceneIndex, from: SceneBox, direction: 'left' | 'right'): SceneBox | undefined {
  const sign = direction === 'left' ? -1 : 1;
  const middle = from.y + from.height / 2;
  const candidates = index.boxes.filter(box => {
    if (box === from || box.open === true) return false;
    const apart = sign * (centre(box) - centre(from));
    return apart > 1 && Math.abs(box.y + box.height / 2 - middle) < 120;
  });
  const rank = (box: SceneBox) =>
    Math.abs(centre(box) - centre(from)) + 3 * Math.abs(box.y + box.height / 2 - middle);
  return candidates.sort((a, b) => rank(a) - rank(b))[0];
}
