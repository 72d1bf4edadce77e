/** Graphs of modules that nobody has trained yet, in panels of their own: one for each module. */
import path from 'node:path';
import { Readable } from 'node:stream';
import * as vscode from 'vscode';
import { Endpoint } from '../../protocol/endpoint';
import type { Graph } from '../../protocol/graph';
import {
  type GraphHostRequests,
  type GraphPageEvents,
  graphHostSide,
  graphPageSide,
} from '../../protocol/graph-page';
import { fillPanel, panelOptions } from '../common/page-panel';
import { saveFile } from '../dashboard/save-file';
import { openSource } from './open-source';

/** What is shown of a module. */
export interface ShownModule {
  /** Another one for each module: a panel that is there already is shown again. */
  readonly key: string;
  readonly title: string;
  readonly about: string;
  readonly graph: Graph;
}

/** The panels. */
export class ModuleGraphPanels implements vscode.Disposable {
  readonly #panels = new Map<
    string,
    { readonly panel: vscode.WebviewPanel; show(shown: ShownModule): void }
  >();
  #shownSoFar = 0;

  constructor(private readonly extensionUri: vscode.Uri) {}

  /** Shows the graph of a module, beside the file that it is of. */
  show(shown: ShownModule): void {
    const open = this.#panels.get(shown.key);
    if (open === undefined) this.#open(shown);
    else {
      open.panel.reveal();
      open.show(shown);
    }
  }

  dispose(): void {
    for (const { panel } of [...this.#panels.values()]) panel.dispose();
  }

  #open(first: ShownModule): void {
    const column = vscode.ViewColumn.Beside;
    const { extensionUri } = this;
    const panel = vscode.window.createWebviewPanel(
      'descent.moduleGraph',
      first.title,
      column,
      panelOptions(extensionUri),
    );
    let now = { ...first, id: this.#nextId() };
    const run = () => ({ id: now.id, title: now.title, about: now.about, going: false });
    const endpoint = new Endpoint<GraphHostRequests, object, object, GraphPageEvents>(
      graphHostSide,
      graphPageSide,
      {
        requests: {
          ready: () => ({ run: run() }),
          graph: () => now.graph,
          look: () => null,
          chooseNode: () => ({}),
          save: ({ name, base64 }) =>
            saveFile(
              { name: path.basename(name), parts: Readable.from([Buffer.from(base64, 'base64')]) },
              vscode.workspace.workspaceFolders?.[0]?.uri,
            ),
          train: () => ({}),
          openSource: async ({ module }) => {
            await openSource(now.graph, module);
            return {};
          },
        },
        events: {},
      },
      message => void panel.webview.postMessage(message),
    );
    const messages = panel.webview.onDidReceiveMessage((message: unknown) => endpoint.receive(message));
    this.#panels.set(first.key, {
      panel,
      show: shown => {
        now = { ...shown, id: this.#nextId() };
        endpoint.notify('show', { run: run() });
      },
    });
    panel.onDidDispose(() => {
      messages.dispose();
      endpoint.close();
      this.#panels.delete(first.key);
    });
    fillPanel(panel, extensionUri, { title: first.title, name: 'graph' });
  }

  /** A graph that is built anew is another one for the page. */
  #nextId(): string {
    return `module-${++this.#shownSoFar}`;
  }
}
