/** The view *Dataset* in the sidebar: what there is to train on, and what is in it. */
import * as vscode from 'vscode';
import { Disposables } from '../common/disposables';
import { type FoundDataset, findDatasets } from './find-datasets';
import { type DatasetPart, lookInto } from './look-into';

type Node = FoundDataset | DatasetPart;

function itemOf(node: Node): vscode.TreeItem {
  if ('folder' in node) {
    const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Expanded);
    if (node.place !== node.name) item.description = node.place;
    item.tooltip = `${node.folder}: ${node.what}`;
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
export class Datasets extends Disposables implements vscode.TreeDataProvider<Node> {
  readonly #changed = this.add(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.#changed.event;

  constructor() {
    super();
    const watcher = this.add(
      vscode.workspace.createFileSystemWatcher(
        '**/{*-idx?-ubyte*,*.csv,*.tsv,*.npz,*.npy}',
        false,
        true,
        false,
      ),
    );
    this.add(watcher.onDidCreate(() => this.#changed.fire()));
    this.add(watcher.onDidDelete(() => this.#changed.fire()));
    this.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#changed.fire()));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return itemOf(node);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      const found = await findDatasets();
      void vscode.commands.executeCommand('setContext', 'descent.datasetsKnown', true);
      return found;
    }
    return 'folder' in node ? lookInto(node.folder, node.what) : [...(node.parts ?? [])];
  }
}
