/** Draws one series of a layer over steps: as high, and of such a colour, as its values are on their scale. */
import { SharpCanvas } from '../shared/canvas';
import { type Ramp, rampIndex } from '../shared/ramp';
import { bordersOf, indexAt, type StepAxis } from '../shared/step-axis';
import type { Theme } from '../shared/theme';

/** What a strip shows. */
export interface StripSeries {
  readonly steps: readonly number[];
  /** Of each look the share of the scale; null where there is no value. */
  readonly shares: readonly (number | null)[];
}

/** How it is drawn. */
export interface StripView {
  readonly axis: StepAxis;
  readonly theme: Theme;
  readonly ramp: Ramp;
}

/** What is least can still be seen. */
const lowest = 0.08;

/** For each pixel the highest share of the looks behind it, so that no spike is lost; null where there is none. */
export function pixelShares(
  { steps, shares }: StripSeries,
  axis: StepAxis,
  width: number,
): (number | null)[] {
  if (steps.length === 0) return [];
  const borders = bordersOf(axis, steps);
  return Array.from({ length: width }, (_, x) => {
    const from = indexAt(borders, x / width);
    const to = indexAt(borders, (x + 0.999) / width);
    const behind = shares.slice(from, to + 1).filter(share => share !== null);
    return behind.length === 0 ? null : Math.max(...behind);
  });
}

/** One strip. */
export class Strip {
  readonly canvas = new SharpCanvas();
  #series: StripSeries = { steps: [], shares: [] };

  /** Takes in a series. */
  take(series: StripSeries): void {
    this.#series = series;
  }

  /** Draws it. */
  draw({ axis, theme, ramp }: StripView): void {
    const { canvas } = this;
    if (canvas.width === 0) return;
    const context = canvas.clear();
    const width = Math.round(canvas.width * canvas.scale);
    const height = Math.round(canvas.height * canvas.scale);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = theme.grid;
    context.fillRect(0, height - Math.ceil(canvas.scale), width, Math.ceil(canvas.scale));
    pixelShares(this.#series, axis, width).forEach((share, x) => {
      if (share === null) return;
      const high = Math.max(1, Math.round((lowest + (1 - lowest) * share) * height));
      context.fillStyle = ramp.css[rampIndex(share)] ?? theme.foreground;
      context.fillRect(x, height - high, 1, high);
    });
  }
}
