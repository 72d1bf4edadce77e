/** Says beside the pointer which step it is at, and how many values are in the bin there. */
import { figures, shareText, wholeNumber } from '../shared/format';
import type { Prepared } from './prepared';
import { letter, type View } from './view';

/** Where the pointer is: on the canvas, at a look, and as a share of the axis of values. */
export interface TipPlace {
  readonly x: number;
  readonly y: number;
  readonly look: number;
  readonly value: number;
}

/** What is said. */
export function tipLines({ answer, zeroBin }: Prepared, look: number, value: number): string[] {
  const bins = answer.edges.length - 1;
  const bin = Math.min(bins - 1, Math.floor(value * bins));
  const step = `step ${wholeNumber(answer.steps[look] ?? 0)}`;
  const counts = answer.counts[look] ?? [];
  const total =
    counts.reduce((sum, count) => sum + count, 0) + (answer.below[look] ?? 0) + (answer.above[look] ?? 0);
  if (value < 0 || value > 1) return [step];
  const count = counts[bin] ?? 0;
  const [low = 0, high = 0] = [answer.edges[bin], answer.edges[bin + 1]];
  const near = answer.near[look] ?? 0;
  const blurred = high - low < near && low < near && high > -near;
  const zeros = bin === zeroBin ? (answer.zeros[look] ?? 0) : 0;
  return [
    step,
    `${figures(low)} to ${figures(high)}`,
    `${wholeNumber(count)} values, ${shareText(count / Math.max(1, total))}`,
    ...(blurred ? [`spread evenly within ±${figures(near)}`] : []),
    ...(zeros > 0 ? [`${wholeNumber(zeros)} are exactly 0`] : []),
  ];
}

const padding = 6;
const lineHeight = 15;
const distance = 12;

/** Draws the tip beside the pointer, on the side where there is room. */
export function drawTip(
  context: CanvasRenderingContext2D,
  prepared: Prepared,
  view: View,
  { x, y, look, value }: TipPlace,
  width: number,
): void {
  const lines = tipLines(prepared, look, value);
  letter(context, view, view.theme.foreground);
  const wide = Math.max(...lines.map(line => context.measureText(line).width)) + 2 * padding;
  const high = lines.length * lineHeight + 2 * padding - 3;
  const left = x + distance + wide <= width ? x + distance : Math.max(0, x - distance - wide);
  const top = Math.max(0, y - high - 4);
  context.fillStyle = view.theme.background;
  context.strokeStyle = view.theme.faint;
  context.lineWidth = 1;
  context.beginPath();
  context.rect(Math.round(left) + 0.5, Math.round(top) + 0.5, Math.round(wide), high);
  context.fill();
  context.stroke();
  context.fillStyle = view.theme.foreground;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  lines.forEach((line, i) => {
    context.fillText(line, Math.round(left) + padding, Math.round(top) + padding + i * lineHeight);
  });
}
