/** Lines above every module of a Python file: what it comes to, and what can be done with it. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { moduleLine } from './hover-text';
import type { ModuleInFile } from './module-commands';
import { pythonDocuments, type Readings } from './readings';

/** Registers the lines. */
export function registerCodeLens(readings: Readings): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(pythonDocuments, {
    async provideCodeLenses(document) {
      const reading = await readings.of(document);
      if (reading === undefined) return [];
      return reading.analysis.modules.flatMap(module => {
        const range = reading.rangeOf(module.range);
        if (range === undefined) return [];
        const title = moduleLine(module);
        const chosen: ModuleInFile = { document: document.uri.toString(), name: module.name };
        const lens = (text: string, command: string, tooltip: string) =>
          new vscode.CodeLens(range, { title: text, command, tooltip, arguments: [chosen] });
        return [
          ...(title === '' ? [] : [new vscode.CodeLens(range, { title, command: '' })]),
          lens(
            'Train on…',
            commands.trainModule,
            `Train ${module.name} on a folder of data, as this file trains it`,
          ),
        ];
      });
    },
  });
}
