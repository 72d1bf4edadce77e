/**
 * The host's end of the dashboard: answers pages from the folders of runs and tells them what changes. It knows
 * neither the editor nor sockets; whoever carries the messages calls {@link DashboardHost.connect}.
 */
import path from 'node:path';
import { describeBreakpoint } from '../protocol/breakpoints';
import type { ControlMessage, SavedFile, Shown } from '../protocol/dashboard';
import type { WireMessage } from '../protocol/endpoint';
import type { Graph } from '../protocol/graph';
import type { TrainingEvent } from '../protocol/training-events';
import { PageLink } from './page-link';
import type { LiveState, RunHistory } from './run-history';
import { Runs } from './runs';

/** The run in progress was paused or goes on, or its learning rate was changed. */
export interface LiveChange {
  readonly event: 'change';
  readonly paused?: boolean | undefined;
  readonly learningRate?: number | undefined;
}

/** A file to save: its parts are made as they are asked for. */
export interface FileToSave {
  readonly name: string;
  readonly parts: AsyncIterable<string | Uint8Array>;
}

/** What the host can do beside showing runs. */
export interface HostAbilities {
  /** Passes an order on to the run in progress; what it throws is shown to the person. */
  readonly onControl?: ((message: ControlMessage) => void | Promise<void>) | undefined;
  /** A page is about this run now. */
  readonly onShow?: ((run: string) => void) | undefined;
  /** The person has chosen a node of a run's graph. */
  readonly onChooseNode?: ((run: string, node: number) => void | Promise<void>) | undefined;
  /** Shows where a module of a graph is made in its Python file. */
  readonly onOpenSource?: ((graph: Graph | undefined, module: string) => Promise<void>) | undefined;
  /** Starts a run with the defaults. */
  readonly onTrain?: (() => void | Promise<void>) | undefined;
  /** Saves a file where the person chooses; false if they chose nothing. Without it pages offer downloads. */
  readonly onSave?: ((file: FileToSave) => Promise<boolean>) | undefined;
}

/** One page's end of the wire. */
export interface PageConnection {
  /** Takes in what the page sent. */
  receive(message: unknown): void;
  /** The page has gone. */
  close(): void;
}

/** Milliseconds between looks at the run in progress, at other runs that somebody sees, and at the list. */
const intervals = { live: 100, others: 1000, list: 10_000 } as const;

/** For so many milliseconds after a folder has come or gone, the list is looked at as often as runs are. */
const unsettled = 3000;

/** Serves any number of pages from one folder of runs. */
export class DashboardHost {
  readonly #runs: Runs;
  readonly #pages = new Set<PageLink>();
  readonly #abilities: HostAbilities;
  #live: { readonly id: string; readonly state: LiveState } | undefined;
  /** Whether the run in progress has told of no step yet. */
  #stepless = false;
  /** Whether the run has rested since it told why it pauses by itself. */
  #noteSeen = false;
  /** Runs whose processes ended without a word. */
  readonly #crashed = new Map<string, LiveState>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #ticks = 0;
  #list = '';
  #settles = 0;
  #busy = false;
  /** What the next page is to show. */
  #shown: Shown | null = null;

  /** `runs` is the folder that holds the folders of runs. */
  constructor(runs: string, abilities: HostAbilities = {}) {
    this.#runs = new Runs(runs);
    this.#abilities = abilities;
  }

