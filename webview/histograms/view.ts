/** How histograms are drawn, and where on a card. */
import { type Ramp, rampIndex } from '../shared/ramp';
import type { StepAxis } from '../shared/step-axis';
import type { Theme } from '../shared/theme';

/** The two ways of drawing them. */
export type ViewName = 'ridges' | 'heatmap';

/** How histograms are drawn. */
export interface View {
  readonly name: ViewName;
  readonly axis: StepAxis;
  readonly logValues: boolean;
  readonly theme: Theme;
  readonly ramp: Ramp;
}

/** The part of a canvas that is drawn on, in the page's pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Room for the marks of the axes. */
const margins = {
  ridges: { left: 4, right: 48, top: 4, bottom: 18 },
  heatmap: { left: 48, right: 4, top: 6, bottom: 18 },
} as const;

/** Where on a canvas of this size histograms are drawn. */
export function boxOf(view: ViewName, width: number, height: number): Box {
  const { left, right, top, bottom } = margins[view];
  return {
    left,
    top,
    width: Math.max(1, width - left - right),
    height: Math.max(1, height - top - bottom),
  };
}

/** Into how many bins so many values are counted: a bin has some pixels of the axis, and some values. */
export function binsFor(view: ViewName, { width, height }: Box, values: number): number {
  const pixels = view === 'ridges' ? width / 3 : height / 2;
  const most = Math.min(160, pixels, 2 * Math.sqrt(values));
  return Math.max(16, 8 * Math.round(most / 8));
}

/** So large a share of a look's values on one side is worth a mark: the usual range leaves out half a percent. */
export const markedShare = 0.01;

/** The colour of a look in the ridges: what is older is fainter. */
export function ageColour({ ramp, theme }: View, place: number): string {
  return ramp.css[rampIndex(0.22 + 0.5 * place)] ?? theme.foreground;
}

/** How marks are lettered. */
export function letter(context: CanvasRenderingContext2D, { theme }: View, colour = theme.faint): void {
  context.font = `${theme.fontSize - 2}px ${theme.font}`;
  context.fillStyle = colour;
}
