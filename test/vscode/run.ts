/**
 * Runs the tests in a real VS Code: those inside of the extension host, and those that use the interface as a
 * person does. `npm run test:vscode [host|ui] [part of a file's name]`. With `pictures` it takes those of the README
 * (`dist/screenshots`). With `there` it runs nothing, and says by its exit code whether they could run without a
 * download. A file of tests that fails is run once more: what fails twice has failed.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { findBrowser } from './harness/browser';
import { hasCodeServer } from './harness/code-server';
import { installExtension } from './harness/server';

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

/** Milliseconds after which a file of tests has failed. */
const patience = 300_000;

function uiTests(part: string, kind = 'ui'): boolean {
  const folder = path.join(dist, kind);
  const files = readdirSync(folder).filter(name => name.endsWith('.spec.js') && name.includes(part));
  if (files.length === 0) throw new Error(`no file of tests has "${part}" in its name`);
  const extensions = mkdtempSync(path.join(tmpdir(), 'descent-extensions-'));
  try {
    // Once for all of them, each of which starts a server of its own.
    installExtension(path.join(root, 'dist', `descent-${process.platform}-${process.arch}.vsix`), extensions);
    const env = { ...process.env, DESCENT_ROOT: root, DESCENT_EXTENSIONS: extensions };
    const passes = (name: string) => {
      const options = [
        '--enable-source-maps',
        '--test',
        '--test-reporter=spec',
        `--test-timeout=${patience}`,
      ];
      return (
        spawnSync(process.execPath, [...options, path.join(folder, name)], { stdio: 'inherit', env })
          .status === 0
      );
    };
    // A browser and a server that starve on a busy machine are no defect of the extension: that fails again.
    return files
      .filter(name => !passes(name))
      .every(name => {
        console.log(`\n${name} has failed, and is run once more in a new window.`);
        return passes(name);
      });
  } finally {
    rmSync(extensions, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

const [kind = '', part = ''] = process.argv.slice(2);
if (kind === 'there') process.exit(hasCodeServer() && findBrowser() !== undefined ? 0 : 1);
let passed = true;
if (kind === 'pictures') passed = uiTests(part, kind);
else {
  if (kind !== 'ui') passed = await hostTests();
  if (kind !== 'host') passed = uiTests(part) && passed;
}
process.exit(passed ? 0 : 1);
