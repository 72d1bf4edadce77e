/** The page: keeps what was set, and tells its parts what to show. */

import type { AxisName, RunStatus, RunSummary, Shown, Welcome } from '../../src/protocol/dashboard';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import type { PageParts } from '../shared/run-page';
import { currentTheme, onThemeChange } from '../shared/theme';
import { AxisPicker } from './axis-picker';
import { Below, chartsPanel } from './below';
import { ChartBoard, chartStateOf } from './chart-board';
import type { ChartKind } from './charts';
import { Connection } from './connection';
import { EmptyPage } from './empty-page';
import { exportFile, exportPicture, exportTable } from './exports';
import { within } from './extent';
import { type ChartState, drawnRuns, type PageState, type Range, readState } from './page-state';
import { RunList } from './run-list';
import { runNames } from './run-names';
import { Strip } from './strip';

/** Milliseconds after which a range that was moved to is kept: while it is moved that would be too often. */
const keepAfter = 200;

/** The dashboard. */
export class Dashboard {
  readonly #connection: Connection;
  readonly #strip = new Strip(
    message => void this.#try(this.#connection.request('control', message)),
    node => {
      if (this.#shown !== null) this.#below.openNode(this.#shown, node);
    },
  );
  readonly #axes = new AxisPicker(
    axis => this.#setAxis(axis),
    () => this.#show(null),
    smoothing => this.#smooth(smoothing),
  );
  readonly #list = new RunList({
    choose: run => this.#choose(run),
    overlay: (run, drawn) => this.#overlay(run, drawn),
  });
  readonly #empty = new EmptyPage(() => this.#connection.request('train', {}));
  readonly #spoken = element('p', { class: 'for-screen-readers', attributes: { 'aria-live': 'polite' } });
  readonly #page = element('main', { class: 'page' });
  readonly #charts: ChartBoard;
  readonly #below: Below;
  readonly #statuses = new Map<string, RunStatus>();
  #state: PageState;
  #runs: readonly RunSummary[] = [];
  #live: string | null = null;
  /** The runs that are drawn, the one that the page is about first, and what they are called beside each other. */
  #drawn: readonly string[] = [];
  #names: ReadonlyMap<string, string> = new Map();
  /** The runs that the host was last asked to tell about. */
  #watched = '';
  #can = { control: false, train: false, save: false, openSource: false };
  #theme = currentTheme();
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement) {
    this.#connection = new Connection({
      requests: { showNode: ({ run, node }) => this.#below.showNode(run, node) },
      events: {
        runs: ({ runs, live }) => this.#takeRuns(runs, live),
        status: status => {
          this.#takeStatus(status);
          if (this.#below.showsCharts) this.#charts.refresh();
        },
        show: shown => this.#showAsked(shown),
      },
      onWelcome: welcome => this.#welcome(welcome),
    });
    this.#state = readState(this.#connection.wire.load());
    this.#charts = this.#makeCharts();
    this.#below = this.#makeBelow();
    this.#page.append(this.#strip.element, this.#below.element);
    setShown(this.#page, false);
    root.append(this.#page, this.#empty.element, this.#spoken);
    onThemeChange(() => {
      this.#theme = currentTheme();
      this.#showList();
      this.#charts.draw();
      this.#below.themeChanged();
    });
    let width = 0;
    new ResizeObserver(() => {
      const before = width;
      width = this.#page.clientWidth;
      // What appears asks by itself.
      if (before > 0 && width > 0 && width !== before) this.#charts.refresh();
    }).observe(this.#page);
    window.addEventListener('pagehide', () => this.#keep({}));
  }

  #makeCharts(): ChartBoard {
    const scene = () => ({
      runs: this.#drawn,
      names: this.#names,
      status: this.#statuses.get(this.#shown ?? ''),
      state: this.#state,
      theme: this.#theme,
    });
    return new ChartBoard(this.#connection, scene, {
      change: (id, change) => this.#setChart(id, change),
      show: range => this.#show(range),
      toggle: key => this.#toggle(key),
      say: text => setText(this.#spoken, text),
      exportPicture: (kind, picture) => {
        const name = `${this.#fileName(kind)}.png`;
        void this.#try(exportPicture(this.#connection, this.#can.save, name, picture));
      },
      exportTable: kind => {
        const series = kind.series.map(({ name }) => name);
        const table = { name: `${this.#fileName(kind)}.csv`, runs: [...this.#drawn], series };
        void this.#try(exportTable(this.#connection, this.#can.save, table));
      },
    });
  }

  #makeBelow(): Below {
    const charts = {
      element: chartsPanel(this.#charts.elements, this.#list.element),
      tools: this.#axes.element,
      appear: () => this.#charts.refresh(),
    };
    const parts: PageParts = {
      request: (name, params) => this.#connection.request(name, params),
      theme: () => this.#theme,
      say: text => setText(this.#spoken, text),
      canOpenSource: () => this.#can.openSource,
      save: (name, content) => exportFile(this.#connection, this.#can.save, name, content),
      report: message => this.#strip.report(message),
    };
    return new Below(charts, parts, this.#state, change => this.#keep(change));
  }

  #fileName(kind: ChartKind): string {
    return `${this.#shown ?? 'run'}-${kind.id}`;
  }

  /** The run that the strip is about. */
  get #shown(): string | null {
    return this.#drawn[0] ?? null;
  }

  #keep(change: Partial<PageState>): void {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    this.#state = { ...this.#state, ...change };
    this.#connection.wire.save(this.#state);
  }

  #welcome({ runs, live, show, can }: Welcome): void {
    // Only what begins while the page is there takes the place of what it shows.
    this.#live = live;
    if (show !== null) {
      this.#keepRuns(show.runs);
      this.#seeNode(show);
    }
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
    this.#page.classList.toggle('ahead', runs.length === 0);
    setShown(this.#page, true);
    this.#decide();
    if (runs.length === 0) this.#charts.warmUp();
    if (this.#drawn.join('\n') !== this.#watched) void this.#watch();
  }

  #takeStatus(status: RunStatus): void {
    this.#statuses.set(status.summary.id, status);
    if (status.summary.id !== this.#shown) return;
    this.#strip.show(status, this.#can.control, this.#drawn.length - 1);
    const { id, state } = status.summary;
    this.#below.show({ id, ended: state !== 'running' && state !== 'paused' });
    this.#axes.showReading(status.reading);
  }

  /** Finds out which runs are drawn. */
  #decide(): void {
    this.#drawn = drawnRuns(this.#state, this.#runs, this.#live);
    this.#names = runNames(this.#runs.filter(({ id }) => this.#drawn.includes(id)));
    this.#showList();
  }

  /** Tells the host which runs are drawn, and draws them. */
  async #watch(): Promise<void> {
    this.#decide();
    this.#watched = this.#drawn.join('\n');
    this.#charts.refresh();
    try {
      const statuses = await this.#connection.request('watch', { runs: [...this.#drawn] });
      for (const status of statuses) this.#takeStatus(status);
      this.#charts.draw();
    } catch {
      // The connection was lost; it asks again when it is back.
    }
  }

  #keepRuns([run, ...overlays]: readonly string[]): void {
    this.#keep({ run: run ?? null, overlays, range: null });
  }

  /** Shows what the host would have shown. */
  #showAsked(shown: Shown): void {
    this.#showRuns(shown.runs);
    this.#seeNode(shown);
  }

  #seeNode({ runs: [run], node }: Shown): void {
    if (run !== undefined && node !== null) this.#below.openNode(run, node);
  }

  /** Shows a run and draws others beside it. */
  #showRuns(runs: readonly string[]): void {
    this.#keepRuns(runs);
    void this.#watch();
  }

  #choose(run: string): void {
    this.#showRuns([run, ...this.#state.overlays.filter(id => id !== run)]);
  }

  #overlay(run: string, drawn: boolean): void {
    const others = this.#state.overlays.filter(id => id !== run);
    this.#keep({ overlays: drawn ? [...others, run] : others });
    void this.#watch();
  }

  #toggle(key: string): void {
    const { hidden } = this.#state;
    this.#keep({ hidden: hidden.includes(key) ? hidden.filter(other => other !== key) : [...hidden, key] });
    this.#charts.draw();
  }

  #setAxis(axis: AxisName): void {
    this.#keep({ axis });
    this.#show(null);
    this.#charts.refresh();
  }

  #smooth(smoothing: number): void {
    this.#keep({ smoothing });
    this.#showAxes();
    this.#charts.refresh();
  }

  #setChart(id: string, change: Partial<ChartState>): void {
    this.#keep({ charts: { ...this.#state.charts, [id]: { ...chartStateOf(this.#state, id), ...change } } });
    this.#charts.refresh();
  }

  /** Shows a part of the horizontal axes; null for everything. */
  #show(asked: Range | null): void {
    if (asked !== null && !(asked.to > asked.from)) return;
    const { whole } = this.#charts;
    const range = asked === null || whole === undefined ? asked : within(asked, whole);
    // At once, since a window may be loaded anew right after; then only now and then while it is moved.
    if (this.#keeping === undefined) {
      this.#keep({ range });
      this.#keeping = setTimeout(() => this.#keep({}), keepAfter);
    } else this.#state = { ...this.#state, range };
    this.#showAxes();
    this.#charts.move();
  }

  /** Waits for what a person has asked for, and says where it failed. */
  async #try(asked: Promise<unknown>): Promise<void> {
    try {
      await asked;
      this.#strip.report(null);
    } catch (error) {
      this.#strip.report(messageOf(error));
    }
  }

  #showList(): void {
    const colours = this.#drawn.map(
      (id, i) => [id, this.#theme.series[i % this.#theme.series.length] ?? ''] as const,
    );
    this.#list.show(this.#runs, this.#shown, new Map(colours));
    this.#showAxes();
  }

  #showAxes(): void {
    const { axis, range, smoothing } = this.#state;
    this.#axes.show(axis, range !== null, smoothing);
  }
}
