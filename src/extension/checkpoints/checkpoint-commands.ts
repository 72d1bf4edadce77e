/** The commands for checkpoints. */
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { registerCommand } from '../common/log';
import { checkpointEditor } from './checkpoint-editor';
import { chooseCheckpoint } from './choose-checkpoint';

async function inspect(argument: unknown): Promise<void> {
  const file = await chooseCheckpoint(argument, 'Inspect Checkpoint');
  if (file === undefined) return;
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), checkpointEditor);
}

/** Registers the commands. */
export function registerCheckpointCommands(log: vscode.LogOutputChannel): vscode.Disposable {
  return registerCommand(log, commands.inspectCheckpoint, inspect);
}
