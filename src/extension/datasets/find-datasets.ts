/** Looks for datasets in the workspace. */
import path from 'node:path';
import * as vscode from 'vscode';
import { recognise } from './recognise';
import { listBelow } from './walk';

/** A folder that holds a dataset. */
export interface FoundDataset {
  readonly folder: string;
  /** What the person knows it by. */
  readonly name: string;
  /** Where it is, relative to the workspace. */
  readonly place: string;
  /** What was found: "images in 10 class folders". */
  readonly what: string;
}

/** Names of folders that say nothing about what is in them. */
const nameless: ReadonlySet<string> = new Set(['raw', 'data', 'dataset', 'datasets']);

/** The name of a dataset: that of its folder, or of the one around it where the folder's says nothing. */
export function datasetName(folder: string): string {
  const name = path.basename(folder);
  const around = path.basename(path.dirname(folder));
  return nameless.has(name.toLowerCase()) && around !== '' ? around : name;
}

/** Finds the datasets in the workspace, MNIST first. */
export async function findDatasets(): Promise<FoundDataset[]> {
  const roots = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const found = await Promise.all(roots.map(async ({ uri }) => recognise(await listBelow(uri.fsPath))));
  const folders = new Map(found.flat().map(({ folder, what }) => [folder, what]));
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const isMnist = ({ name }: FoundDataset) => (/^mnist$/i.test(name) ? 0 : 1);
  return [...folders]
    .map(([folder, what]) => ({
      folder,
      what,
      name: datasetName(folder),
      place: vscode.workspace.asRelativePath(folder, several),
    }))
    .sort((a, b) => isMnist(a) - isMnist(b) || a.place.localeCompare(b.place));
}
