/** The page: keeps what was set, asks the host for what the charts show, and draws it. */
import type { AxisName, RunStatus, RunSummary, Welcome } from '../../src/protocol/dashboard';
import { element, setShown, setText } from '../shared/dom';
import { currentTheme, onThemeChange } from '../shared/theme';
import { AxisPicker } from './axis-picker';
import { ChartCard } from './chart-card';
import { ChartData } from './chart-data';
import { type ChartKind, chartKinds } from './charts';
import { Connection } from './connection';
import { EmptyPage } from './empty-page';
import { exportPicture, exportTable } from './exports';
import { Feed } from './feed';
import { type ChartState, drawnRuns, type PageState, plainChart, type Range, readState } from './page-state';
import { RunList } from './run-list';
import { runNames } from './run-names';
import { Strip } from './strip';

/** The dashboard. */
export class Dashboard {
  readonly #connection: Connection;
  readonly #strip = new Strip(message => void this.#try(this.#connection.request('control', message)));
  readonly #axes = new AxisPicker(
    axis => this.#setAxis(axis),
    () => this.#show(null),
  );
  readonly #list = new RunList({
    choose: run => this.#choose(run),
    overlay: (run, drawn) => this.#overlay(run, drawn),
  });
  readonly #empty = new EmptyPage(() => this.#connection.request('train', {}));
  readonly #spoken = element('p', { class: 'for-screen-readers', attributes: { 'aria-live': 'polite' } });
  readonly #lost = element('p', { class: 'lost', text: 'The connection is lost; trying again …' });
  readonly #page = element('main', { class: 'page' });
  readonly #cards: { readonly card: ChartCard; readonly data: ChartData; readonly feed: Feed }[];
  readonly #statuses = new Map<string, RunStatus>();
  #state: PageState;
  #runs: readonly RunSummary[] = [];
  #live: string | null = null;
  /** The runs that the host was last asked to tell about. */
  #watched = '';
  #can = { control: false, train: false, save: false };
  #theme = currentTheme();
  #frame: number | undefined;

  constructor(root: HTMLElement) {
    this.#connection = new Connection({
      requests: {},
      events: {
        runs: ({ runs, live }) => this.#takeRuns(runs, live),
        status: status => this.#takeStatus(status),
        show: ({ runs }) => this.#showRuns(runs),
      },
      onWelcome: welcome => this.#welcome(welcome),
      onLost: () => setShown(this.#lost, true),
    });
    this.#state = readState(this.#connection.wire.load());
    this.#cards = chartKinds.map(kind => this.#makeChart(kind));
    const [loss, accuracy, ...others] = this.#cards.map(({ card }) => card.element);
    this.#page.append(
      this.#strip.element,
      this.#axes.element,
      element('div', { class: 'main-charts', children: [loss, accuracy].filter(card => card !== undefined) }),
      element('div', { class: 'more-charts', children: [...others, this.#list.element] }),
    );
    setShown(this.#page, false);
    setShown(this.#lost, false);
    root.append(this.#lost, this.#page, this.#empty.element, this.#spoken);
    onThemeChange(() => {
      this.#theme = currentTheme();
      this.#draw();
    });
    new ResizeObserver(() => this.#refresh()).observe(this.#page);
  }

  #makeChart(kind: ChartKind) {
    const card: ChartCard = new ChartCard(kind, {
      change: change => this.#setChart(kind.id, change),
      range: () => this.#state.range,
      show: range => this.#show(range),
      point: place => {
        for (const each of this.#cards) each.card.setCursor(place);
      },
      toggle: key => this.#toggle(key),
      say: text => setText(this.#spoken, text),
      exportPicture: () => {
        const picture = card.picture(this.#drawn.join(', '));
        const name = `${this.#fileName(kind)}.png`;
        void this.#try(exportPicture(this.#connection, this.#can.save, name, picture));
      },
      exportTable: () => {
        const series = kind.series.map(({ name }) => name);
        const table = { name: `${this.#fileName(kind)}.csv`, runs: this.#drawn, series };
        void this.#try(exportTable(this.#connection, this.#can.save, table));
      },
    });
    const data = new ChartData(kind, this.#connection);
    const feed = new Feed(async () => {
      await data.load(this.#drawn, this.#chartState(kind.id), this.#state, card.plot.width);
      this.#draw();
    });
    return { card, data, feed };
  }

  #fileName(kind: ChartKind): string {
    return `${this.#shown ?? 'run'}-${kind.id}`;
  }

  /** The run that the strip is about. */
  get #shown(): string | null {
    return this.#drawn[0] ?? null;
  }

  /** The runs that are drawn. */
  get #drawn(): string[] {
    return drawnRuns(this.#state, this.#runs, this.#live);
  }

  #chartState(id: string): ChartState {
    return this.#state.charts[id] ?? plainChart;
  }

  #keep(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#connection.wire.save(this.#state);
  }

  #welcome({ runs, live, show, can }: Welcome): void {
    setShown(this.#lost, false);
    // Only what begins while the page is there takes the place of what it shows.
    this.#live = live;
    if (show !== null) this.#keepRuns(show);
    this.#can = can;
    // Whoever answers now knows nothing of what the page watched before.
    this.#watched = '';
    this.#takeRuns(runs, live);
  }

  #takeRuns(runs: readonly RunSummary[], live: string | null): void {
    this.#runs = runs;
    if (live !== null && live !== this.#live) this.#keep({ run: null, range: null });
    this.#live = live;
    this.#empty.show(runs.length === 0, this.#can.train);
    setShown(this.#page, runs.length > 0);
    this.#showList();
    if (this.#drawn.join('\n') !== this.#watched) void this.#watch();
  }

  #takeStatus(status: RunStatus): void {
    this.#statuses.set(status.summary.id, status);
    if (status.summary.id === this.#shown) {
      this.#strip.show(status, this.#can.control, this.#drawn.length - 1);
    }
    this.#refresh();
  }

  /** Tells the host which runs are drawn, and draws them. */
  async #watch(): Promise<void> {
    this.#watched = this.#drawn.join('\n');
    try {
      const statuses = await this.#connection.request('watch', { runs: this.#drawn });
      for (const status of statuses) this.#takeStatus(status);
    } catch {
      // The connection was lost; it asks again when it is back.
    }
    this.#showList();
    this.#refresh();
  }

  #keepRuns([run, ...overlays]: readonly string[]): void {
    this.#keep({ run: run ?? null, overlays, range: null });
  }

  /** Shows a run and draws others beside it. */
  #showRuns(runs: readonly string[]): void {
    this.#keepRuns(runs);
    void this.#watch();
  }

  #choose(run: string): void {
    this.#keep({ run, overlays: this.#state.overlays.filter(id => id !== run), range: null });
    void this.#watch();
  }

  #overlay(run: string, drawn: boolean): void {
    const others = this.#state.overlays.filter(id => id !== run);
    this.#keep({ overlays: drawn ? [...others, run] : others });
    void this.#watch();
  }

  #toggle(key: string): void {
    const { hidden } = this.#state;
    this.#keep({ hidden: hidden.includes(key) ? hidden.filter(other => other !== key) : [...hidden, key] });
    this.#draw();
  }

  #setAxis(axis: AxisName): void {
    this.#keep({ axis, range: null });
    this.#refresh();
  }

  #setChart(id: string, change: Partial<ChartState>): void {
    this.#keep({ charts: { ...this.#state.charts, [id]: { ...this.#chartState(id), ...change } } });
    this.#refresh();
  }

  /** Shows a part of the horizontal axes: at once with the points that are there, then with its own. */
  #show(range: Range | null): void {
    if (range !== null && !(range.to > range.from)) return;
    this.#keep({ range });
    this.#draw();
    this.#refresh();
  }

  /** Waits for what a person has asked for, and says where it failed. */
  async #try(asked: Promise<unknown>): Promise<void> {
    try {
      await asked;
      this.#strip.report(null);
    } catch (error) {
      this.#strip.report(error instanceof Error ? error.message : String(error));
    }
  }

  #refresh(): void {
    for (const { feed } of this.#cards) feed.refresh();
  }

  #showList(): void {
    const colours = this.#drawn.map((id, i) => [id, this.#colour(i, 0)] as const);
    this.#list.show(this.#runs, this.#shown, new Map(colours));
  }

  /** With one run each series has a colour; with several each run has one. */
  #colour(run: number, series: number): string {
    const { series: colours, foreground } = this.#theme;
    return colours[(this.#drawn.length > 1 ? run : series) % colours.length] ?? foreground;
  }

  /** Draws everything with the next frame, however often it is asked for until then. */
  #draw(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#drawNow();
    });
  }

  #drawNow(): void {
    const { axis, range, hidden } = this.#state;
    const drawn = this.#drawn;
    this.#axes.show(axis, range !== null);
    const ends = this.#cards.flatMap(({ data }) => data.ends(drawn, axis));
    const whole: Range = {
      from: Math.min(...ends.map(end => end.first)),
      to: Math.max(...ends.map(end => end.last)),
    };
    const status = this.#statuses.get(this.#shown ?? '');
    const state = status?.summary.state;
    const ended = state !== undefined && state !== 'running' && state !== 'paused';
    const names = runNames(this.#runs.filter(({ id }) => drawn.includes(id)));
    for (const { card, data } of this.#cards) {
      const chart = this.#chartState(card.kind.id);
      const start = chart.logX ? whole.from : Math.min(0, whole.from);
      const visible = range ?? (ends.length > 0 ? { from: start, to: whole.to } : { from: 0, to: 1 });
      const lines = data.lines(drawn, axis, hidden, names, (run, series) => this.#colour(run, series));
      const marks = status === undefined || !card.kind.marks ? [] : data.marks(status, axis, this.#theme);
      const view = { axis, range: visible, ...chart, theme: this.#theme };
      card.draw(lines, view, marks, chart, { hidden, ended });
    }
  }
}
