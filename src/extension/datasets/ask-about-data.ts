/** Asks a person what only they can tell about their data, and keeps the answer in the `descent.json` beside it. */
import * as vscode from 'vscode';
import { keepOptions } from '../../data/descent-json';
import { dataOptionsSchema } from '../../data/options';
import type { DataQuestionWords } from '../../protocol/training-events';

/** Whether there is an answer now. */
export async function askAboutData(
  message: string,
  { folder, choices }: DataQuestionWords,
): Promise<boolean> {
  const items = choices.map(({ label, description = '', options }) => ({ label, description, options }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'How Is This Data to Be Read?',
    placeHolder: message,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  if (chosen === undefined) return false;
  keepOptions(folder, dataOptionsSchema.parse(chosen.options));
  return true;
}
