/** The entrance of the extension: registers the features, and nothing else. */
import type * as vscode from 'vscode';
import { registerFeatures } from './extension/features';

/** Called by VS Code when something of the extension is used for the first time. */
export function activate(context: vscode.ExtensionContext): void {
  registerFeatures(context);
}
