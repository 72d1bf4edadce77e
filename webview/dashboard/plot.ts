/** Draws the lines of one chart with Chart.js: envelopes, means, averages, marks and the cursor. */
import {
  Chart,
  type ChartDataset,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
} from 'chart.js';
import type { AxisName, SeriesAnswer } from '../../src/protocol/dashboard';
import { faded, type Theme } from '../shared/theme';
import { type Annotations, annotationPlugin } from './annotations';
import { type ChartKind, tickText } from './charts';
import { type Extremes, extremes, type Line } from './lines';
import { placeLogTicks } from './log-ticks';
import type { Range } from './page-state';

Chart.register(Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement);

/** How the lines are drawn. */
export interface PlotView {
  readonly axis: AxisName;
  readonly range: Range;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly theme: Theme;
}

interface Drawn {
  readonly look: string;
  readonly answers: readonly SeriesAnswer[];
  readonly datasets: readonly ChartDataset<'line', Point[]>[][];
}

type Point = { x: number; y: number };

/** Points for Chart.js; what a logarithmic axis cannot show is a gap. */
function points(xs: readonly number[], ys: readonly (number | null)[], view: PlotView): Point[] {
  return xs.map((x, i) => {
    const y = ys[i] ?? Number.NaN;
    return { x, y: view.logY && y <= 0 ? Number.NaN : y };
  });
}

/** Up to so many points are marked with a dot each. */
const dottedUpTo = 60;

/** What a line is drawn as; what comes first lies on top. */
function datasetsOf(line: Line, view: PlotView): ChartDataset<'line', Point[]>[] {
  const { answer, colour, dashed } = line;
  const plain = {
    pointRadius: 0,
    borderWidth: 0,
    tension: 0,
    spanGaps: false,
    fill: false,
    stepped: line.stepped && ('before' as const),
  };
  const borderDash = dashed ? [5, 3] : [];
  const smoothed = answer.smooth.length > 0;
  const meanColour = smoothed ? faded(colour, 0.3) : colour;
  const mean: ChartDataset<'line', Point[]> = {
    ...plain,
    data: points(answer.x, answer.mean, view),
    borderColor: meanColour,
    backgroundColor: meanColour,
    borderWidth: smoothed ? 1 : 1.5,
    borderDash,
    pointRadius: answer.exact && !line.stepped && answer.x.length <= dottedUpTo ? 2.5 : 0,
    pointBorderWidth: 0,
  };
  const average: ChartDataset<'line', Point[]> = {
    ...plain,
    data: points(answer.x, answer.smooth, view),
    borderColor: colour,
    borderWidth: 2,
    borderDash,
  };
  // Where several runs are drawn, their envelopes must not hide each other.
  const strength = line.runName !== '' ? 0.5 : 1;
  const edge = { ...plain, borderColor: faded(colour, 0.45 * strength), borderWidth: 1 };
  const envelope: ChartDataset<'line', Point[]>[] = [
    {
      ...edge,
      data: points(answer.x, answer.max, view),
      backgroundColor: faded(colour, 0.22 * strength),
      fill: '+1',
    },
    { ...edge, data: points(answer.x, answer.min, view) },
  ];
  return [...(smoothed ? [average] : []), mean, ...(answer.exact ? [] : envelope)];
}

/** Dots at the border of the chart are drawn whole; lines that go on beyond it end there. */
function clipOf({ answer }: Line, { range }: PlotView) {
  const ends = (answer.x.at(-1) ?? 0) <= range.to;
  return { left: 0, top: 4, right: ends ? 4 : 0, bottom: 4 };
}

/** All by which the drawing of a line is decided but its points. */
function lookOf({ run, series, colour, dashed, runName }: Line): string {
  return [run, series, colour, dashed, runName !== ''].join();
}

/** Room for all that a logarithmic axis can show of these; nothing where that is nothing. */
function logBounds(all: readonly Extremes[]): { min?: number; max?: number } {
  const low = Math.min(...all.map(({ positive }) => positive));
  const high = Math.max(...all.map(({ max }) => max));
  if (!(low <= high)) return { min: 1, max: 10 };
  const margin = (high / low) ** 0.04 || 1;
  return low === high ? { min: low / 2, max: high * 2 } : { min: low / margin, max: high * margin };
}

/** One drawn chart. */
export class Plot {
  readonly #chart: Chart<'line', Point[]>;
  #annotations: Annotations = { marks: [] };
  /** The datasets of each line, and what they were made of: while a range is moved the points stay what they are. */
  #drawn: Drawn = { look: '', answers: [], datasets: [] };
  /** What the axes were made of. */
  #axes: { readonly look: string; readonly theme: Theme | undefined } = { look: '', theme: undefined };

