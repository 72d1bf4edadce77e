/** Draws a scene, from behind to front: open boxes, edges, closed boxes, and what is written between them. */
import type { Point } from '../layout/types';
import { titleHeight } from '../scene';
import type { IndexedEdge, SceneIndex } from '../scene-index';
import { overlap, type Rectangle } from './camera';
import { type Manner, smallestText } from './manner';
import { paintCard, paintOpenBox, paintTitleBar } from './paint-box';
import type { Palette } from './palette';
import type { Pen } from './pen';

/** Below this scale arrows cannot be seen. */
const smallestArrow = 0.2;

/** How far a gradient's way is from the way of its value. */
const beside = 5;
const arrowLength = 7;
const arrowWidth = 3.5;

/** Draws what is seen of a scene. */
export function paintScene(pen: Pen, index: SceneIndex, manner: Manner): void {
  const seen = (bounds: Rectangle) => overlap(bounds, manner.part);
  const boxes = index.boxes.filter(seen);
  const edges = index.edges.filter(({ bounds }) => seen(bounds));
  const open = boxes.filter(box => box.open === true);
  for (const box of open) paintOpenBox(pen, box, manner);
  const chosen = new Set(
    manner.selected === null ? [] : [...index.leaving(manner.selected), ...index.arriving(manner.selected)],
  );
  paintEdges(
    pen,
    edges.filter(edge => !chosen.has(edge)),
    manner,
  );
  for (const box of open) paintTitleBar(pen, box, manner);
  paintChosen(
    pen,
    edges.filter(edge => chosen.has(edge)),
    manner,
  );
  for (const box of boxes) if (box.open !== true) paintCard(pen, box, manner);
  if (manner.scale >= smallestText) paintLabels(pen, index, edges, manner);
}

function paintEdges(pen: Pen, edges: readonly IndexedEdge[], manner: Manner): void {
  const { palette } = manner;
  for (const main of [false, true]) {
    const some = edges.filter(edge => edge.main === main);
    const stroke = main ? palette.edge : palette.sideEdge;
    paintWays(
      pen,
      some.map(({ points }) => points),
      { stroke, width: 1.25, dash: [] },
      manner,
    );
  }
  if (manner.backward) paintBackward(pen, edges, 1.25, manner);
}

function paintChosen(pen: Pen, edges: readonly IndexedEdge[], manner: Manner): void {
  const { accent } = manner.palette;
  paintWays(
    pen,
    edges.map(({ points }) => points),
    { stroke: accent, width: 2, dash: [] },
    manner,
  );
  if (manner.backward) paintBackward(pen, edges, 2, manner);
}

function paintBackward(pen: Pen, edges: readonly IndexedEdge[], width: number, manner: Manner): void {
  const ways = edges
    .filter(({ gradient }) => gradient)
    .map(({ points }) => points.map(({ x, y }) => ({ x: x + beside, y })).reverse());
  paintWays(pen, ways, { stroke: manner.palette.backward, width, dash: [4, 3] }, manner);
}

interface WayStyle {
  readonly stroke: string;
  readonly width: number;
  readonly dash: readonly number[];
}

/** Lines that are not thinner than the screen can show, with arrows at their ends. */
function paintWays(pen: Pen, ways: readonly (readonly Point[])[], style: WayStyle, { scale }: Manner): void {
  if (ways.length === 0) return;
  pen.lines(ways, { ...style, width: Math.max(style.width, 0.6 / scale) });
  if (scale < smallestArrow) return;
  pen.triangles(
    ways.flatMap(points => {
      const [end, before] = [points[points.length - 1], points[points.length - 2]];
      return end === undefined || before === undefined ? [] : [arrow(end, before.y < end.y ? 1 : -1)];
    }),
    style.stroke,
  );
}

/** An arrow that points down, or up: that is how all edges end. */
function arrow({ x, y }: Point, direction: 1 | -1): [Point, Point, Point] {
  const base = y - direction * arrowLength;
  return [
    { x, y },
    { x: x - arrowWidth, y: base },
    { x: x + arrowWidth, y: base },
  ];
}

function paintLabels(pen: Pen, index: SceneIndex, edges: readonly IndexedEdge[], manner: Manner): void {
  const { palette, backward, gradientText, widthOf } = manner;
  const font = palette.fonts.detail;
  for (const edge of edges) {
    const { label, shape } = edge;
    if (label === null || shape === '') continue;
    const behind = placeBehind(index, label, palette);
    const gradient = backward && edge.gradient && edge.main ? gradientText(edge) : '';
    const width = widthOf(shape, font);
    pen.box(label.x - width / 2 - 3, label.y - 8, width + 6, 16, 3, { fill: behind });
    pen.text(shape, label.x, label.y + 0.5, { font, fill: palette.faint, align: 'center' });
    if (gradient === '') continue;
    const left = label.x + width / 2 + 10;
    pen.box(left - 3, label.y - 8, widthOf(gradient, font) + 6, 16, 3, { fill: behind });
    pen.text(gradient, left, label.y + 0.5, { font, fill: palette.backward });
  }
}

/** The colour of what is behind a place. */
function placeBehind(index: SceneIndex, place: Point, palette: Palette): string {
  const box = index.boxes.findLast(
    each => each.open === true && overlap(each, { ...place, width: 0, height: 0 }),
  );
  if (box === undefined) return palette.background;
  return place.y < box.y + titleHeight ? palette.card : palette.inside(box.depth);
}
