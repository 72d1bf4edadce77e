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
import type { AxisName } from '../../src/protocol/dashboard';
import { faded, type Theme } from '../shared/theme';
import { type Annotations, annotationPlugin } from './annotations';
import { type ChartKind, tickText } from './charts';
import { extremes, type Line } from './lines';
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
  // Dots at the border of the chart are drawn whole; lines that go on beyond it end there.
  const ends = (answer.x.at(-1) ?? 0) <= view.range.to;
  const plain = {
    pointRadius: 0,
    borderWidth: 0,
    tension: 0,
    spanGaps: false,
    clip: { left: 0, top: 4, right: ends ? 4 : 0, bottom: 4 },
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
    pointRadius: answer.exact && answer.x.length <= dottedUpTo ? 2.5 : 0,
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

/** One drawn chart. */
export class Plot {
  readonly #chart: Chart<'line', Point[]>;
  #annotations: Annotations = { marks: [] };

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
    const shown = lines.filter(line => !line.hidden);
    this.#chart.data.datasets = shown.toReversed().flatMap(line => datasetsOf(line, view));
    this.#chart.options.scales = { x: this.#xScale(view), y: this.#yScale(shown, view) };
    this.#chart.update('none');
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
    return Math.max(1, right > left ? right - left : this.canvas.clientWidth);
  }

  #xScale({ axis, range, logX, theme }: PlotView) {
    return {
      type: logX ? ('logarithmic' as const) : ('linear' as const),
      ...(logX && { afterBuildTicks: placeLogTicks }),
      min: range.from,
      max: range.to,
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

  #yScale(lines: readonly Line[], { logY, theme }: PlotView) {
    return {
      type: logY ? ('logarithmic' as const) : ('linear' as const),
      ...(logY && { afterBuildTicks: placeLogTicks }),
      ...this.#yBounds(lines, logY),
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
  #yBounds(lines: readonly Line[], logY: boolean): { min?: number; max?: number } {
    if (logY) return {};
    const all = lines.map(extremes).filter(found => found !== undefined);
    if (all.length === 0) return { min: 0, max: 1 };
    const low = Math.min(...all.map(({ min }) => min));
    const high = Math.max(...all.map(({ max }) => max));
    const margin = (high - low || Math.abs(high) || 1) * 0.05;
    if (this.kind.fromZero) return { min: Math.min(0, low), max: high + 2 * margin };
    return { min: low >= 0 ? Math.max(0, low - margin) : low - margin, max: high + margin };
  }
}
