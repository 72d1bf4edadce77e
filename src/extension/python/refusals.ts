/** Marks the line of a module that could not be built or trained, until the file is changed or it is tried again. */
import path from 'node:path';
import * as vscode from 'vscode';

/** The file, the line from 1 and the sentence of a message such as `net.py:12: …`; undefined for any other message. */
export function placeIn(
  message: string,
): { readonly file: string; readonly line: number; readonly sentence: string } | undefined {
  const [, file, line, sentence] = /^([^:]+):(\d+): (.+)$/.exec(message) ?? [];
  if (file === undefined || line === undefined || sentence === undefined) return undefined;
  return { file, line: Number(line), sentence };
}

/** The marks. */
export class Refusals implements vscode.Disposable {
  readonly #marks = vscode.languages.createDiagnosticCollection('descent-module');
  readonly #changes = vscode.workspace.onDidChangeTextDocument(({ document }) =>
    this.#marks.delete(document.uri),
  );

  /** Takes the marks of a document away. */
  clear(document: vscode.Uri): void {
    this.#marks.delete(document);
  }

  /** Marks what a message names, if it is in this document; the cells of a notebook have other lines. */
  mark(uri: vscode.Uri, message: string): void {
    const place = placeIn(message);
    const document = vscode.workspace.textDocuments.find(one => one.uri.toString() === uri.toString());
    if (place === undefined || document === undefined || uri.scheme === 'vscode-notebook-cell') return;
    if (place.file !== path.basename(uri.fsPath) || place.line > document.lineCount) return;
    const { range, firstNonWhitespaceCharacterIndex: first } = document.lineAt(place.line - 1);
    const mark = new vscode.Diagnostic(
      range.with(range.start.translate(0, first)),
      `This cannot be trained: ${place.sentence}`,
      vscode.DiagnosticSeverity.Warning,
    );
    mark.source = 'Descent';
    this.#marks.set(uri, [mark]);
  }

  dispose(): void {
    this.#changes.dispose();
    this.#marks.dispose();
  }
}
