/** The panel that holds the dashboard's page: what the page may load, and the document itself. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from '../../protocol/page';

/** The panel's type, by which VS Code restores it. */
export const viewType = 'descent.dashboard';

function pagesOf(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/** What the page may do: run its own script, and load nothing from outside its folder. */
export function panelOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [pagesOf(extensionUri)] };
}

/** Puts the page into a panel. */
export function fillPanel(panel: vscode.WebviewPanel, extensionUri: vscode.Uri): void {
  const { webview } = panel;
  const pages = pagesOf(extensionUri);
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(pages, name)).toString();
  webview.options = panelOptions(extensionUri);
  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
  webview.html = pageHtml({
    title: 'Descent',
    scripts: [address('dashboard.js')],
    styles: [address('dashboard-style.css')],
    nonce: randomBytes(16).toString('base64'),
    source: webview.cspSource,
  });
}
