/** Which documents are read: those in Python that speak of PyTorch. Most Python is about something else and costs nothing. */
import * as vscode from 'vscode';

/** Python, in files, unsaved and in notebooks; what has no path has no imports. */
export const pythonDocuments: vscode.DocumentSelector = [
  { language: 'python', scheme: 'file' },
  { language: 'python', scheme: 'untitled' },
  { language: 'python', scheme: 'vscode-notebook-cell' },
];

/** The notebook that a document is a cell of. */
export function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  return vscode.workspace.notebookDocuments.find(notebook =>
    notebook.getCells().some(cell => cell.document === document),
  );
}

/** Whether a text speaks of PyTorch. */
export function isAboutTorch(text: string): boolean {
  return /\btorch\b/.test(text);
}

/** Whether a document is in Python and it, or another cell of its notebook, speaks of PyTorch. */
export function isRead(document: vscode.TextDocument): boolean {
  if (vscode.languages.match(pythonDocuments, document) === 0) return false;
  const cells = notebookOf(document)?.getCells() ?? [{ document }];
  return cells.some(cell => isAboutTorch(cell.document.getText()));
}