  /** A page has come; `send` carries messages to it. */
  connect(send: (message: WireMessage) => void): PageConnection {
    const page = new PageLink(this, send, this.#shown);
    this.#shown = null;
    this.#pages.add(page);
    this.#timer ??= setInterval(() => void this.#tick(), intervals.live);
    this.#timer.unref();
    return {
      receive: message => page.receive(message),
      close: () => {
        page.close();
        this.#pages.delete(page);
        if (this.#pages.size === 0) this.#rest();
      },
    };
  }

  /** Takes in what the run in progress tells. The numbers themselves are read from its folder. */
  publish(event: TrainingEvent | LiveChange): void {
    if (event.event === 'start') {
      this.#crashed.delete(path.basename(event.run));
      this.#live = { id: path.basename(event.run), state: { state: 'running' } };
      this.#stepless = true;
    } else if (event.event === 'step' && this.#stepless) {
      // Somebody waits for the first point: it is looked for at once, and those after it in their time.
      this.#stepless = false;
    } else if (event.event === 'change' && this.#live !== undefined) {
      const { id, state } = this.#live;
      const paused = event.paused ?? state.state === 'paused';
      const learningRate = event.learningRate ?? state.learningRate;
      // A breakpoint may be told of before the run is known to rest: only after that going on is going on.
      const goesOn = !paused && this.#noteSeen;
      this.#noteSeen = paused && state.note !== undefined;
      const { note, noteNode } = goesOn ? {} : state;
      this.#live = { id, state: { state: paused ? 'paused' : 'running', learningRate, note, noteNode } };
    } else if (event.event === 'breakpoint' && this.#live !== undefined) {
      const { id, state } = this.#live;
      this.#noteSeen = false;
      const told = describeBreakpoint(event);
      const note = `${told.charAt(0).toUpperCase()}${told.slice(1)}`;
      this.#live = { id, state: { ...state, state: 'paused', note, noteNode: event.node ?? undefined } };
    } else if (event.event === 'end' || event.event === 'stopped' || event.event === 'error') {
      if (event.event === 'error' && this.#live !== undefined) {
        this.#crashed.set(this.#live.id, { state: 'interrupted' });
      }
      this.#live = undefined;
    } else return;
    void this.#look(true);
  }

  /**
   * Has every page show runs, those that are still loading too; where there is none, the next one does.
   * @param runs the one that pages are about, and those that are drawn beside it
   * @param node of the first one's graph, if that is what is to be seen
   */
  show(runs: readonly string[], node: number | null = null): void {
    const shown = { runs: [...runs], node };
    if (this.#pages.size === 0) this.#shown = shown;
    for (const page of this.#pages) page.show(shown);
  }

  /** A run has another name now: pages that show it go on showing it. */
  renamed(from: string, to: string): void {
    for (const page of this.#pages) {
      const shown = [...page.watched];
      if (shown.includes(from)) page.show({ runs: shown.map(id => (id === from ? to : id)), node: null });
    }
  }

  /** Has a node of a run's graph seen on the pages that show that graph; tells whether there are any. */
  async showNode(run: string, node: number): Promise<boolean> {
    const shown = await Promise.all([...this.#pages].map(page => page.showNode(run, node)));
    return shown.includes(true);
  }

  /** Tells pages how things stand by now. */
  settle(): Promise<void> {
    return this.#look(true);
  }

  /** Ends all connections. */
  close(): void {
    for (const page of this.#pages) page.close();
    this.#pages.clear();
    this.#rest();
  }

  /** What the host can do. */
  get abilities(): HostAbilities {
    return this.#abilities;
  }

  /** The run in progress. */
  get live(): string | null {
    return this.#live?.id ?? null;
  }

  /** The runs, newest first. */
  list() {
    const known = new Map(this.#crashed);
    if (this.#live !== undefined) known.set(this.#live.id, this.#live.state);
    return this.#runs.list(known);
  }

  /** The history of a run. */
  open(id: string): Promise<RunHistory | undefined> {
    return this.#runs.open(id);
  }

  /** How a run stands. */
  status(run: RunHistory) {
    return run.status(run.id === this.#live?.id ? this.#live.state : this.#crashed.get(run.id));
  }

  /** Saves a file that a page has made. */
  async save({ name, base64 }: SavedFile): Promise<boolean> {
    const bytes = Buffer.from(base64, 'base64');
    return this.saveParts(
      name,
      (async function* () {
        yield bytes;
      })(),
    );
  }

  /** Saves a file that the host makes. */
  async saveParts(name: string, parts: FileToSave['parts']): Promise<boolean> {
    if (this.#abilities.onSave === undefined) throw new Error('files cannot be saved from here');
    return this.#abilities.onSave({ name: path.basename(name), parts });
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #tick(): Promise<void> {
    this.#ticks++;
    const due = (interval: number) => this.#ticks % (interval / intervals.live) === 0;
    const others = due(intervals.others);
    if (others && (await this.#runs.changed())) this.#settles = performance.now() + unsettled;
    await this.#look(due(intervals.list) || (others && performance.now() < this.#settles), others);
  }

  /** Tells pages what has changed of the runs that they watch and, where asked, of the list. */
  async #look(list: boolean, others = list): Promise<void> {
    // A look that takes long (a large run that is opened) must not pile up others behind it; what it misses,
    // the next one sees.
    if (this.#busy && !list) return;
    this.#busy = true;
    try {
      const watched = new Set([...this.#pages].flatMap(page => [...page.watched]));
      for (const id of watched) {
        if (others || id === this.live) await this.#tellOf(id);
      }
      if (list) await this.#tellList();
    } catch {
      // A folder that has gone while it was read; the next look finds it missing.
    } finally {
      this.#busy = false;
    }
  }

  async #tellOf(id: string): Promise<void> {
    const run = await this.open(id);
    if (run === undefined) return;
    // A large run that is still read is told of as it is, and again when all was read.
    if (run.reading === null) await run.update();
    for (const page of this.#pages) page.tellStatus(this.status(run));
  }

  async #tellList(): Promise<void> {
    if (this.#pages.size === 0) return;
    const message = { runs: await this.list(), live: this.live };
    const text = JSON.stringify(message);
    if (text === this.#list) return;
    this.#list = text;
    for (const page of this.#pages) page.notify('runs', message);
  }
}
