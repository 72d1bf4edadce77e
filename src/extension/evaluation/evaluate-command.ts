/** *Evaluate Checkpoint…*: which file, on which data, and how it is meant where it does not say so. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { activationNames, type ScalingName, scalingNames } from '../../protocol/choices';
import type { EditorOrder, PageSubject } from '../../protocol/evaluation-page';
import { chooseCheckpoint } from '../checkpoints/choose-checkpoint';
import { Disposables } from '../common/disposables';
import type { ChooseDataset } from '../datasets/choose-dataset';
import { EvaluationPanels } from './evaluation-panels';

/** What the command works with. */
export interface EvaluateContext {
  readonly extensionUri: vscode.Uri;
  readonly chooseDataset: ChooseDataset;
  /** Where it is remembered on which data a file was evaluated. */
  readonly memory: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

const title = 'Evaluate Checkpoint';
const memoryKey = 'descent.evaluationData';
const memorySchema = z.record(z.string(), z.nullable(z.string()));

const scalingTexts: Readonly<Record<ScalingName, string>> = {
  unit: 'from 0 to 1',
  mnist: "normalised with MNIST's mean 0.1307 and standard deviation 0.3081",
  data: 'normalised with the mean and standard deviation of the training set',
  symmetric: 'from −1 to 1',
  bytes: 'from 0 to 255',
  inverted: 'from 1 for black to 0 for white',
};

/** Whether the file is a checkpoint of a run, which knows its data. */
async function isOfRun(file: string): Promise<boolean> {
  const run = path.join(path.dirname(file), '..', 'run.json');
  return access(run).then(
    () => true,
    () => false,
  );
}

/** Asks on which data, with what was chosen for this file before in front. */
async function askData(
  { chooseDataset, memory }: EvaluateContext,
  file: string,
): Promise<string | null | undefined> {
  const { data: known = {} } = memorySchema.safeParse(memory.get(memoryKey));
  const folder = await chooseDataset({ ask: true, question: 'What should it be evaluated on?' });
  if (folder !== undefined) await memory.update(memoryKey, { ...known, [file]: folder });
  return folder;
}

function rememberedData({ memory }: EvaluateContext, file: string): string | null | undefined {
  const { data: known = {} } = memorySchema.safeParse(memory.get(memoryKey));
  return known[file];
}

/** How the model is meant; undefined for what is to be found out. */
async function askReading(subject: PageSubject): Promise<PageSubject | undefined> {
  const open = { label: 'Find out', description: 'by trying on the training set', value: undefined };
  const activation = await vscode.window.showQuickPick(
    [open, ...activationNames.map(value => ({ label: value, description: '', value }))],
    { title, placeHolder: 'What stands between the layers?' },
  );
  if (activation === undefined) return undefined;
  const scaling = await vscode.window.showQuickPick(
    [open, ...scalingNames.map(value => ({ label: value, description: scalingTexts[value], value }))],
    { title, placeHolder: 'How are pixels scaled?' },
  );
  if (scaling === undefined) return undefined;
  const choices = {
    ...(activation.value !== undefined && { activation: activation.value }),
    ...(scaling.value !== undefined && { scaling: scaling.value }),
  };
  return { ...subject, choices };
}

/** The command, and the pages that it shows. */
export class Evaluation extends Disposables {
  readonly #panels: EvaluationPanels;

  constructor(private readonly context: EvaluateContext) {
    super();
    const { extensionUri, log } = context;
    const module = vscode.Uri.joinPath(extensionUri, 'dist', 'trainer.js').fsPath;
    const change = (order: EditorOrder, subject: PageSubject) => this.#change(order, subject);
    this.#panels = this.add(new EvaluationPanels({ extensionUri, module, log, change }));
  }

  /** Evaluates a checkpoint, which is asked for where none is given. */
  async evaluate(argument: unknown): Promise<void> {
    const file = await chooseCheckpoint(argument, title);
    if (file === undefined) return;
    if (await isOfRun(file)) {
      this.#panels.show({ file });
      return;
    }
    const known = rememberedData(this.context, file);
    const folder = known === undefined ? await askData(this.context, file) : known;
    if (folder !== undefined) this.#panels.show({ file, folder });
  }

  /** Fills a panel that VS Code has restored after a reload. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    this.#panels.restore(panel, state);
  }

  async #change(order: EditorOrder, subject: PageSubject): Promise<PageSubject | undefined> {
    if (order.kind === 'choose-reading') return askReading(subject);
    const folder = await askData(this.context, subject.file);
    return folder === undefined ? undefined : { ...subject, folder };
  }
}
