/** Shapes behind the names that are given a value, for those who want to see them all the time. */
import * as vscode from 'vscode';
import { assignedTensors } from './assignments';
import { hoverText, shortShapesText } from './hover-text';
import { pythonDocuments, type Readings } from './readings';

/** The setting that turns them on. */
const setting = 'python.inlayHints';

/** Registers the hints. */
export function registerInlayHints(readings: Readings): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    async provideInlayHints(document, visible) {
      if (vscode.workspace.getConfiguration('descent', document).get(setting) !== true) return [];
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
          const hint = new vscode.InlayHint(
            range.end,
            `: ${shortShapesText(one.shapes)}`,
            vscode.InlayHintKind.Type,
          );
          hint.tooltip = new vscode.MarkdownString(hoverText(one, modules));
          return hint;
        });
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.languages.registerInlayHintsProvider(pythonDocuments, provider),
    vscode.workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration(`descent.${setting}`)) changed.fire();
    }),
  );
}
