/** The dashboard: one panel beside the editors, which shows live runs and those of yesterday. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { DashboardHost } from '../../history';
import type { ControlMessage } from '../../protocol/dashboard';
import { commands } from '../commands/ids';
import { Disposables } from '../common/disposables';
import { fillPanel, panelOptions } from '../common/page-panel';
import { panelTypes } from '../common/panel-types';
import type { NodeChoice } from '../graph/node-choice';
import { openSource } from '../graph/open-source';
import type { RunStore } from '../runs/run-store';
import type { TrainingService } from '../training/training-service';
import { saveFile } from './save-file';

const page = { title: 'Descent', name: 'dashboard', reopen: commands.openDashboard };

/** What the dashboard works with. */
export interface DashboardContext {
  readonly extensionUri: vscode.Uri;
  readonly training: TrainingService;
  readonly store: RunStore;
  readonly nodes: NodeChoice;
}

async function control(training: TrainingService, message: ControlMessage): Promise<void> {
  if (message.action === 'learning-rate') await training.request('setLearningRate', { lr: message.value });
  else if (message.action === 'pause') await training.request('pause', {});
  else if (message.action === 'resume') await training.request('continue', {});
  else if (message.action === 'step') await training.request('step', { count: 1 });
  else await training.stop();
}

/** Shows the panel, and carries what runs tell to it. */
export class Dashboard extends Disposables {
  #panel: vscode.WebviewPanel | undefined;
  #host: DashboardHost | undefined;
  #folder = '';

  constructor(private readonly context: DashboardContext) {
    super();
    const { training, nodes } = context;
    this.add(
      training.onEvents(events => {
        for (const event of events) this.#host?.publish(event);
      }),
    );
    this.add(training.onDidChange(() => this.#tellChange()));
    this.add(
      training.onDidEnd(({ progress }) => {
        // A process that crashed has told of no end.
        if (progress.outcome === undefined) this.#host?.publish({ event: 'error', message: 'crashed' });
      }),
    );
    this.add(nodes.onDidSelectInTree(({ run, node }) => void this.#host?.showNode(run, node)));
    this.add(context.store.onDidRename(({ from, to }) => this.#host?.renamed(from, to)));
    this.add({ dispose: () => this.#host?.close() });
  }

  /**
   * Shows the panel and in it, where folders of runs are given, the first of them with the others drawn beside it.
   * @param node of the first run's graph, if that is what is to be seen
   */
  async open(
    runs: readonly string[] = [],
    { preserveFocus = false, node = null }: { preserveFocus?: boolean; node?: number | null } = {},
  ): Promise<void> {
    if (this.#panel === undefined) {
      const column = { viewColumn: vscode.ViewColumn.Active, preserveFocus };
      const { extensionUri } = this.context;
      const options = panelOptions(extensionUri);
      this.take(vscode.window.createWebviewPanel(panelTypes.dashboard, 'Descent', column, options));
    } else this.#panel.reveal(undefined, preserveFocus);
    if (runs.length > 0) {
      (await this.#hostOf()).show(
        runs.map(run => path.basename(run)),
        node,
      );
    }
  }

  /** Fills a panel that was made, or one that VS Code has restored after a reload. */
  async take(panel: vscode.WebviewPanel): Promise<void> {
    this.#panel?.dispose();
    this.#panel = panel;
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    // What reads runs is loaded while the editor loads the page.
    const link = this.#hostOf().then(host =>
      host.connect(message => void panel.webview.postMessage(message)),
    );
    const messages = panel.webview.onDidReceiveMessage(async (message: unknown) => {
      (await link).receive(message);
    });
    panel.onDidDispose(async () => {
      messages.dispose();
      (await link).close();
    });
    fillPanel(panel, this.context.extensionUri, page);
    await link;
  }

  /** The host of the folder of runs, which the person may have changed. */
  async #hostOf(): Promise<DashboardHost> {
    const { DashboardHost } = await import('../../history');
    const { store, training, nodes } = this.context;
    if (this.#host !== undefined && this.#folder === store.folder) return this.#host;
    this.#host?.close();
    this.#folder = store.folder;
    this.#host = new DashboardHost(store.folder, {
      onControl: message => control(training, message),
      onShow: run => nodes.showRun(run),
      onChooseNode: (run, node) => nodes.chooseOnPage({ run, node }),
      onOpenSource: openSource,
      onTrain: async () => void (await vscode.commands.executeCommand(commands.trainMnist)),
      onSave: file => saveFile(file, vscode.workspace.workspaceFolders?.[0]?.uri),
    });
    const { start } = training.progress;
    if (training.active && start !== undefined) this.#host.publish(start);
    this.#tellChange();
    return this.#host;
  }

  #tellChange(): void {
    const { phase, learningRate } = this.context.training;
    if (phase !== 'running' && phase !== 'paused') return;
    const rate = learningRate === null ? {} : { learningRate };
    this.#host?.publish({ event: 'change', paused: phase === 'paused', ...rate });
  }
}
