/** The commands for checkpoints: look into one, compare two. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { registerCommand } from '../common/log';
import { runPick } from '../runs/run-commands';
import type { RunStore } from '../runs/run-store';
import { RunItem, runsOf } from '../runs/runs-view';
import { checkpointEditor, openedCheckpoint } from './checkpoint-editor';
import { chooseCheckpoint, chooseFile, chooseOfRun } from './choose-checkpoint';
import { ComparisonPanels } from './comparison-panels';

/** What the commands work with. */
export interface CheckpointCommandContext {
  readonly extensionUri: vscode.Uri;
  readonly store: RunStore;
  readonly log: vscode.LogOutputChannel;
}

async function inspect(argument: unknown): Promise<void> {
  const file = await chooseCheckpoint(argument, 'Inspect Checkpoint');
  if (file === undefined) return;
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), checkpointEditor);
}

const comparing = 'Compare Checkpoints';

/** A checkpoint of a run that a person chooses; undefined if they chose none. */
async function chooseRun(store: RunStore, title: string): Promise<string | undefined> {
  const runs = await store.list();
  if (runs.length === 0) throw new Error('there is no run to compare with yet.');
  const item = await vscode.window.showQuickPick(runs.map(runPick), { title, matchOnDetail: true });
  return item && chooseOfRun(item.run.folder, title);
}

/** The other file of a comparison: one of a run, or any. */
async function chooseOther(store: RunStore): Promise<string | undefined> {
  if ((await store.list()).length === 0) return chooseFile('Compare With');
  const run = { label: 'A run…', description: 'the weights of one of its checkpoints' };
  const file = { label: 'A file…', description: 'any checkpoint on the disk' };
  const answer = await vscode.window.showQuickPick([run, file], { title: 'Compare With' });
  if (answer === undefined) return undefined;
  return answer === run ? chooseRun(store, 'Compare with Run') : chooseFile('Compare With');
}

/** What was selected when a menu was opened: two files of the explorer, or two runs. */
async function selectedPair(argument: unknown, selected: unknown): Promise<[string, string] | undefined> {
  const uris = Array.isArray(selected) ? selected.filter(uri => uri instanceof vscode.Uri) : [];
  const [first, second] = uris;
  if (uris.length > 2) throw new Error(`expected two checkpoints to compare, found ${uris.length}.`);
  if (first !== undefined && second !== undefined) return [first.fsPath, second.fsPath];
  const runs = runsOf(argument, selected);
  if (runs.length > 2) throw new Error(`expected two runs to compare, found ${runs.length}.`);
  const [before, after] = runs.map(({ folder }) => folder);
  if (before === undefined || after === undefined) return undefined;
  const [one, other] = [await chooseOfRun(before, comparing), await chooseOfRun(after, comparing)];
  return one === undefined || other === undefined ? undefined : [one, other];
}

/** Registers the commands. */
export function registerCheckpointCommands({
  extensionUri,
  store,
  log,
}: CheckpointCommandContext): vscode.Disposable {
  const panels = new ComparisonPanels(extensionUri, log);
  const compare = async (argument: unknown, selected: unknown, other: () => Promise<string | undefined>) => {
    const pair = await selectedPair(argument, selected);
    if (pair !== undefined) {
      panels.show(...pair);
      return;
    }
    const known =
      argument instanceof vscode.Uri || argument instanceof RunItem ? argument : openedCheckpoint();
    const before = await chooseCheckpoint(known, comparing);
    if (before === undefined) return;
    const after = await other();
    if (after !== undefined) panels.show(before, after);
  };
  return vscode.Disposable.from(
    panels,
    registerCommand(log, commands.inspectCheckpoint, inspect),
    registerCommand(log, commands.compareCheckpoints, (argument, selected) =>
      compare(argument, selected, () => chooseOther(store)),
    ),
    registerCommand(log, commands.compareWithRun, argument =>
      compare(argument, undefined, () => chooseRun(store, 'Compare with Run')),
    ),
  );
}
