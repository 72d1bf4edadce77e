/** What activation registers, and how long it takes. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { z } from 'zod/mini';
import { report, test } from './testing';

const id = 'descent.descent';

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(id);
  if (found === undefined) throw new Error(`${id} is not there`);
  return found;
}

test('is not activated in a workspace that does not use it', () => {
  assert.equal(extension().isActive, false);
});

test('activates when it is asked to', async () => {
  const began = performance.now();
  await extension().activate();
  const took = performance.now() - began;
  report(`  activation as its caller sees it: ${took.toFixed(1)} ms`);
  assert.ok(extension().isActive);
});

const manifest = z.object({
  contributes: z.object({ commands: z.array(z.object({ command: z.string(), category: z.string() })) }),
});

test('registers every command that it contributes', async () => {
  const { commands } = manifest.parse(extension().packageJSON).contributes;
  const registered = new Set(await vscode.commands.getCommands(true));
  const missing = commands.map(({ command }) => command).filter(command => !registered.has(command));
  assert.deepEqual(missing, []);
  assert.ok(commands.every(({ category }) => category === 'Descent'));
});
