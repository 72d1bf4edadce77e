/** Shapes behind the names that are given a value, for those who want to see them all the time. */
import * as vscode from 'vscode';
import { assignedTensors } from './assignments';
import { hoverText, shortShapesText } from './hover-text';
import type { Readings } from './readings';

/** The shapes behind the names that are given a value in a part of a document. */
export async function inlayHints(
  readings: Readings,
  document: vscode.TextDocument,
  visible: vscode.Range,
): Promise<vscode.InlayHint[]> {
  const reading = await readings.of(document);
  if (reading === undefined) return [];
  const { occurrences, modules } = reading.analysis;
  const here = occurrences.flatMap(one => {
    const range = reading.rangeOf(one.range);
    return range !== undefined && visible.contains(range) ? [{ one, range }] : [];
  });
  const lines = new Map(
    here.map(({ one, range }) => [one.range.start.line, document.lineAt(range.start.line).text]),
  );
  const assigned = new Set(
    assignedTensors(
      here.map(({ one }) => one),
      line => lines.get(line) ?? '',
    ),
  );
  return here
    .filter(({ one }) => assigned.has(one))
    .map(({ one, range }) => {
      const text = `: ${shortShapesText(one.shapes)}`;
      const hint = new vscode.InlayHint(range.end, text, vscode.InlayHintKind.Type);
      hint.tooltip = new vscode.MarkdownString(hoverText(one, modules));
      return hint;
    });
}
