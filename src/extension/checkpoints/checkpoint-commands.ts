/** The commands for checkpoints: look into one, compare two. */
import * as vscode from 'vscode';
import { runPick } from '../runs/run-commands';
import type { RunStore } from '../runs/run-store';
import { RunItem, runsOf } from '../runs/runs-view';
import { checkpointEditor, openedCheckpoint } from './checkpoint-editors';
import { chooseCheckpoint, chooseFile, chooseOfRun } from './choose-checkpoint';
import type { ComparisonPanels } from './comparison-panels';

/** What comparing works with. */
export interface ComparisonContext {
  readonly panels: ComparisonPanels;
  readonly store: RunStore;
}

/** Opens a checkpoint, which is asked for where none is given. */
export async function inspect(argument: unknown): Promise<void> {
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

/** Compares what a person has selected or chooses. `other` asks for the second file where only one is known. */
async function compare(
  panels: ComparisonPanels,
  argument: unknown,
  selected: unknown,
  other: () => Promise<string | undefined>,
): Promise<void> {
  const pair = await selectedPair(argument, selected);
  if (pair !== undefined) {
    panels.show(...pair);
    return;
  }
  const known = argument instanceof vscode.Uri || argument instanceof RunItem ? argument : openedCheckpoint();
  const before = await chooseCheckpoint(known, comparing);
  if (before === undefined) return;
  const after = await other();
  if (after !== undefined) panels.show(before, after);
}

/** Compares two checkpoints: files, or those of runs. */
export function compareAny(
  { panels, store }: ComparisonContext,
  argument: unknown,
  selected: unknown,
): Promise<void> {
  return compare(panels, argument, selected, () => chooseOther(store));
}

/** Compares a checkpoint with one of a run. */
export function compareWithRun({ panels, store }: ComparisonContext, argument: unknown): Promise<void> {
  return compare(panels, argument, undefined, () => chooseRun(store, 'Compare with Run'));
}
