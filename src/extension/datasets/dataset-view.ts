/** The view *Dataset* in the sidebar: what there is to train on, and what is in it. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { Disposables } from '../common/disposables';
import { type FoundDataset, findDatasets } from './find-datasets';
import { type DatasetPart, lookInto } from './look-into';

type Node = FoundDataset | DatasetPart;

function itemOf(node: Node): vscode.TreeItem {
  if ('folder' in node) {
    const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Expanded);
    if (node.place !== node.name) item.description = node.place;
    item.tooltip = node.folder;
    item.iconPath = new vscode.ThemeIcon('database');
    item.contextValue = 'dataset';
    return item;
  }
  const { label, description, tooltip, parts } = node;
  const state =
    parts === undefined ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(label, state);
  item.description = description;
  item.tooltip = tooltip ?? `${label}: ${description}`;
  return item;
}

/** What the view shows. */
class Datasets extends Disposables implements vscode.TreeDataProvider<Node> {
  readonly #changed = this.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.#changed.event;

  constructor() {
    super();
    const watcher = this.add(
      vscode.workspace.createFileSystemWatcher('**/*-idx?-ubyte*', false, true, false),
    );
    this.add(watcher.onDidCreate(() => this.#changed.fire()));
    this.add(watcher.onDidDelete(() => this.#changed.fire()));
    this.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#changed.fire()));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return itemOf(node);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) return findDatasets();
    return 'folder' in node ? lookInto(node.folder) : [...(node.parts ?? [])];
  }
}

/** Registers the view. */
export function registerDatasetView(train: (folder: string) => Promise<unknown>): vscode.Disposable {
  const datasets = new Datasets();
  const view = vscode.window.createTreeView('descent.dataset', { treeDataProvider: datasets });
  const command = vscode.commands.registerCommand(commands.trainDataset, (node: unknown) => {
    const isDataset = typeof node === 'object' && node !== null && 'folder' in node;
    return isDataset && typeof node.folder === 'string' ? train(node.folder) : undefined;
  });
  return vscode.Disposable.from(datasets, view, command);
}
