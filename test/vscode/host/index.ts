/** What VS Code calls in its extension host: runs every `*.spec` beside this file. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { failures, runRegistered } from './testing';

/** Runs the tests; rejects if one has failed. */
export async function run(): Promise<void> {
  const files = readdirSync(__dirname).filter(name => name.endsWith('.spec.cjs'));
  if (files.length === 0) throw new Error('there are no tests');
  for (const file of files) {
    require(path.join(__dirname, file));
    await runRegistered(file.replace('.spec.cjs', ''));
  }
  if (failures() > 0) throw new Error(`${failures()} tests failed`);
}
