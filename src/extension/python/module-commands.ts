/** What can be done with a module of a Python file: it is built and trained by the training process, as the file says. */
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { commands } from '../commands/ids';
import type { Starter } from '../commands/train';
import { registerCommand } from '../common/log';
import { chooseDataset } from '../datasets/choose-dataset';
import type { Downloads } from '../datasets/download';
import { runDefaults } from '../settings/settings';
import type { Readings } from './readings';

const moduleSchema = z.object({ document: z.string(), name: z.string() });

/** A module: the document, as an address, and its name there. */
export type ModuleInFile = z.infer<typeof moduleSchema>;

/** What the commands work with. */
export interface ModuleContext {
  readonly starter: Starter;
  readonly downloads: Downloads;
  readonly readings: Readings;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the commands. */
export function registerModuleCommands({
  starter,
  downloads,
  readings,
  log,
}: ModuleContext): vscode.Disposable {
  return registerCommand(log, commands.trainModule, async given => {
    const { document, name } = moduleSchema.parse(given);
    const dataset = await chooseDataset(downloads, {
      ask: true,
      question: `What should ${name} be trained on?`,
    });
    if (dataset === undefined) return;
    const opened = await vscode.workspace.openTextDocument(vscode.Uri.parse(document));
    const { file, text } = readings.sourceOf(opened);
    // What the file says about its training comes before what the settings say about all runs.
    const { device, seed, threads, validation } = runDefaults();
    const own = { device, seed, threads, validation };
    await starter.startWith({ ...own, dataset, python: { file, name, text } });
  });
}
