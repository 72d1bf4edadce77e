/** What can be done with a module of a Python file: it is built and trained by the training process, as the file says. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Starter } from '../commands/starter';
import { Disposables } from '../common/disposables';
import { messageOf } from '../common/log';
import type { ChooseDataset } from '../datasets/choose-dataset';
import { ModuleGraphPanels } from '../graph/module-graph-panel';
import { runDefaults } from '../settings/settings';
import type { TrainingService } from '../training/training-service';
import { graphOf } from './module-builder';
import { moduleSchema } from './module-in-file';
import type { Readings } from './readings';
import { Refusals } from './refusals';

/** What the commands work with. */
export interface ModuleContext {
  readonly extensionUri: vscode.Uri;
  /** The trainer's bundle. */
  readonly trainer: string;
  readonly training: TrainingService;
  readonly starter: Starter;
  readonly chooseDataset: ChooseDataset;
  readonly readings: Readings;
}

/** What can be done with modules. */
export class ModuleCommands extends Disposables {
  readonly #graphs: ModuleGraphPanels;
  readonly #refusals = this.add(new Refusals());
  /** The document of the run in progress. */
  #trained: vscode.Uri | undefined;

  constructor(private readonly context: ModuleContext) {
    super();
    this.#graphs = this.add(new ModuleGraphPanels(context.extensionUri));
    this.add(
      context.training.onDidEnd(({ progress: { outcome } }) => {
        const trained = this.#trained;
        if (trained !== undefined && outcome?.event === 'error')
          this.#refusals.mark(trained, outcome.message);
        this.#trained = undefined;
      }),
    );
  }

  /** Builds a module and shows its graph. */
  async showGraph(given: unknown): Promise<void> {
    const { document, name, ...example } = moduleSchema.parse(given);
    const { file, text } = await this.#sourceOf(document);
    const progress = { location: vscode.ProgressLocation.Window, title: `Building ${name}…` };
    const { trainer } = this.context;
    const graph = await this.#marking(vscode.Uri.parse(document), async () =>
      vscode.window.withProgress(progress, () => graphOf(trainer, { file, text, name, ...example })),
    );
    const shape = [example.batch, ...example.sample].join(', ');
    const about = `${path.basename(file)} · for [${shape}] · not trained`;
    this.#graphs.show({ key: `${document}#${name}`, title: name, about, graph });
  }

  /** Trains a module on data that the person chooses. */
  async train(given: unknown): Promise<void> {
    const { document, name } = moduleSchema.parse(given);
    const { chooseDataset, starter } = this.context;
    const dataset = await chooseDataset({ ask: true, question: `What should ${name} be trained on?` });
    if (dataset === undefined) return;
    const { file, text } = await this.#sourceOf(document);
    // What the file says about its training comes before what the settings say about all runs.
    const { device, seed, threads, validation } = runDefaults();
    const own = { device, seed, threads, validation };
    const uri = vscode.Uri.parse(document);
    await this.#marking(uri, async () => {
      const begun = await starter.startWith({ ...own, dataset, python: { file, name, text } });
      if (begun) this.#trained = uri;
    });
  }

  async #sourceOf(document: string): Promise<{ readonly file: string; readonly text: string }> {
    return this.context.readings.sourceOf(
      await vscode.workspace.openTextDocument(vscode.Uri.parse(document)),
    );
  }

  /** Marks the line of which an error speaks. */
  async #marking<T>(document: vscode.Uri, body: () => Promise<T>): Promise<T> {
    this.#refusals.clear(document);
    try {
      return await body();
    } catch (error) {
      this.#refusals.mark(document, messageOf(error));
      throw error;
    }
  }
}
