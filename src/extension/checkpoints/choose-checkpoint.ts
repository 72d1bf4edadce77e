/** Which checkpoint a command is about: a file of the explorer, one of a run, or one that a person looks for. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { RunItem } from '../runs/runs-view';

/** What dialogs show. */
const filters = {
  Checkpoints: ['pt', 'pth', 'safetensors', 'onnx', 'npz', 'npy', 'pkl', 'tar', 'bin', 'ckpt'],
  'All files': ['*'],
};

/** The checkpoints of a run, the best one first. */
export async function checkpointsOf(run: string): Promise<string[]> {
  const folder = path.join(run, 'checkpoints');
  const names = await readdir(folder).catch(() => []);
  const checkpoints = names.filter(name => name.endsWith('.pt')).sort();
  return checkpoints.map(name => path.join(folder, name));
}

const about: Readonly<Record<string, string>> = {
  'best.pt': 'the weights of the best epoch',
  'last.pt': 'everything that is needed to go on',
};

/** One of the checkpoints of a run; undefined if the person chose none. An error where there is none. */
export async function chooseOfRun(run: string, title: string): Promise<string | undefined> {
  const files = await checkpointsOf(run);
  if (files.length === 0) throw new Error(`there is no checkpoint in ${path.basename(run)} yet.`);
  if (files.length === 1) return files[0];
  const items = files.map(file => {
    const label = path.basename(file);
    return { label, description: about[label] ?? '', file };
  });
  return (await vscode.window.showQuickPick(items, { title }))?.file;
}

/** A file that a person looks for; undefined if they chose none. */
export async function chooseFile(title: string): Promise<string | undefined> {
  const [found] = (await vscode.window.showOpenDialog({ title, openLabel: 'Open', filters })) ?? [];
  return found?.fsPath;
}

/** The file that a menu was opened on, one of the run that it was opened on, or what a person chooses. */
export async function chooseCheckpoint(argument: unknown, title: string): Promise<string | undefined> {
  if (argument instanceof vscode.Uri) return argument.fsPath;
  if (argument instanceof RunItem) return chooseOfRun(argument.run.folder, title);
  return chooseFile(title);
}
