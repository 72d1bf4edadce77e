/** The dashboard: the commands that show it, and what restores it after a reload of the window. */
import * as vscode from 'vscode';
import { commands, keepFocus } from '../commands/ids';
import { Later } from '../common/later';
import { registerCommand } from '../common/log';
import { panelTypes } from '../common/panel-types';
import { restorePanels } from '../common/restore-panels';
import type { RunsView } from '../runs/runs-view';
import type { DashboardContext } from './dashboard';

/** What the commands work with. */
export interface DashboardCommandContext extends DashboardContext {
  readonly runs: RunsView;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the commands. */
export function registerDashboard(context: DashboardCommandContext): vscode.Disposable {
  const dashboard = new Later(async () => {
    const { Dashboard } = await import('./dashboard');
    return new Dashboard(context);
  });
  const open = async (argument: unknown, selected: unknown) => {
    if (typeof argument === 'string') {
      // A run that is clicked in the sidebar is shown as a file is: the focus stays where it was.
      await (await dashboard.get()).open([argument], { preserveFocus: selected === keepFocus });
      return;
    }
    const folders =
      argument === undefined ? [] : (await import('./runs-to-show')).foldersOf(argument, selected);
    await (await dashboard.get()).open(folders);
  };
  const compare = async (argument: unknown, selected: unknown) => {
    const { comparedRuns } = await import('./runs-to-show');
    const runs = await comparedRuns(context, argument, selected);
    if (runs.length > 0) await (await dashboard.get()).open(runs.map(({ folder }) => folder));
  };
  return vscode.Disposable.from(
    dashboard,
    context.nodes.onDidOpen(async ({ run, node }) => (await dashboard.get()).open([run], { node })),
    registerCommand(context.log, commands.openDashboard, open),
    registerCommand(context.log, commands.compareRuns, compare),
    restorePanels(panelTypes.dashboard, async panel => (await dashboard.get()).take(panel)),
  );
}
