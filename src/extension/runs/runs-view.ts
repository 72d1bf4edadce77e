/** The view *Runs* in the sidebar: newest first, how each stands and how good it is. */
import * as vscode from 'vscode';
import type { RunState } from '../../protocol/dashboard';
import { commands, keepFocus } from '../commands/ids';
import { ago, percent } from '../common/format';
import { isElsewhere, type RunStore, type StoredRun } from './run-store';

const icons: Readonly<Record<RunState, vscode.ThemeIcon>> = {
  running: new vscode.ThemeIcon('pulse', new vscode.ThemeColor('charts.blue')),
  paused: new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('charts.blue')),
  finished: new vscode.ThemeIcon('pass', new vscode.ThemeColor('charts.green')),
  stopped: new vscode.ThemeIcon('stop-circle'),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('charts.red')),
  interrupted: new vscode.ThemeIcon('warning', new vscode.ThemeColor('charts.yellow')),
};

/** The model's short name: `mnist-mlp` of `mnist-mlp 784-256-10`. */
function modelName(run: StoredRun): string {
  return run.model.split(' ')[0] ?? run.model;
}

/** A run that a person has named is known by that; the others by what they have learned from. */
function titleOf(run: StoredRun): string {
  return run.name ?? run.dataset;
}

/** What tells runs on the same data apart at a glance: `784-256-10 adam` of a `mnist-mlp 784-256-10`. */
function makeOf(run: StoredRun): string {
  const [name, ...sizes] = run.model.split(' ');
  return [...(sizes.length > 0 ? sizes : [name]), run.settings.optimizer].join(' ').trim();
}

function describe(run: StoredRun): string {
  const result = run.testAccuracy === null ? run.state : percent(run.testAccuracy);
  const about = run.name === null ? makeOf(run) : run.dataset;
  return `${result} · ${about} · ${ago(Date.parse(run.created))}`;
}

function tooltip(run: StoredRun): vscode.MarkdownString {
  const rows = [
    ['Run', run.id],
    ['Status', run.state],
    ['Model', run.model],
    ['Dataset', run.dataset],
    ['Device', run.device],
    ['Epochs', String(run.epochs)],
    ...(run.testAccuracy === null ? [] : [['Test accuracy', percent(run.testAccuracy)]]),
    ...(run.error === null ? [] : [['Error', run.error]]),
    ['Started', new Date(run.created).toLocaleString()],
  ];
  const text = new vscode.MarkdownString();
  text.appendMarkdown('| | |\n|---|---|\n');
  for (const [name, value = ''] of rows) {
    // What comes out of a file is text and never markup.
    const plain = value.replace(/[\\`*_{}[\]()#+\-.!|<>~\n]/g, c => (c === '\n' ? ' ' : `\\${c}`));
    text.appendMarkdown(`| ${name} | ${plain} |\n`);
  }
  return text;
}

/** What can be done with a run, for the menus. */
function contextOf(run: StoredRun, live: boolean): string {
  if (live) return 'run.live';
  if (isElsewhere(run)) return 'run.elsewhere';
  return run.state === 'finished' ? 'run.finished' : 'run.resumable';
}

/** A run in the tree. */
export class RunItem extends vscode.TreeItem {
  constructor(
    readonly run: StoredRun,
    live: boolean,
  ) {
    super(titleOf(run));
    this.id = run.folder;
    this.description = describe(run);
    this.iconPath = icons[run.state];
    this.tooltip = tooltip(run);
    this.contextValue = contextOf(run, live);
    this.accessibilityInformation = {
      label: `${run.name === null ? '' : `${run.name}, `}${modelName(run)} on ${run.dataset}, ${run.state}, ${describe(run)}`,
    };
    this.command = {
      command: commands.openDashboard,
      title: 'Open Dashboard',
      arguments: [run.folder, keepFocus],
    };
  }
}

/** The view. */
export type RunsView = vscode.TreeView<RunItem>;

/**
 * The runs that a command of the view is about, the one that was pointed at first: all that are selected, if that
 * one is among them.
 * @param argument and `selected` are what VS Code gives to a command of a tree
 */
export function runsOf(argument: unknown, selected: unknown): StoredRun[] {
  if (!(argument instanceof RunItem)) return [];
  const items = Array.isArray(selected) ? selected.filter(item => item instanceof RunItem) : [];
  return [argument, ...items.filter(item => item !== argument)].map(({ run }) => run);
}

/**
 * The items of the view. After a change they are listed first and shown then: while VS Code waits for the items of a tree,
 * what is pressed on an old one reaches its command without it.
 */
export class RunItems implements vscode.TreeDataProvider<RunItem> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  #items: Promise<RunItem[]> | undefined;
  /** How often the runs have been listed, and which of these lists is shown. */
  #lists = 0;
  #shown = 0;

  constructor(private readonly store: RunStore) {
    store.onDidChange(() => void this.#renew());
  }

  getTreeItem(item: RunItem): vscode.TreeItem {
    return item;
  }

  getChildren(item?: RunItem): Promise<RunItem[]> {
    if (item !== undefined) return Promise.resolve([]);
    this.#items ??= this.#list();
    return this.#items;
  }

  async #renew(): Promise<void> {
    const list = ++this.#lists;
    const items = this.#list();
    // Why they cannot be listed is said when VS Code asks for them.
    await items.catch(() => undefined);
    // A list that took longer than one begun after it is out of date.
    if (list < this.#shown) return;
    this.#shown = list;
    this.#items = items;
    this.#changed.fire();
  }

  async #list(): Promise<RunItem[]> {
    const runs = await this.store.list();
    void vscode.commands.executeCommand('setContext', 'descent.runsKnown', true);
    return runs.map(run => new RunItem(run, this.store.isLive(run)));
  }
}
