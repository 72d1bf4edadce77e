/** What a person has set on the page; it is kept when the page is hidden, moved or loaded anew. */
import * as z from 'zod/mini';
import { axisNames, type RunSummary } from '../../src/protocol/dashboard';
import { graphStateSchema, plainGraphState } from '../graph/graph-state';
import { histogramsStateSchema, plainHistograms } from '../histograms/state';
import { layersStateSchema, plainLayers } from '../layers/state';

const chartState = z.object({
  logX: z.boolean(),
  logY: z.boolean(),
});

/** How one chart is drawn. */
export type ChartState = z.infer<typeof chartState>;

const range = z.object({ from: z.number(), to: z.number() });

/** A part of the horizontal axis. */
export type Range = z.infer<typeof range>;

/** The pages below the strip. */
export const tabNames = ['charts', 'graph', 'histograms', 'layers'] as const;

/** A page below the strip. */
export type TabName = (typeof tabNames)[number];

const pageState = z.object({
  tab: z._default(z.enum(tabNames), 'charts'),
  /** The run that was chosen; null to follow the newest. */
  run: z.nullable(z.string()),
  /** Runs that are drawn beside it. */
  overlays: z.array(z.string()),
  axis: z.enum(axisNames),
  /** The visible range; null for everything. */
  range: z.nullable(range),
  /** The position of the slider for smoothing, from 0 to 1. */
  smoothing: z.number(),
  charts: z.record(z.string(), chartState),
  /** Lines that are not drawn. */
  hidden: z.array(z.string()),
  graph: z._default(graphStateSchema, plainGraphState),
  histograms: z._default(histogramsStateSchema, plainHistograms),
  layers: z._default(layersStateSchema, plainLayers),
});

/** What a person has set on the page. */
export type PageState = z.infer<typeof pageState>;

/** A chart that nobody has touched. */
export const plainChart: ChartState = { logX: false, logY: false };

/** The state that was kept, or that of a page that nobody has touched. */
export function readState(kept: unknown): PageState {
  const read = pageState.safeParse(kept);
  if (read.success) return read.data;
  return {
    tab: 'charts',
    run: null,
    overlays: [],
    axis: 'step',
    range: null,
    smoothing: 0,
    charts: {},
    hidden: [],
    graph: plainGraphState,
    histograms: plainHistograms,
    layers: plainLayers,
  };
}

/**
 * The weight of the past for a position of the slider: none at 0, and ten times as many steps in the average
 * with each quarter, so that small and large averages are as easy to set.
 */
export function smoothingWeight(position: number): number {
  return position <= 0 ? 0 : 1 - 10 ** (-4 * position);
}

/** Over about how many values the average goes. */
export function smoothingSpan(position: number): number {
  return Math.round(10 ** (4 * position));
}

/**
 * The runs that are drawn. First the one that is shown: the chosen one, else the one in progress, else the
 * newest; then those beside it.
 */
export function drawnRuns(state: PageState, runs: readonly RunSummary[], live: string | null): string[] {
  const known = new Set(runs.map(({ id }) => id));
  const chosen = state.run !== null && known.has(state.run) ? state.run : null;
  const shown = chosen ?? live ?? runs[0]?.id;
  if (shown === undefined) return [];
  return [shown, ...state.overlays.filter(id => id !== shown && known.has(id))];
}
