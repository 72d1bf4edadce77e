/** Hovers in Python: the shape of the expression under the pointer. */
import * as vscode from 'vscode';
import { hoverText } from './hover-text';
import { occurrenceAt, type Readings } from './readings';

/** What is said of a place in a document; undefined where nothing is known. */
export async function hoverAt(
  readings: Readings,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const reading = await readings.of(document);
  if (reading === undefined) return undefined;
  const found = occurrenceAt(reading, position);
  if (found === undefined) return undefined;
  const text = new vscode.MarkdownString(hoverText(found.occurrence, reading.analysis.modules));
  return new vscode.Hover(text, found.range);
}
