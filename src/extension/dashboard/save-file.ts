/** Saves what the dashboard exports where the person chooses. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as vscode from 'vscode';
import type { FileToSave } from '../../history';

/** Asks where, and writes; false if the person chose nothing. What was there is kept until all is written. */
export async function saveFile(
  { name, parts }: FileToSave,
  folder: vscode.Uri | undefined,
): Promise<boolean> {
  const kind = path.extname(name).slice(1);
  const target = await vscode.window.showSaveDialog({
    title: 'Export',
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [kind.toUpperCase()]: [kind] },
  });
  if (target === undefined) return false;
  const beside = `${target.fsPath}.part`;
  try {
    await pipeline(Readable.from(parts), createWriteStream(beside));
    await rename(beside, target.fsPath);
  } finally {
    await rm(beside, { force: true });
  }
  return true;
}
