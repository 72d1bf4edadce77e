/** What a person is asked to steer the run in progress. */
import * as vscode from 'vscode';
import type { TrainingService } from '../training/training-service';

/** What is wrong with a learning rate, as the input box says it; undefined where nothing is. */
export function checkLearningRate(text: string): string | undefined {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return 'Expected a number, such as 0.05.';
  return value > 0 ? undefined : 'Expected a number above 0.';
}

/** Asks for the learning rate of the run in progress. */
export async function askLearningRate(training: TrainingService): Promise<void> {
  const current = training.learningRate;
  const text = await vscode.window.showInputBox({
    title: 'Learning Rate',
    prompt: 'Used from the next step on.',
    value: current === null ? '' : String(current),
    validateInput: checkLearningRate,
  });
  if (text !== undefined) await training.request('setLearningRate', { lr: Number(text) });
}