  constructor(
    private readonly kind: ChartKind,
    readonly canvas: HTMLCanvasElement,
  ) {
    this.#chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        parsing: false,
        normalized: true,
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 16, right: 8 } },
      },
      plugins: [annotationPlugin(() => this.#annotations)],
    });
  }

  /** Draws lines. */
  draw(lines: readonly Line[], view: PlotView, annotations: Annotations): void {
    this.#annotations = annotations;
    // What comes first lies on top.
    const shown = lines.filter(line => !line.hidden).reverse();
    this.#setLines(shown, view);
    this.#setAxes(shown, view);
    this.#chart.update('none');
  }

  #setLines(lines: readonly Line[], view: PlotView): void {
    const look = [view.logY, ...lines.map(lookOf)].join('\n');
    const answers = lines.map(({ answer }) => answer);
    const same = look === this.#drawn.look && answers.every((answer, i) => answer === this.#drawn.answers[i]);
    if (!same) {
      this.#drawn = { look, answers, datasets: lines.map(line => datasetsOf(line, view)) };
      this.#chart.data.datasets = this.#drawn.datasets.flat();
    }
    lines.forEach((line, i) => {
      for (const dataset of this.#drawn.datasets[i] ?? []) dataset.clip = clipOf(line, view);
    });
  }

  #setAxes(lines: readonly Line[], view: PlotView): void {
    const { options } = this.#chart;
    const look = [view.axis, view.logX, view.logY].join();
    if (look !== this.#axes.look || view.theme !== this.#axes.theme) {
      options.scales = { x: this.#xScale(view), y: this.#yScale(view) };
      this.#axes = { look, theme: view.theme };
    }
    Object.assign(options.scales?.['x'] ?? {}, { min: view.range.from, max: view.range.to });
    Object.assign(options.scales?.['y'] ?? {}, this.#yBounds(lines, view));
  }

  /** Draws the cursor and the like anew. */
  annotate(annotations: Annotations): void {
    this.#annotations = annotations;
    this.#chart.draw();
  }

  /** The place on the axis behind a pixel of the canvas. */
  placeAt(pixel: number): number | undefined {
    return this.#chart.scales['x']?.getValueForPixel(pixel);
  }

  /** How wide the drawn area is, in pixels. */
  get width(): number {
    const { left, right } = this.#chart.chartArea ?? { left: 0, right: 0 };
    // Before anything was drawn the canvas has no size yet, but its place on the page has.
    return Math.max(1, right > left ? right - left : (this.canvas.parentElement?.clientWidth ?? 1));
  }

  #xScale({ axis, logX, theme }: PlotView) {
    return {
      type: logX ? ('logarithmic' as const) : ('linear' as const),
      ...(logX && { afterBuildTicks: placeLogTicks }),
      border: { color: theme.grid },
      grid: { display: false },
      ticks: {
        color: theme.faint,
        font: { family: theme.font, size: theme.fontSize - 2 },
        maxTicksLimit: 8,
        maxRotation: 0,
        autoSkipPadding: 16,
        includeBounds: false,
        callback: (value: string | number) => tickText(axis, Number(value)),
      },
    };
  }

  #yScale({ logY, theme }: PlotView) {
    return {
      type: logY ? ('logarithmic' as const) : ('linear' as const),
      ...(logY && { afterBuildTicks: placeLogTicks }),
      border: { display: false },
      grid: { color: theme.grid, drawTicks: false },
      ticks: {
        color: theme.faint,
        font: { family: theme.font, size: theme.fontSize - 2 },
        maxTicksLimit: 6,
        padding: 8,
        includeBounds: false,
        callback: (value: string | number) => this.kind.tick(Number(value)),
      },
    };
  }

  /** Room for all that is drawn, and a little above and below it. */
  #yBounds(lines: readonly Line[], { logY, range }: PlotView): { min?: number; max?: number } {
    const all = lines.map(line => extremes(line, range)).filter(found => found !== undefined);
    if (logY) return logBounds(all);
    if (all.length === 0) return { min: 0, max: 1 };
    const low = Math.min(...all.map(({ min }) => min));
    const high = Math.max(...all.map(({ max }) => max));
    const margin = (high - low || Math.abs(high) || 1) * 0.05;
    if (this.kind.fromZero) return { min: Math.min(0, low), max: high + 2 * margin };
    return { min: low >= 0 ? Math.max(0, low - margin) : low - margin, max: high + margin };
  }
}
