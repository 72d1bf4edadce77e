/** The dashboard: one panel beside the editors, which shows live runs and those of yesterday. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { DashboardHost } from '../../history';
import type { ControlMessage } from '../../protocol/dashboard';
import { commands } from '../commands/ids';
import { Disposables } from '../common/disposables';
import { registerCommand } from '../common/log';
import { fillPanel, panelOptions } from '../common/page-panel';
import type { NodeChoice } from '../graph/node-choice';
import { openSource } from '../graph/open-source';
import { runPick } from '../runs/run-commands';
import type { RunStore, StoredRun } from '../runs/run-store';
import { keepFocus, type RunsView, runsOf } from '../runs/runs-view';
import type { TrainingService } from '../training/training-service';
import { saveFile } from './save-file';

/** The panel's type, by which VS Code restores it. */
const viewType = 'descent.dashboard';
const page = { title: 'Descent', name: 'dashboard', reopen: commands.openDashboard };

/** What the dashboard works with. */
export interface DashboardContext {
  readonly extensionUri: vscode.Uri;
  readonly training: TrainingService;
  readonly store: RunStore;
  readonly runs: RunsView;
  readonly nodes: NodeChoice;
  readonly log: vscode.LogOutputChannel;
}

async function control(training: TrainingService, message: ControlMessage): Promise<void> {
  if (message.action === 'learning-rate') await training.request('setLearningRate', { lr: message.value });
  else if (message.action === 'pause') await training.request('pause', {});
  else if (message.action === 'resume') await training.request('continue', {});
  else if (message.action === 'step') await training.request('step', { count: 1 });
  else await training.stop();
}

/** Shows the panel, and carries what runs tell to it. */
class Dashboard extends Disposables {
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
    this.add(nodes.onDidOpen(({ run, node }) => void this.open([run], { node })));
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
      this.take(vscode.window.createWebviewPanel(viewType, 'Descent', column, panelOptions(extensionUri)));
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
    let gone = false;
    panel.onDidDispose(() => {
      gone = true;
      if (this.#panel === panel) this.#panel = undefined;
    });
    const host = await this.#hostOf();
    if (gone) return;
    const link = host.connect(message => void panel.webview.postMessage(message));
    const messages = panel.webview.onDidReceiveMessage((message: unknown) => link.receive(message));
    panel.onDidDispose(() => {
      link.close();
      messages.dispose();
    });
    fillPanel(panel, this.context.extensionUri, page);
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

/** The runs to compare: those that were pointed at, those that are selected in the view, or those that are chosen. */
async function comparedRuns(
  { runs, store }: DashboardContext,
  argument: unknown,
  selected: unknown,
): Promise<StoredRun[]> {
  const pointedAt = runsOf(argument, selected);
  if (pointedAt.length > 1) return pointedAt;
  if (runs.visible && runs.selection.length > 1) return runs.selection.map(({ run }) => run);
  const options = { title: 'Compare in Dashboard', matchOnDetail: true, canPickMany: true } as const;
  const items = (await store.list()).map(run => ({ ...runPick(run), picked: run.id === pointedAt[0]?.id }));
  return ((await vscode.window.showQuickPick(items, options)) ?? []).map(({ run }) => run);
}

/** Registers the commands, and what restores the panel after a reload of the window. */
export function registerDashboard(context: DashboardContext): vscode.Disposable {
  const dashboard = new Dashboard(context);
  const open = async (argument: unknown, selected: unknown) => {
    // A run that is clicked in the sidebar is shown as a file is: the focus stays where it was.
    if (typeof argument === 'string')
      await dashboard.open([argument], { preserveFocus: selected === keepFocus });
    else await dashboard.open(runsOf(argument, selected).map(({ folder }) => folder));
  };
  const compare = async (argument: unknown, selected: unknown) => {
    const runs = await comparedRuns(context, argument, selected);
    if (runs.length > 0) await dashboard.open(runs.map(({ folder }) => folder));
  };
  return vscode.Disposable.from(
    dashboard,
    registerCommand(context.log, commands.openDashboard, open),
    registerCommand(context.log, commands.compareRuns, compare),
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: panel => dashboard.take(panel),
    }),
  );
}
