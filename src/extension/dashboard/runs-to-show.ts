/** Which runs a command of the dashboard is about. */
import * as vscode from 'vscode';
import { runPick } from '../runs/run-commands';
import type { RunStore, StoredRun } from '../runs/run-store';
import { type RunsView, runsOf } from '../runs/runs-view';

/** The folders of the runs that a menu was opened on. */
export function foldersOf(argument: unknown, selected: unknown): string[] {
  return runsOf(argument, selected).map(({ folder }) => folder);
}

/** The runs to compare: those that were pointed at, those that are selected in the view, or those that are chosen. */
export async function comparedRuns(
  { runs, store }: { readonly runs: RunsView; readonly store: RunStore },
  argument: unknown,
  selected: unknown,
): Promise<StoredRun[]> {
  const pointedAt = runsOf(argument, selected);
  if (pointedAt.length > 1) return pointedAt;
  if (runs.visible && runs.selection.length > 1) return runs.selection.map(({ run }) => run);
  const options = { title: 'Compare in Dashboard', matchOnDetail: true, canPickMany: true } as const;
  const items = (await store.list()).map(run => ({ ...runPick(run), picked: run.id === pointedAt[0]?.id }));
  return ((await vscode.window.showQuickPick(items, options)) ?? []).map(({ run }) => run);
}
