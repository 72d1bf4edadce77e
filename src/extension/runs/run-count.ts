/** Tells VS Code how many runs there are, so that it offers commands for runs where there are some. */
import * as vscode from 'vscode';
import type { RunStore } from './run-store';

/** Counts now, and whenever runs come or go. */
export function followRunCount(store: RunStore): vscode.Disposable {
  let told: number | undefined;
  const count = async () => {
    const now = await store.count();
    if (now === told) return;
    told = now;
    await vscode.commands.executeCommand('setContext', 'descent.runCount', now);
    await vscode.commands.executeCommand('setContext', 'descent.runsCounted', true);
  };
  // Not as a part of activation.
  const first = setTimeout(() => void count(), 0);
  return vscode.Disposable.from(
    store.onDidChange(() => void count()),
    {
      dispose: () => clearTimeout(first),
    },
  );
}
