/** Draws one box, open or closed. */
import { padding } from '../layout/cards';
import type { Point } from '../layout/types';
import { type SceneBox, titleHeight } from '../scene';
import { type Heat, type Manner, nameSize, smallestName, smallestText } from './manner';
import type { Pen, ShapeStyle } from './pen';

const radius = 6;
/** The width of the coloured edge. */
const edge = 4;
/** How far the sheets behind a folded sequence stand out. */
const sheet = 4;

function outline({ id, kind }: SceneBox, { palette, selected, hovered, found, scale }: Manner): ShapeStyle {
  const fine = Math.max(1, 0.5 / scale);
  if (id === selected) return { stroke: palette.accent, width: Math.max(2, 2 / scale) };
  if (found.has(id)) return { stroke: palette.accent, width: Math.max(1.5, 1.5 / scale), dash: [4, 2] };
  if (id === hovered) return { stroke: palette.faint, width: fine };
  return { stroke: palette.border, width: fine, ...(kind === 'input' && { dash: [3, 2] }) };
}

/** The inside of an open box. */
export function paintOpenBox(pen: Pen, box: SceneBox, manner: Manner): void {
  const { x, y, width, height, depth } = box;
  pen.box(x, y, width, height, radius, { fill: manner.palette.inside(depth), ...outline(box, manner) });
}

/** The bar with the name of an open box: edges go behind it. */
export function paintTitleBar(pen: Pen, box: SceneBox, manner: Manner): void {
  const { x, y, width } = box;
  const { palette } = manner;
  pen.box(x, y, width, titleHeight, [radius, radius, 0, 0], { fill: palette.card, ...outline(box, manner) });
  pen.box(x, y, edge, titleHeight, [radius, 0, 0, 0], { fill: palette.tones[box.tone] });
  if (manner.scale >= smallestText) paintTitle(pen, box, y + titleHeight / 2, manner);
  else if (manner.scale >= smallestName) {
    paintName(
      pen,
      { ...box, height: titleHeight },
      { x: x + width / 2, y: y + titleHeight / 2 },
      palette.title,
      manner,
    );
  }
}

/** The ends of parameters and inputs are round. */
function cornersOf({ kind, height }: SceneBox): number {
  return kind === 'parameter' || kind === 'input' ? height / 2 : radius;
}

/** A closed box. */
export function paintCard(pen: Pen, box: SceneBox, manner: Manner): void {
  const heat = manner.heat?.(box);
  if (manner.scale < smallestText) paintSmall(pen, box, heat, manner);
  else paintLarge(pen, box, heat, manner);
}

/** A box that is too small for anything but its colour and, perhaps, its name. */
function paintSmall(pen: Pen, box: SceneBox, heat: Heat | undefined, manner: Manner): void {
  const { x, y, width, height, id } = box;
  const { palette, scale, selected, hovered, found } = manner;
  const fill = heat === undefined ? palette.tones[box.tone] : cardFill(heat, manner);
  const pointedOut = id === selected || id === hovered || found.has(id) || heat !== undefined;
  pen.box(x, y, width, height, cornersOf(box), { ...(pointedOut && outline(box, manner)), fill });
  if (scale < smallestName) return;
  paintName(
    pen,
    box,
    { x: x + width / 2, y: y + height / 2 },
    heat === undefined ? palette.background : palette.title,
    manner,
  );
}

/** A name where there is room for nothing else, in letters that can still be read on the screen. */
function paintName(
  pen: Pen,
  { title, width, height }: SceneBox,
  { x, y }: Point,
  fill: string,
  manner: Manner,
): void {
  const font = manner.palette.smallTitle(nameSize(manner.scale, Math.min(height, 44)));
  pen.text(manner.shorten(title, width - 2 * radius, font), x, y, { font, fill, align: 'center' });
}

