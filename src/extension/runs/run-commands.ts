/** What can be done with runs that are kept: go on with one, delete one, rename one, show its folder. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Starter } from '../commands/starter';
import { ago, counted, percent } from '../common/format';
import { reveal } from '../common/reveal';
import type { RunStore, StoredRun } from './run-store';
import { RunItem, runsOf } from './runs-view';

/** A run in a list to choose from. */
export function runPick(run: StoredRun) {
  return {
    label: `${run.model} · ${run.dataset}`,
    description: run.testAccuracy === null ? run.state : `${run.state}, ${percent(run.testAccuracy)}`,
    detail: `${run.id}, ${ago(Date.parse(run.created))}`,
    run,
  };
}

/** What the commands work with. */
export interface RunCommandContext {
  readonly store: RunStore;
  readonly starter: Starter;
}

async function choose(runs: readonly StoredRun[], title: string): Promise<StoredRun | undefined> {
  if (runs.length === 0) {
    const [verb = ''] = title.toLowerCase().split(' ');
    void vscode.window.showInformationMessage(`Descent: there is no run to ${verb}.`);
    return undefined;
  }
  const item = await vscode.window.showQuickPick(runs.map(runPick), { title, matchOnDetail: true });
  return item?.run;
}

/** The run that a command is about: of the tree, by its folder, or chosen. */
async function runOf(
  argument: unknown,
  store: RunStore,
  title: string,
  suits: (run: StoredRun) => boolean,
): Promise<StoredRun | undefined> {
  if (argument instanceof RunItem) return argument.run;
  const runs = await store.list();
  if (typeof argument === 'string') return runs.find(({ folder }) => folder === argument);
  return choose(runs.filter(suits), title);
}

function refuseIfInUse(store: RunStore, run: StoredRun): void {
  const problem = store.inUse(run);
  if (problem !== undefined) throw new Error(problem);
}

/** How many epochs a complete run should have; undefined if the person changed their mind. */
async function askEpochs(run: StoredRun): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: 'Resume Run',
    prompt: `This run is complete with ${counted(run.epochs, 'epoch')}. How many should it have in all?`,
    value: String(run.epochs * 2),
    validateInput: value =>
      Number.isInteger(Number(value)) && Number(value) > run.epochs
        ? undefined
        : `Expected a whole number above ${run.epochs}.`,
  });
  return text === undefined ? undefined : Number(text);
}

/** Goes on with a run. */
export async function resume({ store, starter }: RunCommandContext, argument: unknown): Promise<void> {
  const run = await runOf(argument, store, 'Resume Run', candidate => store.inUse(candidate) === undefined);
  if (run === undefined) return;
  refuseIfInUse(store, run);
  if (run.state !== 'finished') {
    await starter.resume(run.folder);
    return;
  }
  const epochs = await askEpochs(run);
  if (epochs !== undefined) await starter.resume(run.folder, epochs);
}

/** Deletes runs, if the person confirms it. */
export async function remove(
  { store }: RunCommandContext,
  argument: unknown,
  selected: unknown,
): Promise<void> {
  const pointedAt = runsOf(argument, selected);
  const one =
    pointedAt.length > 1
      ? undefined
      : await runOf(argument, store, 'Delete Run', run => store.inUse(run) === undefined);
  const runs = one === undefined ? pointedAt : [one];
  const [run] = runs;
  if (run === undefined) return;
  for (const each of runs) refuseIfInUse(store, each);
  const confirm = 'Delete';
  const answer = await vscode.window.showWarningMessage(
    runs.length === 1 ? `Delete the run ${run.id}?` : `Delete ${runs.length} runs?`,
    { modal: true, detail: 'Checkpoints and metrics go to the trash, where there is one.' },
    confirm,
  );
  if (answer !== confirm) return;
  for (const each of runs) await store.delete(each);
}

/** Gives a run another name. */
export async function rename({ store }: RunCommandContext, argument: unknown): Promise<void> {
  const run = await runOf(argument, store, 'Rename Run', candidate => store.inUse(candidate) === undefined);
  if (run === undefined) return;
  refuseIfInUse(store, run);
  const name = await vscode.window.showInputBox({
    title: 'Rename Run',
    prompt: 'The name of its folder',
    value: run.id,
    validateInput: text => store.checkName(run, text),
  });
  if (name !== undefined && name.trim() !== run.id) await store.rename(run, name);
}

/** Shows the folder of a run. */
export async function show({ store }: RunCommandContext, argument: unknown): Promise<void> {
  const run = await runOf(argument, store, 'Show Run', () => true);
  if (run !== undefined) await reveal(path.join(run.folder, 'run.json'));
}
