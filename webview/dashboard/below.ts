/** What is below the strip: a bar of tabs, and the page that each of them shows. */
import { GraphTab } from '../graph/graph-tab';
import { HistogramsPage } from '../histograms/histograms-page';
import { LayersPage } from '../layers/layers-page';
import { element } from '../shared/dom';
import type { PageParts, RunPage, ShownRun } from '../shared/run-page';
import { Tabs } from '../shared/tabs';
import type { PageState, TabName } from './page-state';

/** The charts, which are a page of their own beside those that are about one run. */
export interface ChartsPanel {
  readonly element: HTMLElement;
  readonly tools: HTMLElement;
  /** The charts have come into view. */
  appear(): void;
}

/** Puts the charts beside each other: the two that say most above the others and the list of runs. */
export function chartsPanel(charts: readonly HTMLElement[], list: HTMLElement): HTMLElement {
  const main = element('div', { class: 'main-charts', children: charts.slice(0, 2) });
  const more = element('div', { class: 'more-charts', children: [...charts.slice(2), list] });
  return element('div', { class: 'charts', children: [main, more] });
}

/** The tabs and the pages. */
export class Below {
  readonly element: HTMLElement;
  readonly #tabs: Tabs<TabName>;
  readonly #pages: ReadonlyMap<TabName, RunPage>;
  readonly #graph: GraphTab;

  /** @param keep keeps what was set */
  constructor(
    private readonly charts: ChartsPanel,
    parts: PageParts,
    state: PageState,
    keep: (change: Partial<PageState>) => void,
  ) {
    this.#graph = new GraphTab(parts, state.graph, kept => keep({ graph: kept }));
    const histograms = new HistogramsPage(parts, state.histograms, kept => keep({ histograms: kept }));
    const layers = new LayersPage(parts, state.layers, kept => keep({ layers: kept }));
    this.#pages = new Map<TabName, RunPage>([
      ['graph', this.#graph],
      ['histograms', histograms],
      ['layers', layers],
    ]);
    this.#tabs = new Tabs<TabName>(
      'Pages',
      [
        { id: 'charts', label: 'Charts', content: charts.element, tools: charts.tools },
        { id: 'graph', label: 'Graph', content: this.#graph.element },
        { id: 'histograms', label: 'Histograms', content: histograms.element },
        { id: 'layers', label: 'Layers', content: layers.element },
      ],
      id => {
        keep({ tab: id });
        this.#showVisible();
      },
    );
    this.element = element('div', { class: 'below', children: [this.#tabs.element, ...this.#tabs.panels] });
    this.#tabs.select(state.tab);
  }

  /** Whether the charts are in view. */
  get showsCharts(): boolean {
    return this.#tabs.selected === 'charts';
  }

  /** Shows a run, or what is new of it. */
  show(run: ShownRun | null): void {
    for (const page of this.#pages.values()) page.show(run);
  }

  /** Shows a node of a run's graph, if the graph of that run is in view; tells whether it is. */
  showNode(run: string, node: number): { readonly shown: boolean } {
    return { shown: this.#tabs.selected === 'graph' && this.#graph.showNode(run, node) };
  }

  /** Brings a run's graph into view, in it a node: now, or when that run is shown. */
  openNode(run: string, node: number): void {
    this.#graph.awaitNode(run, node);
    this.#tabs.select('graph');
  }

  /** Draws the pages in the colours of another theme. */
  themeChanged(): void {
    for (const page of this.#pages.values()) page.themeChanged();
  }

  #showVisible(): void {
    if (this.showsCharts) this.charts.appear();
    for (const [id, page] of this.#pages) page.setVisible(id === this.#tabs.selected);
  }
}
