/** Draws histograms over steps as ridges, one behind the other: the oldest at the back, the newest in front. */
import { bordersOf, indexAt, nearestIndex, placeOf, type StepAxis, stepTicks } from '../shared/step-axis';
import { faded } from '../shared/theme';
import { countBeside, type Prepared, shareOf } from './prepared';
import { valuePlace, valueTicks } from './value-axis';
import { ageColour, type Box, letter, markedShare, type View } from './view';

/** Pixels between two ridges at least, so that each can be seen. */
const spacing = 5;

/** How high a ridge may become, of the whole. */
const highest = 0.36;

/** Ridges that are cut off reach this much above what is drawn in full. */
const cutOff = 1.25;

/** Where ridges stand and how high they are. */
interface Ground {
  readonly top: number;
  readonly height: number;
  readonly ridge: number;
}

function groundOf(box: Box): Ground {
  const ridge = (highest * box.height) / cutOff;
  return { top: box.top + ridge * cutOff, height: box.height - ridge * cutOff, ridge };
}

/** The looks that have a ridge: as many as there is room for, evenly over the axis. */
export function ridgeLooks(axis: StepAxis, steps: readonly number[], height: number): number[] {
  const most = Math.max(2, Math.floor(height / spacing));
  if (steps.length <= most) return steps.map((_, i) => i);
  const borders = bordersOf(axis, steps);
  const looks = Array.from({ length: most }, (_, i) => indexAt(borders, i / (most - 1)));
  return [...new Set(looks)];
}

/** The outline of a look's histogram, from its left end to its right. */
function outline(prepared: Prepared, box: Box, ground: Ground, baseline: number, look: number): Path2D {
  const path = new Path2D();
  const bins = prepared.answer.edges.length - 1;
  const width = box.width / bins;
  path.moveTo(box.left, baseline);
  for (let bin = 0; bin < bins; bin++) {
    const share = Math.min(cutOff, countBeside(prepared, look, bin) / prepared.full);
    path.lineTo(box.left + (bin + 0.5) * width, baseline - share * ground.ridge);
  }
  path.lineTo(box.left + box.width, baseline);
  return path;
}

/** Marks values outside at the ends of a ridge, and zeros by a stem: a ridge of them would be higher than all others. */
function drawEnds(
  context: CanvasRenderingContext2D,
  prepared: Prepared,
  view: View,
  box: Box,
  baseline: number,
  look: number,
): void {
  const { answer, zeroBin } = prepared;
  const isMarked = (count: number | undefined) => shareOf(prepared, look, count) > markedShare;
  context.fillStyle = view.theme.series[1] ?? view.theme.foreground;
  if (isMarked(answer.below[look])) context.fillRect(box.left - 4, baseline - 2, 3, 2);
  if (isMarked(answer.above[look])) context.fillRect(box.left + box.width + 1, baseline - 2, 3, 2);
  if (zeroBin >= 0 && isMarked(answer.zeros[look])) {
    const x = box.left + Math.min(1, Math.max(0, valuePlace(answer.edges, 0))) * box.width;
    const high = shareOf(prepared, look, answer.zeros[look]) * (spacing - 1);
    context.fillStyle = view.theme.foreground;
    context.fillRect(Math.round(x) - 1, baseline - high, 2, high);
  }
  if ((answer.nan[look] ?? 0) + (answer.infinite[look] ?? 0) > 0) {
    context.fillStyle = view.theme.warning;
    context.fillRect(box.left, baseline - 1, box.width, 2);
  }
}

function drawAxes(context: CanvasRenderingContext2D, { answer }: Prepared, view: View, box: Box): void {
  const ground = groundOf(box);
  letter(context, view);
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const { place, text } of stepTicks(view.axis, Math.floor(ground.height / 18), 0.7)) {
    const y = ground.top + place * ground.height;
    context.fillText(text, box.left + box.width + 8, Math.min(y, box.top + box.height - 5));
  }
  context.textBaseline = 'bottom';
  context.textAlign = 'center';
  for (const { place, text } of valueTicks(answer.edges, view.logValues, Math.floor(box.width / 56))) {
    const half = context.measureText(text).width / 2;
    const x = Math.max(box.left + half, Math.min(box.left + place * box.width, box.left + box.width - half));
    context.fillText(text, x, box.top + box.height + 18);
  }
}

/** Where a step's ridge stands. */
function baselineOf(axis: StepAxis, box: Box, step: number): number {
  const ground = groundOf(box);
  return ground.top + placeOf(axis, step) * ground.height;
}

/** Draws the histograms. */
export function drawRidges(
  context: CanvasRenderingContext2D,
  prepared: Prepared,
  view: View,
  box: Box,
): void {
  const { axis, theme } = view;
  const ground = groundOf(box);
  const { steps } = prepared.answer;
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(box.left, box.top + box.height + 0.5);
  context.lineTo(box.left + box.width, box.top + box.height + 0.5);
  context.stroke();
  for (const look of ridgeLooks(axis, steps, ground.height)) {
    const step = steps[look] ?? 0;
    const baseline = baselineOf(axis, box, step);
    const path = outline(prepared, box, ground, baseline, look);
    context.fillStyle = ageColour(view, placeOf(axis, step));
    context.strokeStyle = theme.background;
    context.fill(path);
    context.stroke(path);
    drawEnds(context, prepared, view, box, baseline, look);
  }
  drawAxes(context, prepared, view, box);
}

/** Draws the ridge of the step under the cursor, which need not have been drawn, over all others. */
export function drawRidgeCursor(
  context: CanvasRenderingContext2D,
  prepared: Prepared,
  view: View,
  box: Box,
  look: number,
): void {
  const { theme } = view;
  const baseline = baselineOf(view.axis, box, prepared.answer.steps[look] ?? 0);
  const path = outline(prepared, box, groundOf(box), baseline, look);
  context.lineWidth = 1.5;
  context.strokeStyle = theme.foreground;
  context.fillStyle = faded(theme.background, 0.6);
  context.fill(path);
  context.stroke(path);
}

/** The look whose ridge stands at a height of the canvas. */
export function ridgeAt(axis: StepAxis, steps: readonly number[], box: Box, y: number): number {
  const ground = groundOf(box);
  const looks = ridgeLooks(axis, steps, ground.height);
  const place = (y - ground.top) / ground.height;
  const places = looks.map(look => placeOf(axis, steps[look] ?? 0));
  return looks[nearestIndex(places, place)] ?? -1;
}
