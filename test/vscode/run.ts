/**
 * Runs the tests in a real VS Code: those inside of the extension host, and those that use the interface as a
 * person does. `npm run test:vscode [host|ui] [part of a file's name]`.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';

const dist = fileURLToPath(new URL('.', import.meta.url));
const root = path.resolve(dist, '..', '..');

/** A workspace that holds nothing yet. */
function emptyWorkspace(): string {
  return mkdtempSync(path.join(tmpdir(), 'descent-workspace-'));
}

/** VS Code's program where one is named; else what stands in for it. */
function vscodeProgram(): string {
  const own = process.env['VSCODE'];
  if (own !== undefined && existsSync(own)) return own;
  const standIn = path.join(dist, 'harness', 'stand-in.js');
  chmodSync(standIn, 0o755);
  return standIn;
}

async function hostTests(): Promise<boolean> {
  const workspace = emptyWorkspace();
  try {
    const code = await runTests({
      vscodeExecutablePath: vscodeProgram(),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(dist, 'host', 'index.cjs'),
      launchArgs: [workspace],
    });
    return code === 0;
  } catch {
    return false;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

function uiTests(part: string): boolean {
  const folder = path.join(dist, 'ui');
  const files = readdirSync(folder).filter(name => name.endsWith('.spec.js') && name.includes(part));
  const { status } = spawnSync(
    process.execPath,
    [
      ...['--enable-source-maps', '--test', '--test-concurrency=1', '--test-reporter=spec'],
      ...files.map(name => path.join(folder, name)),
    ],
    { stdio: 'inherit', env: { ...process.env, DESCENT_ROOT: root } },
  );
  return status === 0;
}

const [kind = '', part = ''] = process.argv.slice(2);
let passed = true;
if (kind !== 'ui') passed = (await hostTests()) && passed;
if (kind !== 'host') passed = uiTests(part) && passed;
process.exit(passed ? 0 : 1);
