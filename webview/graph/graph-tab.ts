/** The graph as a page of the dashboard. */
import { messageOf } from '../shared/errors';
import type { PageParts, RunPage, ShownRun } from '../shared/run-page';
import type { GraphState } from './graph-state';
import { GraphView } from './graph-view';

/** The page. */
export class GraphTab implements RunPage {
  readonly #view: GraphView;
  #run: string | null = null;
  /** What is to be seen as soon as its run is shown. */
  #awaited: { readonly run: string; readonly node: number } | undefined;

  constructor(parts: PageParts, state: GraphState, keep: (state: GraphState) => void) {
    const host = {
      graph: (run: string) => parts.request('graph', { run }),
      look: (run: string, known: number | null) => parts.request('look', { run, known }),
      chooseNode: (run: string, node: number) => {
        parts.request('chooseNode', { run, node }).catch(() => undefined);
      },
      get openSource() {
        if (!parts.canOpenSource()) return undefined;
        return (run: string, module: string) => {
          parts.request('openSource', { run, module }).catch(error => parts.report(messageOf(error)));
        };
      },
      save: parts.save,
      keep,
      say: parts.say,
      report: parts.report,
    };
    this.#view = new GraphView(host, state);
  }

  get element(): HTMLElement {
    return this.#view.element;
  }

  show(run: ShownRun | null): void {
    this.#run = run?.id ?? null;
    this.#view.show(this.#run, run !== null && !run.ended);
    if (this.#awaited !== undefined && this.showNode(this.#awaited.run, this.#awaited.node)) {
      this.#awaited = undefined;
    }
  }

  /** Has a node of a run seen and chosen; false where another run is shown. */
  showNode(run: string, node: number): boolean {
    if (run !== this.#run) return false;
    this.#view.showNode(node);
    return true;
  }

  /** Has a node of a run seen and chosen, now or when that run is shown. */
  awaitNode(run: string, node: number): void {
    this.#awaited = this.showNode(run, node) ? undefined : { run, node };
  }

  setVisible(visible: boolean): void {
    this.#view.setVisible(visible);
  }

  themeChanged(): void {
    this.#view.themeChanged();
  }
}
