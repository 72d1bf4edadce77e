/** The pages of datasets, a panel each, and the threads that read for them. */
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { WireMessage } from '../../protocol/endpoint';
import { Disposables } from '../common/disposables';
import { fillPanel, panelOptions } from '../common/page-panel';
import { panelTypes } from '../common/panel-types';
import { ReaderThread } from '../common/reader-thread';
import { datasetName } from './find-datasets';

/** What a page keeps of its dataset; there is more that only the page reads. */
const keptSchema = z.looseObject({ folder: z.nullable(z.string()) });

/** A page that is open. */
interface OpenPage {
  readonly panel: vscode.WebviewPanel;
  readonly thread: ReaderThread;
  /** Has the page ask for everything anew. */
  readonly reload: () => void;
}

/** The pages of datasets that are open. */
export class DatasetPanels extends Disposables {
  readonly #open = new Map<string | null, OpenPage>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    super();
  }

  /** Fills a panel that VS Code has restored after a reload. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const kept = keptSchema.safeParse(state);
    if (kept.success) this.#take(panel, kept.data.folder);
    else panel.dispose();
  }

  /** Shows the page of the dataset in a folder; null stands for the generated digits. It is read anew. */
  show(folder: string | null): void {
    const open = this.#open.get(folder);
    if (open !== undefined) {
      open.panel.reveal();
      open.reload();
      return;
    }
    const title = folder === null ? 'Generated Digits' : datasetName(folder);
    const column = vscode.ViewColumn.Active;
    const options = panelOptions(this.extensionUri);
    this.#take(vscode.window.createWebviewPanel(panelTypes.dataset, title, column, options), folder);
  }

  /** The panels stay, and are restored; their threads end. */
  override dispose(): void {
    for (const { thread } of this.#open.values()) thread.dispose();
    super.dispose();
  }

  /** Fills a panel that was made, or one that VS Code has restored after a reload. */
  #take(panel: vscode.WebviewPanel, folder: string | null): void {
    const send = (message: unknown) => void panel.webview.postMessage(message);
    const tell = (event: Extract<WireMessage, { kind: 'event' }>) => send(event);
    const thread = new ReaderThread(this.#module, folder, {
      onMessage: send,
      onFailure: reason => {
        const message = `the dataset could not be read: ${reason}`;
        this.log.error(`${folder ?? 'generated digits'}: ${message}`);
        tell({ kind: 'event', name: 'failed', params: { message } });
      },
    });
    const reload = () => {
      thread.dispose();
      tell({ kind: 'event', name: 'changed', params: {} });
    };
    this.#open.set(folder, { panel, thread, reload });
    const messages = panel.webview.onDidReceiveMessage((message: unknown) => thread.post(message));
    panel.onDidDispose(() => {
      if (this.#open.get(folder)?.panel === panel) this.#open.delete(folder);
      messages.dispose();
      thread.dispose();
    });
    thread.start();
    fillPanel(panel, this.extensionUri, { title: panel.title, name: 'dataset' });
  }

  get #module(): string {
    return vscode.Uri.joinPath(this.extensionUri, 'dist', 'dataset-reader.js').fsPath;
  }
}
