/** Looks for datasets in the workspace by the names of their files; none of them is read. */
import path from 'node:path';
import * as vscode from 'vscode';
import { foldersWith } from './walk';

/** A folder that holds a dataset. */
export interface FoundDataset {
  readonly folder: string;
  /** What the person knows it by. */
  readonly name: string;
  /** Where it is, relative to the workspace. */
  readonly place: string;
}

/** The training images of MNIST and its relatives, plain or compressed. */
const trainingImages = /train-images[-.]idx3-ubyte(\.gz)?$/i;

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
  const found = await Promise.all(roots.map(({ uri }) => foldersWith(uri.fsPath, trainingImages)));
  const folders = new Set(found.flat());
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const isMnist = ({ name }: FoundDataset) => (/^mnist$/i.test(name) ? 0 : 1);
  return [...folders]
    .map(folder => ({
      folder,
      name: datasetName(folder),
      place: vscode.workspace.asRelativePath(folder, several),
    }))
    .sort((a, b) => isMnist(a) - isMnist(b) || a.place.localeCompare(b.place));
}
