/** The log, and errors: a sentence for the person, the details for the log. */
import * as vscode from 'vscode';

/** Makes the output channel. */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel('Descent', { log: true });
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Shows an error with a way to its details. */
export async function showError(log: vscode.LogOutputChannel, message: string): Promise<void> {
  const show = 'Show Log';
  if ((await vscode.window.showErrorMessage(`Descent: ${message}`, show)) === show) log.show(true);
}

/** Registers a command whose errors are shown. */
export function registerCommand(
  log: vscode.LogOutputChannel,
  id: string,
  body: (...args: unknown[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await body(...args);
    } catch (error) {
      log.error(error instanceof Error ? error : String(error));
      void showError(log, messageOf(error));
      return undefined;
    }
  });
}
