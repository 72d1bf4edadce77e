/** Draws histograms over steps as a picture: a column for each look, the darker or brighter the more values. */
import { rampIndex, rampSize } from '../shared/ramp';
import { bordersOf, indexAt, placeOf, stepTicks } from '../shared/step-axis';
import { faded } from '../shared/theme';
import { type Prepared, shareOf } from './prepared';
import { valueTicks } from './value-axis';
import { type Box, letter, markedShare, type View } from './view';

/** Colour for colour what each look has in each bin. */
function paletteOf({ answer, full }: Prepared, look: number): Uint8Array<ArrayBuffer> {
  const counts = answer.counts[look] ?? [];
  // By the root, so that the few far out are seen too; a bin with a single value is not empty.
  return Uint8Array.from(counts, count =>
    count === 0 ? 0 : Math.max(10, rampIndex(Math.sqrt(count / full))),
  );
}

/** The picture, a pixel of the screen for each of its own. */
function picture(prepared: Prepared, view: View, width: number, height: number): ImageData {
  const { answer } = prepared;
  const image = new ImageData(width, height);
  const bins = answer.edges.length - 1;
  const borders = bordersOf(view.axis, answer.steps);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = new Uint32Array(view.ramp.bytes.buffer, 0, rampSize);
  const binAt = Int32Array.from({ length: height }, (_, y) =>
    Math.min(bins - 1, Math.floor(((height - 0.5 - y) / height) * bins)),
  );
  let drawn = -1;
  let palette = new Uint8Array();
  for (let x = 0; x < width; x++) {
    const look = indexAt(borders, (x + 0.5) / width);
    if (look !== drawn) palette = paletteOf(prepared, look);
    drawn = look;
    for (let y = 0; y < height; y++) {
      pixels[y * width + x] = colours[palette[binAt[y] ?? 0] ?? 0] ?? 0;
    }
  }
  return image;
}

/** Marks columns with values that lie outside, or are no numbers. */
function drawMarks(context: CanvasRenderingContext2D, prepared: Prepared, view: View, box: Box): void {
  const { answer } = prepared;
  const borders = bordersOf(view.axis, answer.steps);
  const column = (look: number) => {
    const from = box.left + (borders[look] ?? 0) * box.width;
    return { from, width: Math.max(1, box.left + (borders[look + 1] ?? 1) * box.width - from) };
  };
  answer.steps.forEach((_, look) => {
    const { from, width } = column(look);
    if ((answer.nan[look] ?? 0) + (answer.infinite[look] ?? 0) > 0) {
      context.fillStyle = faded(view.theme.warning, 0.5);
      context.fillRect(from, box.top, width, box.height);
    }
    context.fillStyle = view.theme.series[1] ?? view.theme.foreground;
    const isMarked = (count: number | undefined) => shareOf(prepared, look, count) > markedShare;
    if (isMarked(answer.above[look])) context.fillRect(from, box.top - 4, width, 3);
    if (isMarked(answer.below[look])) context.fillRect(from, box.top + box.height + 1, width, 3);
  });
}

function drawAxes(context: CanvasRenderingContext2D, { answer }: Prepared, view: View, box: Box): void {
  letter(context, view);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { place, text } of valueTicks(answer.edges, view.logValues, Math.floor(box.height / 24))) {
    const y = Math.min(Math.max(box.top + (1 - place) * box.height, box.top + 5), box.top + box.height - 5);
    context.fillText(text, box.left - 6, y);
  }
  drawStepTicks(context, view, box);
}

function drawStepTicks(context: CanvasRenderingContext2D, view: View, box: Box): void {
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  for (const { place, text } of stepTicks(view.axis, Math.floor(box.width / 52))) {
    const half = context.measureText(text).width / 2;
    const x = Math.min(box.left + place * box.width, box.left + box.width - half);
    context.fillText(text, Math.max(x, box.left + half), box.top + box.height + 18);
  }
}

/** Draws the histograms. */
export function drawHeatmap(
  context: CanvasRenderingContext2D,
  prepared: Prepared,
  view: View,
  box: Box,
): void {
  const scale = context.getTransform().a;
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  const image = picture(prepared, view, width, height);
  context.putImageData(image, Math.round(box.left * scale), Math.round(box.top * scale));
  context.strokeStyle = view.theme.grid;
  context.lineWidth = 1;
  context.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
  drawMarks(context, prepared, view, box);
  drawAxes(context, prepared, view, box);
}

/** Draws where the step under the cursor is. */
export function drawHeatmapCursor(
  context: CanvasRenderingContext2D,
  prepared: Prepared,
  view: View,
  box: Box,
  look: number,
): void {
  const x = box.left + placeOf(view.axis, prepared.answer.steps[look] ?? 0) * box.width;
  const at = Math.round(Math.min(Math.max(x, box.left + 0.5), box.left + box.width - 0.5) - 0.5) + 0.5;
  // A line with a border of the background is seen on every colour.
  for (const [width, colour] of [
    [3, faded(view.theme.background, 0.7)],
    [1, view.theme.foreground],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(at, box.top);
    context.lineTo(at, box.top + box.height);
    context.stroke();
  }
}
