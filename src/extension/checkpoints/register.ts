/** Checkpoints: the editors that open them, the commands for them, and what restores pages that compare two. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { Later } from '../common/later';
import { registerCommand } from '../common/log';
import { panelTypes } from '../common/panel-types';
import { restorePanels } from '../common/restore-panels';
import type { RunStore } from '../runs/run-store';
import { registerCheckpointEditors } from './checkpoint-editors';

/** What the features work with. */
export interface CheckpointContext {
  readonly extensionUri: vscode.Uri;
  readonly store: RunStore;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the editors and the commands. */
export function registerCheckpoints({ extensionUri, store, log }: CheckpointContext): vscode.Disposable {
  const doing = () => import('./checkpoint-commands');
  const panels = new Later(async () => {
    const { ComparisonPanels } = await import('./comparison-panels');
    return new ComparisonPanels(extensionUri, log);
  });
  const comparing = async () => ({ panels: await panels.get(), store });
  return vscode.Disposable.from(
    registerCheckpointEditors(extensionUri, log),
    registerCommand(log, commands.inspectCheckpoint, async file => (await doing()).inspect(file)),
    registerCommand(log, commands.compareCheckpoints, async (file, selected) =>
      (await doing()).compareAny(await comparing(), file, selected),
    ),
    registerCommand(log, commands.compareWithRun, async file =>
      (await doing()).compareWithRun(await comparing(), file),
    ),
    restorePanels(panelTypes.comparison, async (panel, state) => (await panels.get()).restore(panel, state)),
  );
}
