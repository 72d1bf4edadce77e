/** Evaluations of checkpoints: the command, and what restores its pages after a reload of the window. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { Later } from '../common/later';
import { registerCommand } from '../common/log';
import { panelTypes } from '../common/panel-types';
import { restorePanels } from '../common/restore-panels';
import type { EvaluateContext } from './evaluate-command';

/** Registers the command. */
export function registerEvaluation(context: EvaluateContext): vscode.Disposable {
  const evaluation = new Later(async () => {
    const { Evaluation } = await import('./evaluate-command');
    return new Evaluation(context);
  });
  return vscode.Disposable.from(
    evaluation,
    registerCommand(context.log, commands.evaluateCheckpoint, async checkpoint =>
      (await evaluation.get()).evaluate(checkpoint),
    ),
    restorePanels(panelTypes.evaluation, async (panel, state) =>
      (await evaluation.get()).restore(panel, state),
    ),
  );
}
