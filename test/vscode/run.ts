/**
 * Runs the tests in a real VS Code: those inside of the extension host, and those that use the interface as a
 * person does. `npm run test:vscode [host|ui] [part of a file's name]`. With `pictures` it takes those of the README
 * (`dist/screenshots`; with `DESCENT_SCREENSHOTS=true` the tests take theirs, too). With `there` it runs nothing, and
 * says by its exit code whether they could run without a download.
 */
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { findBrowser } from './harness/browser';
import { hasCodeServer } from './harness/code-server';
import { installExtension } from './harness/server';
import { runSpecFiles, specFiles } from './harness/spec-files';

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

/** Milliseconds after which a file of tests has failed. For pictures, networks are trained on real data first. */
const patience = (kind: string) => (kind === 'pictures' ? 1_500_000 : 300_000);

async function uiTests(part: string, kind = 'ui'): Promise<boolean> {
  const files = specFiles(path.join(dist, kind), part);
  const extensions = mkdtempSync(path.join(tmpdir(), 'descent-extensions-'));
  try {
    // Once for all of them, each of which starts a server of its own.
    installExtension(path.join(root, 'dist', `descent-${process.platform}-${process.arch}.vsix`), extensions);
    const env = { ...process.env, DESCENT_ROOT: root, DESCENT_EXTENSIONS: extensions };
    const pictures = kind === 'pictures' ? { DESCENT_SCREENSHOTS: 'true' } : {};
    return await runSpecFiles(files, { env: { ...env, ...pictures }, patience: patience(kind) });
  } finally {
    rmSync(extensions, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

const [kind = '', part = ''] = process.argv.slice(2);
if (kind === 'there') process.exit(hasCodeServer() && findBrowser() !== undefined ? 0 : 1);
let passed = true;
if (kind === 'pictures') passed = await uiTests(part, kind);
else {
  if (kind !== 'ui') passed = await hostTests();
  if (kind !== 'host') passed = (await uiTests(part)) && passed;
}
process.exit(passed ? 0 : 1);
