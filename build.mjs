/**
 * Builds Descent, and runs it: `node build.mjs [start|test|bench] [arguments]`. It needs nothing but Node;
 * what is missing is installed first.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
process.chdir(root);

/** Runs a command and ends with its exit code if it failed. */
function run(command, args, options = {}) {
  const { status, signal } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (signal === 'SIGINT') process.exit(130);
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs a program of an installed package. */
function tool(name, ...args) {
  run(process.execPath, [`node_modules/${name}`, ...args]);
}

function install() {
  const installed = 'node_modules/.package-lock.json';
  const current =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync('package-lock.json').mtimeMs;
  if (current) return;
  console.error('Installing packages …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' });
}

/** Bundles programs for Node into `dist`. */
async function build(entryPoints) {
  const { build: bundle } = await import('esbuild');
  await bundle({
    entryPoints,
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    external: ['onnxruntime-node'],
    // Bundled CommonJS packages ask for Node's own modules through `require`.
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire as descentRequire } from 'node:module'; const require = descentRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

const [task, ...rest] = process.argv.slice(2);
install();
await build({ cli: 'src/cli.ts' });
if (task === 'start') run(process.execPath, ['--enable-source-maps', 'dist/cli.js', 'train', ...rest]);
if (task === 'test') {
  tool('@biomejs/biome/bin/biome', 'ci', '.');
  tool('typescript/bin/tsc', '--noEmit', '-p', '.');
  tool('vitest/vitest.mjs', 'run', ...rest);
}
if (task === 'bench') {
  await build({ bench: 'test/bench/mlp.ts' });
  run(process.execPath, ['dist/bench.js', ...rest]);
}
