/** Hovers in Python: the shape of the expression under the pointer. */
import * as vscode from 'vscode';
import { hoverText } from './hover-text';
import { occurrenceAt, pythonDocuments, type Readings } from './readings';

/** Registers the hovers. */
export function registerHover(readings: Readings): vscode.Disposable {
  return vscode.languages.registerHoverProvider(pythonDocuments, {
    async provideHover(document, position) {
      const reading = await readings.of(document);
      if (reading === undefined) return undefined;
      const found = occurrenceAt(reading, position);
      if (found === undefined) return undefined;
      const text = new vscode.MarkdownString(hoverText(found.occurrence, reading.analysis.modules));
      return new vscode.Hover(text, found.range);
    },
  });
}
