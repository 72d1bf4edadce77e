/** Panels that VS Code restores after a reload of the window. */
import * as vscode from 'vscode';

/**
 * Has panels restored.
 * @param viewType their type
 * @param restore fills one of them; `state` is what its page has kept
 */
export function restorePanels(
  viewType: string,
  restore: (panel: vscode.WebviewPanel, state: unknown) => Promise<void>,
): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(viewType, {
    deserializeWebviewPanel: (panel, state: unknown) => restore(panel, state),
  });
}
