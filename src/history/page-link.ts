/** What one page is told and asks for. */
import {
  type CsvRequest,
  type HostRequests,
  hostSide,
  noSeries,
  type PageEvents,
  type PageRequests,
  pageSide,
  type RunStatus,
  type SeriesAnswer,
  type SeriesQuery,
  type Shown,
} from '../protocol/dashboard';
import { Endpoint, type WireMessage } from '../protocol/endpoint';
import { csvPart } from './csv';
import type { DashboardHost } from './dashboard-host';
import type { RunHistory } from './run-history';

/** Milliseconds in which a page that is seen answers. */
const promptly = 500;

/** The wire to one page. */
export class PageLink {
  readonly #endpoint: Endpoint<HostRequests, object, PageRequests, PageEvents>;
  /** The name that the page drew when it loaded. */
  #page = '';
  #watched = new Set<string>();
  /** What is to be shown as soon as the page is there. */
  #shown: Shown | null;
  /** What the page was told last of each run that it watches. */
  readonly #told = new Map<string, string>();

  constructor(
    private readonly host: DashboardHost,
    send: (message: WireMessage) => void,
    shown: Shown | null = null,
  ) {
    this.#shown = shown;
    this.#endpoint = new Endpoint(
      hostSide,
      pageSide,
      {
        requests: {
          ready: ({ page }) => this.#ready(page),
          watch: ({ runs }) => this.#watch(runs),
          query: query => this.#query(query),
          csv: request => csvPart(request, id => host.open(id)),
          saveCsv: ({ name, ...request }) => host.saveParts(name, this.#csv(request)),
          save: file => host.save(file),
          control: message => orRefuse(host.abilities.onControl, 'no run is controlled from here', message),
          tensors: async ({ run }) => (await this.#open(run)).looks.tensors(),
          histograms: async ({ run, ...query }) => (await this.#open(run)).looks.histograms(query),
          layers: async ({ run }) => (await this.#open(run)).looks.layers(),
          graph: async ({ run }) => (await this.#open(run)).graph.graph().then(graph => graph ?? null),
          look: async ({ run, known }) => (await this.#open(run)).graph.lookAfter(known),
          chooseNode: async ({ run, node }) => {
            await host.abilities.onChooseNode?.(run, node);
            return {};
          },
          openSource: ({ run, module }) => this.#openSource(run, module),
          train: () => orRefuse(host.abilities.onTrain, 'no run is started from here', undefined),
        },
        events: {},
      },
      send,
    );
  }

  /** The runs that the page shows. */
  get watched(): ReadonlySet<string> {
    return this.#watched;
  }

  /** Takes in a message. */
  receive(message: unknown): void {
    this.#endpoint.receive(message);
  }

  /** Has the page show something else, now or when it has loaded. */
  show(shown: Shown): void {
    if (this.#page === '') this.#shown = shown;
    else this.notify('show', shown);
  }

  /** Asks the page to show a node of a run's graph; tells whether it does. */
  async showNode(run: string, node: number): Promise<boolean> {
    if (this.#page === '') return false;
    const asked = this.#endpoint.request('showNode', { run, node }, promptly);
    return asked.then(
      ({ shown }) => shown,
      () => false,
    );
  }

  /** Tells the page something. */
  notify<K extends keyof PageEvents & string>(name: K, params: PageEvents[K]): void {
    try {
      this.#endpoint.notify(name, params);
    } catch {
      // The wire has gone; whoever carries it will say so.
    }
  }

  /** Tells the page how a run stands, if it watches the run and does not know yet. */
  tellStatus(status: RunStatus): void {
    const { id } = status.summary;
    const text = JSON.stringify(status);
    if (!this.#watched.has(id) || this.#told.get(id) === text) return;
    this.#told.set(id, text);
    this.notify('status', status);
  }

  /** Ends the connection. */
  close(): void {
    this.#endpoint.close();
  }

  async #ready(page: string) {
    if (page !== this.#page) {
      // The page was loaded anew: it knows nothing and watches nothing.
      this.#page = page;
      this.#watched = new Set();
      this.#told.clear();
    }
    const { onControl, onTrain, onSave, onOpenSource } = this.host.abilities;
    const show = this.#shown;
    this.#shown = null;
    return {
      runs: await this.host.list(),
      live: this.host.live,
      show,
      can: {
        control: onControl !== undefined,
        train: onTrain !== undefined,
        save: onSave !== undefined,
        openSource: onOpenSource !== undefined,
      },
    };
  }

  async #watch(ids: readonly string[]): Promise<RunStatus[]> {
    const found = await Promise.all(ids.map(id => this.host.open(id)));
    const runs = found.filter(run => run !== undefined);
    const [first] = runs;
    if (first !== undefined) this.host.abilities.onShow?.(first.id);
    this.#watched = new Set(runs.map(run => run.id));
    this.#told.clear();
    for (const run of runs) {
      if (run.reading === null) continue;
      void run.update().then(
        () => this.tellStatus(this.host.status(run)),
        () => undefined,
      );
    }
    return runs.map(run => this.host.status(run));
  }

  async #query(query: SeriesQuery): Promise<SeriesAnswer> {
    const run = await this.host.open(query.run);
    return run?.query(query) ?? noSeries;
  }

  async #open(id: string): Promise<RunHistory> {
    const run = await this.host.open(id);
    if (run === undefined) throw new Error(`there is no run "${id}"`);
    return run;
  }

  async #openSource(run: string, module: string): Promise<object> {
    const { onOpenSource } = this.host.abilities;
    if (onOpenSource === undefined) throw new Error('no editor is here');
    await onOpenSource(await (await this.#open(run)).graph.graph(), module);
    return {};
  }

  async *#csv(request: CsvRequest): AsyncGenerator<string> {
    let cursor: string | null = null;
    do {
      const part: { text: string; next: string | null } = await csvPart({ ...request, cursor }, id =>
        this.host.open(id),
      );
      yield part.text;
      cursor = part.next;
    } while (cursor !== null);
  }
}

async function orRefuse<T>(
  act: ((message: T) => void | Promise<void>) | undefined,
  refusal: string,
  message: T,
): Promise<object> {
  if (act === undefined) throw new Error(refusal);
  await act(message);
  return {};
}
