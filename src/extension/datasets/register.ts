/** Datasets: the view in the sidebar, the pages that show samples, downloads, and what lets a person choose. */
import * as vscode from 'vscode';
import type { RemoteName } from '../../data/download/catalogue';
import { commands } from '../commands/ids';
import type { Starter } from '../commands/starter';
import { Later, laterTree } from '../common/later';
import { registerCommand } from '../common/log';
import { panelTypes } from '../common/panel-types';
import { restorePanels } from '../common/restore-panels';
import type { ChooseDataset } from './choose-dataset';
import type { Downloads } from './download';

/** The downloads of this window. */
export function laterDownloads(): Later<Downloads> {
  return new Later(async () => new (await import('./download')).Downloads());
}

/** What lets a person choose a dataset. */
export function chooserOf(downloads: Later<Downloads>): ChooseDataset {
  return async choosing => {
    const { chooseDataset } = await import('./choose-dataset');
    return chooseDataset(await downloads.get(), choosing);
  };
}

/** What the features work with. */
export interface DatasetContext {
  readonly extensionUri: vscode.Uri;
  readonly starter: Starter;
  readonly downloads: Later<Downloads>;
  readonly chooseDataset: ChooseDataset;
  readonly log: vscode.LogOutputChannel;
}

/** The folder of what a command was called on in the tree. */
function folderOf(node: unknown): string | undefined {
  const isDataset = typeof node === 'object' && node !== null && 'folder' in node;
  return isDataset && typeof node.folder === 'string' ? node.folder : undefined;
}

/** Registers the view, the pages, and their commands. */
export function registerDatasets(context: DatasetContext): vscode.Disposable {
  const { extensionUri, starter, downloads, chooseDataset, log } = context;
  const view = new Later(async () => new (await import('./dataset-view')).Datasets());
  const panels = new Later(async () => {
    const { DatasetPanels } = await import('./dataset-panels');
    return new DatasetPanels(extensionUri, log);
  });
  const train = async (node: unknown) => {
    const folder = folderOf(node);
    if (folder !== undefined) await starter.start({ dataset: folder });
  };
  const showSamples = async (node: unknown) => {
    const folder =
      typeof node === 'string'
        ? node
        : (folderOf(node) ?? (await chooseDataset({ question: 'What should be shown?' })));
    if (folder !== undefined) (await panels.get()).show(folder);
  };
  const download = async (name: RemoteName) => {
    const { downloadAndOffer } = await import('./download');
    await downloadAndOffer(await downloads.get(), name);
  };
  return vscode.Disposable.from(
    view,
    panels,
    vscode.window.createTreeView('descent.dataset', { treeDataProvider: laterTree(() => view.get()) }),
    restorePanels(panelTypes.dataset, async (panel, state) => (await panels.get()).restore(panel, state)),
    registerCommand(log, commands.trainDataset, train),
    registerCommand(log, commands.showSamples, showSamples),
    registerCommand(log, commands.downloadMnist, () => download('mnist')),
    registerCommand(log, commands.downloadFashionMnist, () => download('fashion-mnist')),
  );
}
