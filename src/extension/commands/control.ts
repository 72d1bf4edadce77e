/** The commands that steer the run in progress. */
import * as vscode from 'vscode';
import { registerCommand } from '../common/log';
import type { TrainingService } from '../training/training-service';
import { commands } from './ids';

/** What is wrong with a learning rate, as the input box says it; undefined where nothing is. */
export function checkLearningRate(text: string): string | undefined {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return 'Expected a number, such as 0.05.';
  return value > 0 ? undefined : 'Expected a number above 0.';
}

async function askLearningRate(training: TrainingService): Promise<void> {
  const current = training.learningRate;
  const text = await vscode.window.showInputBox({
    title: 'Learning Rate',
    prompt: 'Used from the next step on.',
    value: current === null ? '' : String(current),
    validateInput: checkLearningRate,
  });
  if (text !== undefined) await training.request('setLearningRate', { lr: Number(text) });
}

/** Registers the commands. */
export function registerControls(training: TrainingService, log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(log, commands.pause, () => training.request('pause', {})),
    registerCommand(log, commands.continue, () => training.request('continue', {})),
    registerCommand(log, commands.step, () => training.request('step', { count: 1 })),
    registerCommand(log, commands.stop, () => training.stop()),
    registerCommand(log, commands.setLearningRate, () => askLearningRate(training)),
    registerCommand(log, commands.showLog, () => log.show()),
  );
}
