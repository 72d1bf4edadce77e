/** The runs that are kept: the view in the sidebar, what can be done with them, and how many there are. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import type { Starter } from '../commands/starter';
import { Later, laterTree } from '../common/later';
import { registerCommand } from '../common/log';
import { followRunCount } from './run-count';
import type { RunStore } from './run-store';
import type { RunsView } from './runs-view';

/** Registers the view. */
export function registerRunsView(store: RunStore): RunsView {
  const items = new Later(async () => new (await import('./runs-view')).RunItems(store));
  return vscode.window.createTreeView('descent.runs', {
    treeDataProvider: laterTree(() => items.get()),
    canSelectMany: true,
  });
}

/** What the commands work with. */
export interface RunContext {
  readonly store: RunStore;
  readonly starter: Starter;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the commands, and tells VS Code when they apply. */
export function registerRuns({ store, starter, log }: RunContext): vscode.Disposable {
  const context = { store, starter };
  const doing = () => import('./run-commands');
  return vscode.Disposable.from(
    followRunCount(store),
    registerCommand(log, commands.resumeRun, async run => (await doing()).resume(context, run)),
    registerCommand(log, commands.deleteRun, async (run, all) => (await doing()).remove(context, run, all)),
    registerCommand(log, commands.renameRun, async run => (await doing()).rename(context, run)),
    registerCommand(log, commands.revealRun, async run => (await doing()).show(context, run)),
    registerCommand(log, commands.refreshRuns, () => store.refresh()),
  );
}
