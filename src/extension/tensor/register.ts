/** The panel of tensors: the command that shows it, and what restores it after a reload of the window. */
import * as vscode from 'vscode';
import { commands, keepFocus } from '../commands/ids';
import { Later } from '../common/later';
import { registerCommand } from '../common/log';
import { panelTypes } from '../common/panel-types';
import { restorePanels } from '../common/restore-panels';
import type { TrainingService } from '../training/training-service';

/** What the panel works with. */
export interface TensorContext {
  readonly extensionUri: vscode.Uri;
  readonly training: TrainingService;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the command. */
export function registerTensorPanel({ extensionUri, training, log }: TensorContext): vscode.Disposable {
  const panel = new Later(async () => {
    const { TensorPanel } = await import('./tensor-panel');
    return new TensorPanel(extensionUri, training);
  });
  return vscode.Disposable.from(
    panel,
    registerCommand(log, commands.inspectTensor, async (tensor, focus) =>
      (await panel.get()).open(tensor, focus === keepFocus),
    ),
    restorePanels(panelTypes.tensor, async restored => (await panel.get()).take(restored)),
  );
}
