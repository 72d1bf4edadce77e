/** The panels that hold pages: what a page may load, and the document itself. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from '../../protocol/page';
import { isPing, pongMessage } from '../../protocol/pulse';

/** A page as the build makes it. */
export interface Page {
  readonly title: string;
  /** What its script and its styles are called. */
  readonly name: string;
  /** The command that opens it anew, where there is one that needs to know nothing. */
  readonly reopen?: string;
}

function pagesOf(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

/**
 * What a page may do: run its own script, and load nothing from outside its folder.
 * @param reopen the one command that it may run by a link
 */
export function panelOptions(extensionUri: vscode.Uri, reopen?: string): vscode.WebviewOptions {
  return {
    enableScripts: true,
    localResourceRoots: [pagesOf(extensionUri)],
    ...(reopen !== undefined && { enableCommandUris: [reopen] }),
  };
}

/** Tells a page that asks that somebody is there. */
function answerPulse({ webview, onDidDispose }: vscode.WebviewPanel): void {
  const messages = webview.onDidReceiveMessage((message: unknown) => {
    if (isPing(message)) void webview.postMessage(pongMessage);
  });
  onDidDispose(() => messages.dispose());
}

/** Puts a page into a panel. */
export function fillPanel(
  panel: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  { title, name, reopen }: Page,
): void {
  const { webview } = panel;
  const pages = pagesOf(extensionUri);
  const address = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(pages, file)).toString();
  webview.options = panelOptions(extensionUri, reopen);
  answerPulse(panel);
  panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
  webview.html = pageHtml({
    title,
    scripts: [address(`${name}.js`)],
    styles: [address(`${name}-style.css`)],
    nonce: randomBytes(16).toString('base64'),
    source: webview.cspSource,
    ...(reopen !== undefined && { reopen: `command:${reopen}` }),
  });
}