function paintLarge(pen: Pen, box: SceneBox, heat: Heat | undefined, manner: Manner): void {
  const { x, y, width, height } = box;
  const { palette } = manner;
  const corners = cornersOf(box);
  if (box.kind === 'repeat') {
    const style = { fill: palette.card, stroke: palette.border };
    for (const i of [2, 1]) pen.box(x + i * sheet, y + i * sheet, width, height, corners, style);
  }
  pen.box(x, y, width, height, corners, { fill: cardFill(heat, manner), ...outline(box, manner) });
  const tone = heat === undefined ? palette.tones[box.tone] : palette.faint;
  if (corners === radius) pen.box(x, y, edge, height, [radius, 0, 0, radius], { fill: tone });
  else if (box.kind === 'parameter') pen.box(x + 7, y + height / 2 - 3, 6, 6, 3, { fill: tone });
  paintWords(pen, box, heat, manner);
}

function cardFill(heat: Heat | undefined, { palette }: Manner): string {
  if (heat?.broken) return palette.alarm;
  return heat === undefined || heat.share === null ? palette.card : palette.heat(heat.share);
}

function paintWords(pen: Pen, box: SceneBox, heat: Heat | undefined, manner: Manner): void {
  const { x, y, width, height, detail } = box;
  const { palette, shorten, widthOf } = manner;
  const below = heat === undefined || heat.text === '' ? detail : heat.text;
  const fill = heat?.broken ? palette.background : heat?.share == null ? palette.faint : palette.title;
  const font = palette.fonts.detail;
  if (box.kind === 'parameter' || box.kind === 'input') {
    const left = x + padding.left + (box.kind === 'parameter' ? padding.dot : 0);
    const room = width - (left - x) - padding.right;
    const title = shorten(box.title, room, palette.fonts.title);
    pen.text(title, left, y + height / 2 + 0.5, { font: palette.fonts.title, fill: palette.title });
    const after = left + widthOf(title, palette.fonts.title) + padding.between;
    pen.text(shorten(below, x + width - padding.right - after, font), after, y + height / 2 + 0.5, {
      font,
      fill,
    });
    return;
  }
  if (below === '' || height < 40) {
    paintTitle(pen, box, y + height / 2, manner);
    return;
  }
  paintTitle(pen, box, y + 15, manner, heat?.share == null ? palette.faint : palette.title);
  pen.text(shorten(below, width - padding.left - padding.right, font), x + padding.left, y + 31, {
    font,
    fill,
  });
}

/** The line with the name, what it is, and the sign of what can be opened. */
function paintTitle(pen: Pen, box: SceneBox, y: number, manner: Manner, fill = manner.palette.faint): void {
  const { palette, shorten, widthOf } = manner;
  const { fonts } = palette;
  const badge = box.badge === '' ? 0 : padding.between + widthOf(box.badge, fonts.title);
  const signs = box.open === null ? 0 : padding.sign + badge;
  const end = box.x + box.width - padding.right - signs;
  const left = box.x + padding.left;
  const title = shorten(box.title, end - left, fonts.title);
  pen.text(title, left, y + 0.5, { font: fonts.title, fill: palette.title });
  const after = left + widthOf(title, fonts.title) + padding.between;
  if (box.about !== '' && after < end) {
    pen.text(shorten(box.about, end - after, fonts.about), after, y + 0.5, { font: fonts.about, fill });
  }
  if (box.open !== null) paintSign(pen, box, y, manner);
}

/** A chevron: to the right where there is more to see, downwards where it is seen. */
function paintSign(pen: Pen, box: SceneBox, y: number, { palette }: Manner): void {
  const x = box.x + box.width - padding.right - 6;
  const points = box.open
    ? [
        { x: x - 4, y: y - 2 },
        { x, y: y + 2 },
        { x: x + 4, y: y - 2 },
      ]
    : [
        { x: x - 2, y: y - 4 },
        { x: x + 2, y },
        { x: x - 2, y: y + 4 },
      ];
  pen.polyline(points, { stroke: palette.faint, width: 1.5 });
  if (box.badge === '') return;
  pen.text(box.badge, x - 10, y + 0.5, { font: palette.fonts.title, fill: palette.title, align: 'right' });
}
