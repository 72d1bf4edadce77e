/** A run that was in progress when the window was closed or reloaded: it was saved, and can go on. */
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import type { TrainingService } from './training-service';

const key = 'descent.runInProgress';

/** How long the process of a run may take to save it after its window has gone, in milliseconds. */
const patience = 10_000;
const interval = 250;

/** How the run stands once its process has saved it; undefined if the run is gone. */
async function settledStatus(run: string): Promise<string | undefined> {
  const { statusOf } = await import('./crash-record');
  let status = await statusOf(run);
  for (let waited = 0; status === 'running' && waited < patience; waited += interval) {
    await new Promise(resolve => setTimeout(resolve, interval));
    status = await statusOf(run);
  }
  return status;
}

async function offer(run: string, training: TrainingService): Promise<void> {
  const status = await settledStatus(run);
  if (status === undefined || status === 'finished' || status === 'failed' || training.active) return;
  const resume = 'Resume';
  const answer = await vscode.window.showInformationMessage(
    `Descent: the run ${path.basename(run)} was stopped when its window closed. It is saved and can go on.`,
    resume,
  );
  if (answer === resume) await vscode.commands.executeCommand(commands.resumeRun, run);
}

/** Remembers the run in progress, and offers to go on with one that a closed window has left. */
export function registerInterrupted(training: TrainingService, memory: vscode.Memento): vscode.Disposable {
  const left: unknown = memory.get(key);
  if (typeof left === 'string') {
    void memory.update(key, undefined);
    void offer(left, training);
  }
  return vscode.Disposable.from(
    training.onEvents(events => {
      for (const event of events) if (event.event === 'start') void memory.update(key, event.run);
    }),
    training.onDidEnd(() => void memory.update(key, undefined)),
  );
}
