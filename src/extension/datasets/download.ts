/** Downloading a dataset: asks where it should lie, shows how far it is, and says what went wrong. */
import path from 'node:path';
import * as vscode from 'vscode';
import { catalogue, downloadSize, type RemoteDataset, type RemoteName } from '../../data/download/catalogue';
import type { DownloadError } from '../../data/download/download-error';
import { commands } from '../commands/ids';
import { Disposables } from '../common/disposables';
import { Throttled } from '../common/throttled';
import { downloadMirror, mirrorSettings } from '../settings/settings';

/** Milliseconds between two reports of progress. */
const interval = 100;

const tryAgain = 'Try Again';
const setMirror = 'Set a Mirror…';
const otherFolder = 'Choose Another Folder…';

/** Bytes in megabytes: `11.6 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Lets the person choose the folder in which the dataset's own folder is made. */
async function browse({ title, folder }: RemoteDataset): Promise<string | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: `Where Should the Folder ${folder} Be Made?`,
      openLabel: `Save ${title} Here`,
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return chosen === undefined ? undefined : path.join(chosen.fsPath, folder);
}

/** Where a dataset is put: into the workspace, or where the person chooses if there is none. */
async function placeFor(dataset: RemoteDataset): Promise<string | undefined> {
  const roots = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const [only] = roots;
  if (only === undefined) return browse(dataset);
  const placeHolder = `In which folder should ${dataset.title} be saved?`;
  const root = roots.length === 1 ? only : await vscode.window.showWorkspaceFolderPick({ placeHolder });
  return root === undefined ? undefined : path.join(root.uri.fsPath, dataset.folder);
}

/** What the person wants to do about an error; false if nothing. */
async function askWhatNext(
  { message, blame }: DownloadError,
  name: RemoteName,
): Promise<'again' | 'elsewhere' | undefined> {
  const actions = blame === 'folder' ? [otherFolder, tryAgain] : [tryAgain, setMirror];
  const answer = await vscode.window.showErrorMessage(`Descent: ${message}.`, ...actions);
  if (answer === setMirror) {
    await vscode.commands.executeCommand('workbench.action.openSettings', `descent.${mirrorSettings[name]}`);
  }
  if (answer === otherFolder) return 'elsewhere';
  return answer === tryAgain ? 'again' : undefined;
}

/** The downloads of this window. */
export class Downloads extends Disposables {
  readonly #closing = new AbortController();
  /** By folder: whoever asks again for what is on its way waits for the same. */
  readonly #running = new Map<string, Promise<string | undefined>>();

  constructor() {
    super();
    this.add({ dispose: () => this.#closing.abort() });
  }

  /** Downloads a dataset; gives its folder, or undefined if it is not there in the end. */
  async get(name: RemoteName): Promise<string | undefined> {
    const folder = await placeFor(catalogue[name]);
    return folder === undefined ? undefined : this.#into(folder, name);
  }

  #into(folder: string, name: RemoteName): Promise<string | undefined> {
    const running = this.#running.get(folder) ?? this.#download(folder, name);
    this.#running.set(folder, running);
    return running.finally(() => this.#running.delete(folder));
  }

  async #download(folder: string, name: RemoteName): Promise<string | undefined> {
    const { DownloadError } = await import('../../data/download/download-error');
    for (;;) {
      try {
        return (await this.#withProgress(folder, name)) ? folder : undefined;
      } catch (error) {
        if (!(error instanceof DownloadError)) throw error;
        const next = await askWhatNext(error, name);
        if (next === undefined) return undefined;
        if (next === 'elsewhere') {
          const other = await browse(catalogue[name]);
          return other === undefined ? undefined : this.#into(other, name);
        }
      }
    }
  }

  /** False if the person has cancelled it. */
  async #withProgress(folder: string, name: RemoteName): Promise<boolean> {
    const { downloadDataset } = await import('../../data/download/download');
    const dataset = catalogue[name];
    const cancel = new AbortController();
    const signal = AbortSignal.any([cancel.signal, this.#closing.signal]);
    return vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Downloading ${dataset.title}`,
        cancellable: true,
      },
      async (progress, token) => {
        token.onCancellationRequested(() => cancel.abort());
        let [now, all, shown] = [0, 1, 0];
        const report = new Throttled(interval, () => {
          const message = `${(now / 1e6).toFixed(1)} of ${megabytes(all)}`;
          progress.report({ message, increment: (Math.max(0, now - shown) / all) * 100 });
          // Where another mirror is asked, the file begins anew; the bar waits for it.
          shown = Math.max(now, shown);
        });
        const onProgress = (received: number, total: number) => {
          [now, all] = [received, total];
          report.call();
        };
        try {
          await downloadDataset(dataset, folder, { mirror: downloadMirror(name), signal, onProgress });
          return true;
        } catch (error) {
          if (signal.aborted) return false;
          throw error;
        } finally {
          report.dispose();
        }
      },
    );
  }
}

/** What a dataset is, in the list of those to choose from. */
export function describeRemote(name: RemoteName): string {
  const dataset = catalogue[name];
  return `${dataset.about}, ${megabytes(downloadSize(dataset))}`;
}

/** Downloads a dataset because a person has asked for it, and offers to train on it. */
export async function downloadAndOffer(downloads: Downloads, name: RemoteName): Promise<void> {
  const folder = await downloads.get(name);
  if (folder === undefined) return;
  const train = 'Train';
  const place = vscode.workspace.asRelativePath(folder);
  const message = `Descent: ${catalogue[name].title} is complete, in the folder ${place}.`;
  if ((await vscode.window.showInformationMessage(message, train)) !== train) return;
  await vscode.commands.executeCommand(commands.trainMnist, folder);
}
