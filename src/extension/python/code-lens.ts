/** A line above every module of a Python file: how much it learns, and from which shape to which it leads. */
import * as vscode from 'vscode';
import { moduleLine } from './hover-text';
import { pythonDocuments, type Readings } from './readings';

/** Registers the lines. */
export function registerCodeLens(readings: Readings): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(pythonDocuments, {
    async provideCodeLenses(document) {
      const reading = await readings.of(document);
      if (reading === undefined) return [];
      return reading.analysis.modules.flatMap(module => {
        const range = reading.rangeOf(module.range);
        const title = moduleLine(module);
        return range === undefined || title === ''
          ? []
          : [new vscode.CodeLens(range, { title, command: '' })];
      });
    },
  });
}
