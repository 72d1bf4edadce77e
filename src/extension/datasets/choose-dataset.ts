/** Which data to train on: what the workspace holds, or what the person chooses. */
import * as vscode from 'vscode';
import { catalogue, type RemoteName } from '../../data/download/catalogue';
import { type Downloads, describeRemote } from './download';
import { type FoundDataset, findDatasets } from './find-datasets';

interface DatasetItem extends vscode.QuickPickItem {
  readonly choose: () => Promise<string | null | undefined> | string | null;
}

/** Lets the person choose a folder. */
export async function browseForDataset(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: 'Folder with a Dataset',
      openLabel: 'Use This Folder',
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return folder?.fsPath;
}

function itemOf({ folder, name, place, what }: FoundDataset): DatasetItem {
  const description = place === name ? what : `${place}, ${what}`;
  return { label: `$(database) ${name}`, description, choose: () => folder };
}

const digits: DatasetItem = {
  label: '$(sparkle) Generated digits',
  description: 'Drawn by Descent; nothing is downloaded',
  choose: () => null,
};

const browse: DatasetItem = {
  label: '$(folder-opened) Browse…',
  description: 'A folder of images, tables, arrays or IDX files',
  choose: browseForDataset,
};

function downloadOf(name: RemoteName, downloads: Downloads): DatasetItem {
  return {
    label: `$(cloud-download) Download ${catalogue[name].title}`,
    description: describeRemote(name),
    choose: () => downloads.get(name),
  };
}

/** How a dataset is chosen. */
export interface Choosing {
  /** Whether to ask also where there is only one. */
  readonly ask?: boolean;
  /** What the person is asked. */
  readonly question?: string;
}

/** Lets a person choose, as {@link chooseDataset} does. */
export type ChooseDataset = (choosing?: Choosing) => Promise<string | null | undefined>;

/** The folder of a dataset; null stands for the generated digits, undefined for a person who changed their mind. */
export async function chooseDataset(
  downloads: Downloads,
  { ask = false, question = 'What should be trained on?' }: Choosing = {},
): Promise<string | null | undefined> {
  const found = await findDatasets();
  const [only] = found;
  if (!ask && only !== undefined && found.length === 1) return only.folder;
  const placeHolder = found.length === 0 ? `No dataset was found in the workspace. ${question}` : question;
  const remote = (['mnist', 'fashion-mnist'] as const).map(name => downloadOf(name, downloads));
  const item = await vscode.window.showQuickPick([...found.map(itemOf), digits, browse, ...remote], {
    title: 'Dataset',
    placeHolder,
    matchOnDescription: true,
  });
  return item?.choose();
}
