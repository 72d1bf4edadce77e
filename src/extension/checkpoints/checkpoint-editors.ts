/** The editors of checkpoints: read-only, with a page and a thread for each. */
import path from 'node:path';
import * as vscode from 'vscode';

/** The editor of files that are checkpoints by their name. */
export const checkpointEditor = 'descent.checkpoint';

/** The same for files that may be something else, to be chosen under *Open With…*. */
const otherFiles = 'descent.tensorFile';

/** The checkpoint that is in front; undefined where none is. */
export function openedCheckpoint(): vscode.Uri | undefined {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (!(input instanceof vscode.TabInputCustom)) return undefined;
  return [checkpointEditor, otherFiles].includes(input.viewType) ? input.uri : undefined;
}

/** Registers the editors. */
export function registerCheckpointEditors(
  extensionUri: vscode.Uri,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: uri => {
      // What is not on the disk, such as an older version, has a path all the same: that of another file.
      if (uri.scheme !== 'file') throw new Error(`expected a file on the disk, found ${uri.scheme}:`);
      return { uri, dispose: () => undefined };
    },
    resolveCustomEditor: async ({ uri }, panel) => {
      const file = uri.fsPath;
      const page = { title: path.basename(file), name: 'checkpoint' };
      const content = { page, task: { kind: 'checkpoint', file }, files: [file] };
      const { ReaderPage } = await import('./reader-page');
      new ReaderPage(panel, extensionUri, content, log);
    },
  };
  // What was read of a file of gigabytes is not to be read again because another tab was in front.
  const options = {
    webviewOptions: { retainContextWhenHidden: true },
    supportsMultipleEditorsPerDocument: true,
  };
  return vscode.Disposable.from(
    ...[checkpointEditor, otherFiles].map(type =>
      vscode.window.registerCustomEditorProvider(type, provider, options),
    ),
  );
}
