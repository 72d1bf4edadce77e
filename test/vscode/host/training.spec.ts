/** Training in the extension host: a whole run on generated digits, and its folder. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod/mini';
import { report, test } from './testing';

const info = z.object({ status: z.string(), testAccuracy: z.nullable(z.number()) });

function workspace(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('no workspace');
  return folder.uri.fsPath;
}

/** The runs of the workspace with what their `run.json` says. */
function runs() {
  const folder = path.join(workspace(), 'runs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap(name => {
    const file = path.join(folder, name, 'run.json');
    if (!existsSync(file)) return [];
    return [{ folder: path.join(folder, name), ...info.parse(JSON.parse(readFileSync(file, 'utf8'))) }];
  });
}

async function until<T>(what: string, look: () => T | undefined, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

test('trains on generated digits and keeps the run', async () => {
  const configuration = vscode.workspace.getConfiguration('descent');
  await configuration.update('epochs', 2, vscode.ConfigurationTarget.Global);
  await configuration.update('device', 'cpu', vscode.ConfigurationTarget.Global);
  const began = performance.now();
  await vscode.commands.executeCommand('descent.trainDigits');
  const run = await until('a finished run', () => runs().find(({ status }) => status === 'finished'));
  report(`  two epochs on generated digits: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  assert.ok((run.testAccuracy ?? 0) > 0.8, `accuracy ${run.testAccuracy}`);
  assert.ok(existsSync(path.join(run.folder, 'checkpoints', 'best.pt')));
});
