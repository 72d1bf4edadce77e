/** Lines above every module of a Python file: what it comes to, and what can be done with it. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { moduleLine } from './hover-text';
import { exampleOf, type ModuleInFile } from './module-in-file';
import type { FoundModule } from './reading-contract';
import type { Readings } from './readings';

/** The lines above the modules of a document. */
export async function codeLenses(
  readings: Readings,
  document: vscode.TextDocument,
): Promise<vscode.CodeLens[]> {
  const reading = await readings.of(document);
  if (reading === undefined) return [];
  return reading.analysis.modules.flatMap(module => {
    const range = reading.rangeOf(module.range);
    return range === undefined
      ? []
      : linesAbove(module, document).map(command => new vscode.CodeLens(range, command));
  });
}

function linesAbove(module: FoundModule, { uri }: vscode.TextDocument): vscode.Command[] {
  const { name } = module;
  const chosen: ModuleInFile = { document: uri.toString(), name, ...exampleOf(module) };
  const title = moduleLine(module);
  return [
    ...(title === '' ? [] : [{ title, command: '' }]),
    {
      title: 'Show Graph',
      tooltip: `Build ${name} and show its grad_fn graph`,
      command: commands.showModuleGraph,
      arguments: [chosen],
    },
    {
      title: 'Train on…',
      tooltip: `Train ${name} on a folder of data, as this file trains it`,
      command: commands.trainModule,
      arguments: [chosen],
    },
  ];
}
