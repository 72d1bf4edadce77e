/** The graph of a run in a panel of its own, beside the dashboard or instead of it. */
import path from 'node:path';
import { Readable } from 'node:stream';
import * as vscode from 'vscode';
import type { GraphFiles } from '../../history';
import { Endpoint } from '../../protocol/endpoint';
import {
  type GraphHostRequests,
  type GraphPageEvents,
  graphHostSide,
  graphPageSide,
  type ShownRun,
} from '../../protocol/graph-page';
import { commands } from '../commands/ids';
import { Disposables } from '../common/disposables';
import { fillPanel, panelOptions } from '../common/page-panel';
import { panelTypes } from '../common/panel-types';
import { saveFile } from '../dashboard/save-file';
import type { RunStore, StoredRun } from '../runs/run-store';
import type { NodeChoice } from './node-choice';
import { openSource } from './open-source';

type PageEndpoint = Endpoint<GraphHostRequests, object, object, GraphPageEvents>;

/** What the panel works with. */
export interface GraphPanelContext {
  readonly extensionUri: vscode.Uri;
  readonly store: RunStore;
  readonly nodes: NodeChoice;
}

function shown({ id, name, model, dataset, state }: StoredRun): ShownRun {
  const going = state === 'running' || state === 'paused';
  return {
    id,
    title: name ?? model,
    about: [name === null ? '' : model, dataset, state].filter(Boolean).join(' · '),
    going,
  };
}

/** The panel. */
export class GraphPanel extends Disposables {
  #panel: vscode.WebviewPanel | undefined;
  #endpoint: PageEndpoint | undefined;
  /** The name of the folder of the run that is shown; undefined for the newest. */
  #run: string | undefined;
  #files: GraphFiles | undefined;

  constructor(private readonly context: GraphPanelContext) {
    super();
    const { nodes, store } = context;
    this.add(nodes.onDidSelectInTree(node => this.#endpoint?.notify('showNode', node)));
    this.add(store.onDidChange(() => void this.#tell()));
  }

  /** Shows the panel, and in it a run. */
  async open(run: string | undefined): Promise<void> {
    this.#run = run ?? this.#run;
    if (this.#panel === undefined) {
      const { extensionUri } = this.context;
      const column = vscode.ViewColumn.Active;
      const options = panelOptions(extensionUri);
      this.take(vscode.window.createWebviewPanel(panelTypes.graph, 'Graph', column, options));
    } else {
      this.#panel.reveal();
      await this.#tell();
    }
  }

  /** Fills a panel that was made, or one that VS Code has restored. */
  take(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    const { nodes, extensionUri } = this.context;
    const endpoint: PageEndpoint = new Endpoint<GraphHostRequests, object, object, GraphPageEvents>(
      graphHostSide,
      graphPageSide,
      {
        requests: {
          ready: async ({ run }) => {
            this.#run ??= run ?? undefined;
            return { run: await this.#shown() };
          },
          graph: async ({ run }) => (await (await this.#filesOf(run))?.graph()) ?? null,
          look: async ({ run, known }) => (await (await this.#filesOf(run))?.lookAfter(known)) ?? null,
          chooseNode: async node => {
            nodes.chooseOnPage(node);
            return {};
          },
          save: ({ name, base64 }) =>
            saveFile(
              { name: path.basename(name), parts: Readable.from([Buffer.from(base64, 'base64')]) },
              vscode.workspace.workspaceFolders?.[0]?.uri,
            ),
          train: async () => {
            await vscode.commands.executeCommand(commands.trainMnist);
            return {};
          },
          openSource: async ({ run, module }) => {
            await openSource(await (await this.#filesOf(run))?.graph(), module);
            return {};
          },
        },
        events: {},
      },
      message => void panel.webview.postMessage(message),
    );
    this.#endpoint = endpoint;
    const messages = panel.webview.onDidReceiveMessage((message: unknown) => endpoint.receive(message));
    panel.onDidDispose(() => {
      messages.dispose();
      endpoint.close();
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#endpoint = undefined;
    });
    fillPanel(panel, extensionUri, { title: 'Graph', name: 'graph', reopen: commands.openGraph });
  }

  /** A run by the name of its folder; only those that are listed can be read. */
  async #find(id: string | undefined): Promise<StoredRun | undefined> {
    const runs = await this.context.store.list();
    return id === undefined ? runs[0] : runs.find(run => run.id === id);
  }

  async #filesOf(id: string): Promise<GraphFiles | undefined> {
    const run = await this.#find(id);
    if (run === undefined) return undefined;
    const { GraphFiles } = await import('../../history');
    if (this.#files?.folder !== run.folder) this.#files = new GraphFiles(run.folder);
    return this.#files;
  }

  async #shown(): Promise<ShownRun | null> {
    const run = (await this.#find(this.#run)) ?? (await this.#find(undefined));
    return run === undefined ? null : shown(run);
  }

  async #tell(): Promise<void> {
    if (this.#endpoint !== undefined) this.#endpoint.notify('show', { run: await this.#shown() });
  }
}
