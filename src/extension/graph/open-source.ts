/** Shows where a module of a graph is made in its Python file. */
import * as vscode from 'vscode';
import type { Graph, GraphModule } from '../../protocol/graph';

/** Where a module is made, where the graph knows it. */
export function sourceOf(graph: Graph | undefined, path: string | undefined): GraphModule['source'] {
  return path === undefined ? undefined : graph?.modules.find(module => module.path === path)?.source;
}

/** Opens the file at the line; says so where the graph does not know it. */
export async function openSource(graph: Graph | undefined, path: string | undefined): Promise<void> {
  const source = sourceOf(graph, path);
  if (source === undefined) throw new Error('where this module is made is not known');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(source.file));
  const line = Math.min(Math.max(0, source.line - 1), document.lineCount - 1);
  const { range } = document.lineAt(line);
  const column = vscode.ViewColumn.Active;
  await vscode.window.showTextDocument(document, { selection: range, viewColumn: column });
}
