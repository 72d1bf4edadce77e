/** The items of the view *Graph*: the network of the run that the dashboard shows, else of the newest, as a tree. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { GraphFiles } from '../../history';
import type { Graph } from '../../protocol/graph';
import type { GraphLook, NodeOfRun } from '../../protocol/graph-page';
import { Disposables } from '../common/disposables';
import { Throttled } from '../common/throttled';
import type { RunStore } from '../runs/run-store';
import type { TrainingService } from '../training/training-service';
import { chainTree, type Entry, findNode, moduleTree } from './graph-tree';
import type { NodeChoice } from './node-choice';
import { moduleText, nodeText } from './node-text';
import { sourceOf } from './open-source';

const icons: Readonly<Record<Entry['kind'], vscode.ThemeIcon>> = {
  loss: new vscode.ThemeIcon('target', new vscode.ThemeColor('charts.red')),
  operation: new vscode.ThemeIcon('symbol-method', new vscode.ThemeColor('charts.blue')),
  parameter: new vscode.ThemeIcon('symbol-array', new vscode.ThemeColor('charts.green')),
  module: new vscode.ThemeIcon('symbol-module'),
  reference: new vscode.ThemeIcon('references'),
};

/** The two ways to look at a graph. */
export type Way = 'module' | 'chain';

/** Milliseconds between two looks at a run in progress. */
const interval = 500;

/** Milliseconds between two renewals of what is said of the places: a text that is being read stays a while. */
const renewal = 3000;

/** The path of the module that a place is, or whose work it is; undefined for the loss. */
export function moduleOf(graph: Graph, { module, node }: Entry): string | undefined {
  return module?.path ?? (node === null ? undefined : graph.nodes[node]?.module) ?? undefined;
}

function isEntryLike(value: unknown): value is { readonly key: string } {
  return typeof value === 'object' && value !== null && 'key' in value && typeof value.key === 'string';
}

/** Reading is loaded when there is something to read. */
async function filesOf(run: string): Promise<GraphFiles> {
  const { GraphFiles } = await import('../../history');
  return new GraphFiles(run);
}

/** The items. */
export class GraphProvider extends Disposables implements vscode.TreeDataProvider<Entry> {
  readonly #changed = this.add(new vscode.EventEmitter<Entry | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #refresh = this.add(new Throttled(interval, () => void this.#read()));
  /** What is said of a place is asked for once for each item: new figures need new items. */
  readonly #renew = this.add(new Throttled(renewal, () => this.#changed.fire(undefined)));
  #way: Way = 'module';
  /** The name of the run that was asked for last; undefined for the one in progress, or the newest. */
  #asked: string | undefined;
  #files: GraphFiles | undefined;
  #graph: Graph | undefined;
  #look: GraphLook | undefined;
  #roots: readonly Entry[] = [];

  constructor(
    private readonly training: TrainingService,
    private readonly store: RunStore,
    nodes: NodeChoice,
    private readonly isVisible: () => boolean,
  ) {
    super();
    this.#asked = nodes.shownRun;
    this.add(
      training.onEvents(events => {
        if (events.some(({ event }) => event === 'start')) this.#asked = undefined;
        this.refresh();
      }),
    );
    this.add(training.onDidEnd(() => this.refresh()));
    this.add(store.onDidChange(() => this.refresh()));
  }

  /** The graph that is shown. */
  get graph(): Graph | undefined {
    return this.#graph;
  }

  /** The name of the folder of the run that the graph is of. */
  get run(): string | undefined {
    return this.#files && path.basename(this.#files.folder);
  }

  /** The place of a node of a run's graph; undefined where another graph is shown. */
  placeOf({ run, node }: NodeOfRun): Entry | undefined {
    return run === this.run ? findNode(this.#roots, node) : undefined;
  }

  /** Shows the graph of a run. */
  async follow(run: string): Promise<void> {
    if (run === this.run) return;
    this.#asked = run;
    if (this.isVisible()) await this.#read();
  }

  /** What it is about, for the view's title. */
  get title(): string | undefined {
    return this.#graph?.model;
  }

  /** The place that something given by VS Code is. */
  find(given: unknown): Entry | undefined {
    const stack = [...this.#roots];
    for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
      if (entry === given || (isEntryLike(given) && entry.key === given.key)) return entry;
      stack.push(...entry.children());
    }
    return undefined;
  }

  /** Looks again, if somebody sees it. */
  refresh(): void {
    if (this.isVisible()) this.#refresh.call();
  }

  set way(way: Way) {
    this.#way = way;
    this.#build();
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    const leaf = entry.children().length === 0;
    const state = vscode.TreeItemCollapsibleState;
    const open = entry.kind === 'loss' || entry.key === 'module ' ? state.Expanded : state.Collapsed;
    const item = new vscode.TreeItem(entry.label, leaf ? state.None : open);
    // VS Code keeps what is expanded by the identifier; each run has its own.
    item.id = `${this.#files?.folder} ${entry.key}`;
    item.description = entry.description;
    item.iconPath = icons[entry.kind];
    const source = this.#graph && sourceOf(this.#graph, moduleOf(this.#graph, entry));
    item.contextValue = `${entry.node === null ? 'module' : 'node'}${source === undefined ? '' : ' source'}`;
    item.accessibilityInformation = { label: `${entry.kind} ${entry.label}, ${entry.description}` };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, entry: Entry): vscode.TreeItem {
    if (this.#graph === undefined) return item;
    const { node, module } = entry;
    const text = node === null ? module && moduleText(module) : nodeText(this.#graph, node, this.#look);
    item.tooltip = new vscode.MarkdownString(text ?? '');
    return item;
  }

  getChildren(entry?: Entry): Entry[] {
    return [...(entry === undefined ? this.#roots : entry.children())];
  }

  getParent(entry: Entry): Entry | null {
    return entry.parent;
  }

  async #read(): Promise<void> {
    const runs = await this.store.list();
    const asked = runs.find(({ id }) => id === this.#asked)?.folder;
    const run = asked ?? this.training.folder ?? runs[0]?.folder;
    if (run !== this.#files?.folder) this.#files = run === undefined ? undefined : await filesOf(run);
    const graph = await this.#files?.graph();
    const look = await this.#files?.look();
    const news = look?.step !== this.#look?.step;
    this.#look = look;
    if (graph !== this.#graph) {
      this.#graph = graph;
      this.#build();
    } else if (news) this.#renew.call();
  }

  #build(): void {
    const make = this.#way === 'module' ? moduleTree : chainTree;
    this.#roots = this.#graph === undefined ? [] : make(this.#graph);
    this.#changed.fire(undefined);
  }
}
