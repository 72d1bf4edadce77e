/** The graph of a file, drawn as the graph of a run is; drawn when somebody looks. */

import type { CheckpointContent, CheckpointGraph } from '../../src/protocol/checkpoint';
import { GraphDisplay } from '../graph/graph-display';
import { plainGraphState } from '../graph/graph-state';
import { SearchBox } from '../graph/search-box';
import { element, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { graphOfFile } from './file-graph';

const zoomStep = 1.3;

/** The panel. */
export class GraphPanel {
  readonly element: HTMLElement;
  readonly #display: GraphDisplay;
  readonly #note = element('p', { class: 'note', attributes: { role: 'status' } });
  #begun = false;

  constructor(
    private readonly graph: CheckpointGraph,
    private readonly content: CheckpointContent,
  ) {
    const say = (text: string) => setText(this.#note, text);
    this.#display = new GraphDisplay(plainGraphState, {
      choose: () => undefined,
      changed: () => undefined,
      search: () => field.focus(),
      openSource: () => undefined,
      say: () => undefined,
      report: say,
    });
    const display = this.#display;
    const field = new SearchBox({
      search: typed => display.search(typed),
      found: found => display.mark(found),
      choose: ({ item }) => void display.showItem(item.id),
      leave: () => display.stage.surface.element.focus(),
    });
    const tool = (text: string, title: string, act: () => void) => {
      const made = element('button', {
        class: 'tool',
        text,
        attributes: { type: 'button', title, 'aria-label': title },
      });
      made.addEventListener('click', act);
      return made;
    };
    const tools = element('div', {
      class: 'graph-tools',
      children: [
        tool('Open all', 'Open all modules', () => void display.openAll(true)),
        tool('Close all', 'Close all modules', () => void display.openAll(false)),
        tool('−', 'Zoom out (−)', () => display.stage.zoom(1 / zoomStep)),
        tool('+', 'Zoom in (+)', () => display.stage.zoom(zoomStep)),
        tool('Fit', 'Show everything (0)', () => display.stage.fit()),
      ],
    });
    this.element = element('section', {
      class: 'graph',
      attributes: { 'aria-label': 'Graph' },
      children: [
        element('div', { class: 'toolbar', children: [field.element, this.#note, tools] }),
        display.element,
      ],
    });
  }

  /** Somebody looks. */
  show(): void {
    this.#display.stage.surface.draw();
    if (this.#begun) return;
    this.#begun = true;
    this.#display.load(graphOfFile(this.graph, this.content), plainGraphState).catch((error: unknown) => {
      const reason = messageOf(error);
      setText(this.#note, `The graph cannot be drawn: ${reason}.`);
    });
  }

  /** Draws in the colours of another theme. */
  redraw(): void {
    this.#display.stage.painter.refresh();
    this.#display.redraw();
  }
}
