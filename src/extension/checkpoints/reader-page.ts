/** A page whose files are read by a thread of its own: what carries their messages, and what happens when files change. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { WireMessage } from '../../protocol/endpoint';
import { Disposables } from '../common/disposables';
import { fillPanel, type Page } from '../common/page-panel';
import { ReaderThread } from '../common/reader-thread';

/** What a page is filled with. */
export interface ReaderPageContent {
  readonly page: Page;
  /** What the thread is told to read. */
  readonly task: Readonly<Record<string, unknown>>;
  /** The files that it reads: where one changes, they are read anew. */
  readonly files: readonly string[];
}

/** Milliseconds after the last change of a file: while it is written, it changes many times. */
const rest = 300;

/** A page and its thread, which live as long as the panel. */
export class ReaderPage extends Disposables {
  readonly #thread: ReaderThread;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    { page, task, files }: ReaderPageContent,
    log: vscode.LogOutputChannel,
  ) {
    super();
    const module = vscode.Uri.joinPath(extensionUri, 'dist', 'checkpoint-reader.cjs').fsPath;
    this.#thread = this.add(
      new ReaderThread(module, task, {
        onMessage: message => void panel.webview.postMessage(message),
        onFailure: reason => {
          const message = `Reading has failed: ${reason}`;
          log.error(`${files.join(', ')}: ${message}`);
          this.#tell({ kind: 'event', name: 'failed', params: { message } });
        },
      }),
    );
    this.add(panel.webview.onDidReceiveMessage((message: unknown) => this.#thread.post(message)));
    for (const file of new Set(files)) this.#watch(file);
    this.add({ dispose: () => clearTimeout(this.#timer) });
    panel.onDidDispose(() => this.dispose());
    this.#thread.start();
    fillPanel(panel, extensionUri, page);
  }

  #watch(file: string): void {
    const place = new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file));
    const watcher = this.add(vscode.workspace.createFileSystemWatcher(place));
    const changed = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#reload(), rest);
    };
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
      this.add(event(changed));
  }

  /** Reads everything anew. */
  #reload(): void {
    this.#thread.dispose();
    this.#tell({ kind: 'event', name: 'changed', params: {} });
  }

  #tell(event: Extract<WireMessage, { kind: 'event' }>): void {
    void this.panel.webview.postMessage(event);
  }
}
