/** The graph of a run on a page: asks for it, and says what will be there as long as there is none. */
import type { Graph } from '../../src/protocol/graph';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { GraphDisplay } from './graph-display';
import { GraphFeed, type GraphSource } from './graph-feed';
import type { GraphState } from './graph-state';
import { type GraphToolbar, graphToolbar } from './graph-toolbar';
import { SearchBox } from './search-box';

/** What a graph needs of the page that it is on. */
export interface GraphHost extends GraphSource {
  /** Shows where a module is made in its Python file; not there where no editor is. */
  readonly openSource?: ((run: string, module: string) => void) | undefined;
  /** The person has chosen a node. */
  chooseNode(run: string, node: number): void;
  save(name: string, content: Blob): Promise<void>;
  keep(state: GraphState): void;
  /** Says something to a screen reader. */
  say(text: string): void;
  /** Says what went wrong; null where nothing does any more. */
  report(message: string | null): void;
}

const empty = {
  none: 'The graph of a run appears here: its modules and operations, from the input to the loss.',
  going: 'The graph appears here when training begins.',
  over: 'This run has no graph: there is no graph.json in its folder, or none that can be read.',
} as const;

/** The graph of a run. */
export class GraphView {
  readonly element: HTMLElement;
  readonly #feed: GraphFeed;
  readonly #display: GraphDisplay;
  readonly #toolbar: GraphToolbar;
  readonly #empty = element('p', { class: 'empty-panel' });
  #run: string | null = null;
  /** A node that is to be shown as soon as there is a graph. */
  #awaited: number | undefined;

  constructor(
    private readonly host: GraphHost,
    private state: GraphState,
  ) {
    this.#feed = new GraphFeed(host, {
      graph: graph => void this.#takeGraph(graph),
      look: look => this.#display.look(look),
      failed: message => host.report(message),
    });
    this.#display = new GraphDisplay(state, {
      choose: node => {
        if (this.#run !== null) host.chooseNode(this.#run, node);
      },
      openSource: () =>
        host.openSource &&
        (module => {
          if (this.#run !== null) host.openSource?.(this.#run, module);
        }),
      changed: change => this.#keep(change),
      search: () => field.focus(),
      say: text => host.say(text),
      report: message => host.report(message),
    });
    const display = this.#display;
    const field = new SearchBox({
      search: typed => display.search(typed),
      found: found => display.mark(found),
      choose: ({ item }) => void display.showItem(item.id),
      leave: () => display.stage.surface.element.focus(),
    });
    this.#toolbar = graphToolbar(field.element, {
      colour: colouring => display.set({ colouring }),
      showBackward: backward => display.set({ backward }),
      openAll: () => void display.openAll(true),
      closeAll: () => void display.openAll(false),
      zoom: factor => display.stage.zoom(factor),
      fit: () => display.stage.fit(),
      save: kind => void this.#save(kind),
    });
    this.#toolbar.show(state);
    this.element = element('section', {
      class: 'graph',
      attributes: { 'aria-label': 'Graph' },
      children: [this.#toolbar.element, display.element, this.#empty],
    });
    this.#showEmpty(empty.none);
  }

  /** Shows the graph of a run; `going` says whether the run is being trained. */
  show(run: string | null, going: boolean): void {
    if (run !== this.#run) {
      this.#run = run;
      void this.#display.load(null, this.state);
      if (this.state.run !== run) this.state = { ...this.state, run, open: null, selected: null };
      this.#showEmpty('');
    }
    this.#feed.follow(run, going);
    if (!this.#empty.hidden && run === null) this.#showEmpty(empty.none);
  }

  /** Somebody looks at the graph, or nobody does any more. */
  setVisible(visible: boolean): void {
    this.#feed.setVisible(visible);
    if (visible) this.#display.stage.surface.draw();
  }

  /** Draws in the colours of another theme. */
  themeChanged(): void {
    this.#display.stage.painter.refresh();
    this.#display.redraw();
  }

  /** Has a node seen and chosen, now or when the graph is there. */
  showNode(node: number): void {
    this.#awaited = this.#display.showNode(node) ? undefined : node;
  }

  /** Shows a text in the place of the graph; undefined for the graph. */
  #showEmpty(text: string | undefined): void {
    setText(this.#empty, text ?? '');
    setShown(this.#empty, text !== undefined);
    setShown(this.#display.element, text === undefined);
    setShown(this.#toolbar.element, text === undefined);
  }

  async #takeGraph(graph: Graph | null): Promise<void> {
    if (graph === null) {
      this.#showEmpty(this.#feed.going ? empty.going : empty.over);
      return;
    }
    this.#showEmpty(undefined);
    try {
      await this.#display.load(graph, this.state);
    } catch (error) {
      this.#showEmpty(`The graph of this run cannot be drawn: ${messageOf(error)}.`);
      return;
    }
    if (this.#awaited !== undefined) this.showNode(this.#awaited);
  }

  #keep(change: Partial<GraphState>): void {
    this.state = { ...this.state, ...change, run: this.#run };
    this.#toolbar.show(this.state);
    this.host.keep(this.state);
  }

  async #save(kind: 'svg' | 'png'): Promise<void> {
    try {
      const picture = await this.#display.picture(kind);
      if (picture !== undefined) await this.host.save(`${this.#run ?? 'run'}-graph.${kind}`, picture);
      this.host.report(null);
    } catch (error) {
      this.host.report(messageOf(error));
    }
  }
}
