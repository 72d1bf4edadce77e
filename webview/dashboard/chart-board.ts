/** The charts of the page: asks the host for what they show, and draws it. */
import type { RunStatus } from '../../src/protocol/dashboard';
import type { Theme } from '../shared/theme';
import { ChartCard, type ChartEvents } from './chart-card';
import { ChartData } from './chart-data';
import { type ChartKind, chartKinds } from './charts';
import type { Connection } from './connection';
import { DrawQueue } from './draw-queue';
import { Feed } from './feed';
import type { Line } from './lines';
import { type ChartState, type PageState, plainChart, type Range } from './page-state';

/** What the charts show. */
export interface Scene {
  /** The runs that are drawn, the one that the page is about first. */
  readonly runs: readonly string[];
  /** What they are called beside each other. */
  readonly names: ReadonlyMap<string, string>;
  /** How the first of them stands. */
  readonly status: RunStatus | undefined;
  readonly state: PageState;
  readonly theme: Theme;
}

/** What the charts tell the page. */
export interface BoardEvents extends Pick<ChartEvents, 'toggle' | 'say'> {
  change(id: string, change: Partial<ChartState>): void;
  show(range: Range | null): void;
  exportPicture(kind: ChartKind, base64: string): void;
  exportTable(kind: ChartKind): void;
}

interface Chart {
  readonly card: ChartCard;
  readonly data: ChartData;
  readonly feed: Feed;
}

/** All charts together never ask for more points than about these, however many runs are drawn. */
const pointBudget = 6000;

/** How a chart is drawn. */
export function chartStateOf(state: PageState, id: string): ChartState {
  return state.charts[id] ?? plainChart;
}

/** The charts. */
export class ChartBoard {
  readonly #charts: readonly Chart[];
  readonly #queue = new DrawQueue<Chart>(chart => this.#drawChart(chart));
  /** The chart that the person has their hand on. */
  #held: Chart | undefined;
  #whole: Range | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly scene: () => Scene,
    private readonly events: BoardEvents,
  ) {
    this.#charts = chartKinds.map(kind => this.#make(kind));
  }

  /** The elements of the charts, in their order. */
  get elements(): readonly HTMLElement[] {
    return this.#charts.map(({ card }) => card.element);
  }

  /** From where to where there is anything, with the room before it that is shown; undefined where nothing is known. */
  get whole(): Range | undefined {
    return this.#whole;
  }

  /** Asks for what is visible, and draws it when it is there. */
  refresh(): void {
    for (const { feed } of this.#charts) feed.refresh();
  }

  /** Draws the empty charts: fonts are measured and all is laid out when there is something to draw. */
  warmUp(): void {
    this.#queue.ask(this.#charts);
  }

  /** Draws another part of the axis: at once with the points that are there, then with its own. */
  move(): void {
    this.draw();
    const { runs, state } = this.scene();
    for (const { card, data, feed } of this.#charts) {
      if (!data.covers(runs, chartStateOf(state, card.kind.id), state)) feed.refresh();
    }
  }

  /** Draws what is there. */
  draw(): void {
    const { runs, state } = this.scene();
    const ends = this.#charts.flatMap(({ data }) => data.ends(runs, state.axis));
    const first = Math.min(...ends.map(end => end.first));
    this.#whole = ends.length > 0 ? { from: first, to: Math.max(...ends.map(end => end.last)) } : undefined;
    this.#queue.ask(this.#charts, this.#held);
  }

  #make(kind: ChartKind): Chart {
    const card: ChartCard = new ChartCard(kind, {
      change: change => this.events.change(kind.id, change),
      range: () => this.scene().state.range,
      show: range => {
        this.#held = made;
        this.events.show(range);
      },
      point: place => {
        for (const each of this.#charts) each.card.setCursor(place);
      },
      toggle: this.events.toggle,
      say: this.events.say,
      exportPicture: () => this.events.exportPicture(kind, card.picture(this.#subtitle())),
      exportTable: () => this.events.exportTable(kind),
    });
    const data = new ChartData(kind, this.connection);
    const feed = new Feed(async () => {
      const { runs, state } = this.scene();
      await data.load(runs, chartStateOf(state, kind.id), state, card.plot.width * this.#sharpness(runs));
      this.draw();
    });
    const made: Chart = { card, data, feed };
    return made;
  }

  /** Which runs a picture is of. What tells several apart is in its legend. */
  #subtitle(): string {
    const { runs, state } = this.scene();
    const which = runs.length === 1 ? (runs[0] ?? '') : `${runs.length} runs`;
    return `${which}, by ${state.axis}`;
  }

  /** The share of its pixels that a chart asks points for: all of them, unless there are very many lines. */
  #sharpness(runs: readonly string[]): number {
    const zoomed = this.scene().state.range !== null;
    const points = this.#charts.map(({ card, data }) => runs.length * data.pointsOf(card.plot.width, zoomed));
    return Math.min(1, pointBudget / points.reduce((sum, each) => sum + each, 0));
  }

  #drawChart({ card, data }: Chart): void {
    const { runs, names, status, state, theme } = this.scene();
    const { axis, range, hidden } = state;
    const chart = chartStateOf(state, card.kind.id);
    const whole = this.#whole ?? { from: 0, to: 1 };
    const start = chart.logX ? whole.from : Math.min(0, whole.from);
    const visible = range ?? { from: start, to: whole.to };
    // With one run each series has a colour; with several each run has one.
    const colour = (run: number, series: number) =>
      theme.series[(runs.length > 1 ? run : series) % theme.series.length] ?? theme.foreground;
    const lines: Line[] = data.lines(runs, axis, hidden, names, colour);
    const own = runs.length > 1 ? colour(0, 0) : undefined;
    const marks = status === undefined || !card.kind.marks ? [] : data.marks(status, axis, theme, own);
    const ended = !['running', 'paused', undefined].includes(status?.summary.state);
    card.draw(lines, { axis, range: visible, ...chart, theme }, marks, chart, { hidden, ended });
  }
}
