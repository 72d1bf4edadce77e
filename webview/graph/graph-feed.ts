/** Asks the host for the graph of a run and for what was last seen of it, as long as somebody looks. */

import type { Graph } from '../../src/protocol/graph';
import type { GraphLook } from '../../src/protocol/graph-page';
import { messageOf } from '../shared/errors';

/** What asks the host. */
export interface GraphSource {
  graph(run: string): Promise<Graph | null>;
  look(run: string, known: number | null): Promise<GraphLook | null>;
}

/** What is told of a run. */
export interface GraphFeedEvents {
  /** The graph; null where the run has none yet. */
  graph(graph: Graph | null): void;
  look(look: GraphLook): void;
  failed(message: string): void;
}

/** Milliseconds between two questions while a run is trained. */
const interval = 500;

/** Follows one run at a time. */
export class GraphFeed {
  #run: string | null = null;
  #going = false;
  #visible = false;
  #has = false;
  #known: number | null = null;
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly source: GraphSource,
    private readonly events: GraphFeedEvents,
  ) {
    document.addEventListener('visibilitychange', () => this.#ask());
  }

  /** Whether more is to come of the run. */
  get going(): boolean {
    return this.#going;
  }

  /** Follows a run; `going` says whether more is to come. */
  follow(run: string | null, going: boolean): void {
    if (run !== this.#run) {
      this.#has = false;
      this.#known = null;
    }
    this.#run = run;
    this.#going = going;
    this.#ask();
  }

  /** Somebody looks, or nobody does any more. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#ask();
  }

  #ask(): void {
    clearTimeout(this.#timer);
    if (!this.#visible || document.hidden || this.#run === null || this.#busy) return;
    this.#busy = true;
    const run = this.#run;
    this.#look(run)
      .catch((error: unknown) => {
        if (run === this.#run) this.events.failed(messageOf(error));
      })
      .finally(() => {
        this.#busy = false;
        // Another run was asked for meanwhile, or this one goes on.
        if (run !== this.#run) this.#ask();
        else if (this.#going) this.#timer = setTimeout(() => this.#ask(), interval);
      });
  }

  async #look(run: string): Promise<void> {
    if (!this.#has) {
      const graph = await this.source.graph(run);
      if (run !== this.#run) return;
      this.#has = graph !== null;
      this.events.graph(graph);
    }
    const look = this.#has ? await this.source.look(run, this.#known) : null;
    if (look === null || run !== this.#run) return;
    this.#known = look.step;
    this.events.look(look);
  }
}
