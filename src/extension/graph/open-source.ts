/** Shows where a module of a graph is made in its Python file. */
import * as vscode from 'vscode';
import type { Graph } from '../../protocol/graph';

/** Opens the file at the line; says so where the graph does not know it. */
export async function openSource(graph: Graph | undefined, path: string): Promise<void> {
  const source = graph?.modules.find(module => module.path === path)?.source;
  if (source === undefined) throw new Error('where this module is made is not known');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(source.file));
  const line = Math.min(Math.max(0, source.line - 1), document.lineCount - 1);
  const { range } = document.lineAt(line);
  const column = vscode.ViewColumn.Active;
  await vscode.window.showTextDocument(document, { selection: range, viewColumn: column });
}
