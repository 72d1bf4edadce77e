/** What can be done with a module of a Python file: it is built and trained by the training process, as the file says. */
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { commands } from '../commands/ids';
import type { Starter } from '../commands/train';
import { messageOf, registerCommand } from '../common/log';
import { chooseDataset } from '../datasets/choose-dataset';
import type { Downloads } from '../datasets/download';
import { ModuleGraphPanels } from '../graph/module-graph-panel';
import { runDefaults } from '../settings/settings';
import type { TrainingService } from '../training/training-service';
import { graphOf } from './module-builder';
import type { FoundModule } from './reading-contract';
import type { Readings } from './readings';
import { Refusals } from './refusals';

const moduleSchema = z.object({
  document: z.string(),
  name: z.string(),
  /** The batch that it is given for its graph. */
  batch: z.number(),
  sample: z.array(z.number()),
  classes: z.number(),
});

/** A module: the document, as an address, its name there, and what it is given for its graph. */
export type ModuleInFile = z.infer<typeof moduleSchema>;

/** The side of an image of which nothing else is known. */
const usualSide = 28;
const usualBatch = 64;

/** What a module is given for its graph: what its file gives it, with usual sizes where the file does not fix them. */
export function exampleOf({ inputs, outputs }: FoundModule): Omit<ModuleInFile, 'document' | 'name'> {
  const [input] = inputs;
  const [batch, ...sizes] = input ?? [];
  const classes = outputs[0]?.at(-1);
  return {
    batch: typeof batch === 'number' ? batch : usualBatch,
    sample:
      input === undefined
        ? [1, usualSide, usualSide]
        : sizes.map(size => (typeof size === 'number' ? size : usualSide)),
    classes: typeof classes === 'number' ? classes : 10,
  };
}

/** What the commands work with. */
export interface ModuleContext {
  readonly extensionUri: vscode.Uri;
  /** The trainer's bundle. */
  readonly trainer: string;
  readonly training: TrainingService;
  readonly starter: Starter;
  readonly downloads: Downloads;
  readonly readings: Readings;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the commands. */
export function registerModuleCommands(context: ModuleContext): vscode.Disposable {
  const { extensionUri, trainer, training, starter, downloads, readings, log } = context;
  const graphs = new ModuleGraphPanels(extensionUri);
  const refusals = new Refusals();
  /** The document of the run in progress. */
  let trained: vscode.Uri | undefined;
  const marking = async <T>(document: vscode.Uri, body: () => Promise<T>): Promise<T> => {
    refusals.clear(document);
    try {
      return await body();
    } catch (error) {
      refusals.mark(document, messageOf(error));
      throw error;
    }
  };
  const sourceOf = async (document: string) =>
    readings.sourceOf(await vscode.workspace.openTextDocument(vscode.Uri.parse(document)));
  const showGraph = async (given: unknown) => {
    const { document, name, ...example } = moduleSchema.parse(given);
    const { file, text } = await sourceOf(document);
    const progress = { location: vscode.ProgressLocation.Window, title: `Building ${name}…` };
    const graph = await marking(vscode.Uri.parse(document), async () =>
      vscode.window.withProgress(progress, () => graphOf(trainer, { file, text, name, ...example })),
    );
    const shape = [example.batch, ...example.sample].join(', ');
    const about = `${path.basename(file)} · for [${shape}] · not trained`;
    graphs.show({ key: `${document}#${name}`, title: name, about, graph });
  };
  const train = async (given: unknown) => {
    const { document, name } = moduleSchema.parse(given);
    const dataset = await chooseDataset(downloads, {
      ask: true,
      question: `What should ${name} be trained on?`,
    });
    if (dataset === undefined) return;
    const { file, text } = await sourceOf(document);
    // What the file says about its training comes before what the settings say about all runs.
    const { device, seed, threads, validation } = runDefaults();
    const own = { device, seed, threads, validation };
    const uri = vscode.Uri.parse(document);
    await marking(uri, async () => {
      const begun = await starter.startWith({ ...own, dataset, python: { file, name, text } });
      if (begun) trained = uri;
    });
  };
  return vscode.Disposable.from(
    graphs,
    refusals,
    training.onDidEnd(({ progress: { outcome } }) => {
      if (trained !== undefined && outcome?.event === 'error') refusals.mark(trained, outcome.message);
      trained = undefined;
    }),
    registerCommand(log, commands.showModuleGraph, showGraph),
    registerCommand(log, commands.trainModule, train),
  );
}
