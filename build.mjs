/**
 * Builds Descent, and runs it: `node build.mjs [start|test|bench] [arguments]`. It needs nothing but Node;
 * what is missing is installed first.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildExtension } from './build/extension.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
process.chdir(root);

// A Ctrl-C is for the program that is run, which may have something to save; this one ends when that one does.
process.on('SIGINT', () => undefined);

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

const common = { outdir: 'dist', bundle: true, sourcemap: true, logLevel: 'warning' };

/** Programs that Node runs. Bundled CommonJS packages ask for Node's own modules through `require`. */
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['onnxruntime-node'],
  banner: {
    js: "#!/usr/bin/env node\nimport { createRequire as descentRequire } from 'node:module'; const require = descentRequire(import.meta.url);",
  },
};

/** What VS Code loads into its extension host and into threads of it; it never loads ONNX Runtime. */
const extension = { ...common, platform: 'node', target: 'node20', format: 'cjs', external: ['vscode'] };

/** Programs of the tests in a real VS Code. */
const vscodeTest = {
  ...node,
  outdir: 'dist/test',
  external: [...node.external, 'playwright-core', '@vscode/test-electron'],
};

/** Puts the program of a worker into a page as a text: `import program from './worker?worker'`. */
const workers = {
  name: 'workers',
  setup(build) {
    build.onResolve({ filter: /\?worker$/ }, ({ path, resolveDir }) => ({
      path: fileURLToPath(new URL(`${path.slice(0, -'?worker'.length)}.ts`, pathToFileURL(`${resolveDir}/`))),
      namespace: 'worker',
    }));
    build.onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path }) => {
      const { outputFiles, metafile } = await build.esbuild.build({
        ...page,
        sourcemap: false,
        metafile: true,
        write: false,
        entryPoints: [path],
      });
      return { contents: outputFiles[0].text, loader: 'text', watchFiles: Object.keys(metafile.inputs) };
    });
  },
};

/** Pages that a browser or the editor shows: one script and its styles each, with nothing loaded from elsewhere. */
const page = {
  ...common,
  outdir: 'dist/webview',
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  minify: true,
  plugins: [workers],
};

/** What is built: one entry a bundle. */
const targets = {
  cli: { ...node, entryPoints: { cli: 'src/cli.ts' } },
  // Classes and functions keep their names: networks are shown by them, and errors in the log are read by them.
  trainer: {
    ...node,
    entryPoints: { trainer: 'src/trainer/main.ts' },
    minify: true,
    keepNames: true,
  },
  imageWorker: {
    ...node,
    entryPoints: { 'image-worker': 'src/data/images/worker.ts' },
    // The codecs' WebAssembly is put into the bundle.
    loader: { '.wasm': 'binary' },
    minify: true,
    sourcemap: false,
  },
  dashboardServer: { ...node, entryPoints: { 'dashboard-server': 'src/dashboard-server/thread-main.ts' } },
  vscodeHostTests: {
    ...extension,
    outdir: 'dist/test/host',
    outExtension: { '.js': '.cjs' },
    entryPoints: ['test/vscode/host/*.ts'],
  },
  vscodeTests: {
    ...vscodeTest,
    entryPoints: [
      ...['test/vscode/run.ts', 'test/vscode/harness/stand-in.ts'],
      ...['test/vscode/ui/*.spec.ts', 'test/vscode/pictures/*.spec.ts'],
    ],
    outbase: 'test/vscode',
  },
  dashboard: {
    ...page,
    entryPoints: {
      dashboard: 'webview/dashboard/main.ts',
      'dashboard-style': 'webview/dashboard/dashboard.css',
      'browser-theme': 'webview/dashboard/browser-theme.css',
    },
  },
  tensorPage: {
    ...page,
    entryPoints: { tensor: 'webview/tensor/main.ts', 'tensor-style': 'webview/tensor/tensor.css' },
  },
  datasetPage: {
    ...page,
    entryPoints: { dataset: 'webview/dataset/main.ts', 'dataset-style': 'webview/dataset/dataset.css' },
  },
  checkpointPage: {
    ...page,
    entryPoints: {
      checkpoint: 'webview/checkpoint/main.ts',
      'checkpoint-style': 'webview/checkpoint/checkpoint.css',
    },
  },
  comparisonPage: {
    ...page,
    entryPoints: {
      comparison: 'webview/comparison/main.ts',
      'comparison-style': 'webview/comparison/comparison.css',
    },
  },
  evaluationPage: {
    ...page,
    entryPoints: {
      evaluation: 'webview/evaluation/main.ts',
      'evaluation-style': 'webview/evaluation/evaluation.css',
    },
  },
  graphPage: {
    ...page,
    entryPoints: { graph: 'webview/graph/main.ts', 'graph-style': 'webview/graph/graph-page.css' },
  },
  datasetReader: {
    ...node,
    entryPoints: { 'dataset-reader': 'src/extension/datasets/reader/worker.ts' },
    minify: true,
  },
  checkpointReader: {
    ...extension,
    entryPoints: { 'checkpoint-reader': 'src/extension/checkpoints/reader/worker.ts' },
    outExtension: { '.js': '.cjs' },
    minify: true,
  },
  pythonReader: {
    ...extension,
    entryPoints: { 'python-reader': 'src/extension/python/reader/worker.ts' },
    outExtension: { '.js': '.cjs' },
    minify: true,
  },
  bench: {
    ...node,
    outdir: 'dist/bench',
    entryPoints: ['test/bench/*.ts'],
    external: [...node.external, 'playwright-core'],
  },
  accept: {
    ...node,
    outdir: 'dist/accept',
    entryPoints: {
      torch: 'test/accept/torch.ts',
      hover: 'test/accept/hover/compare.ts',
      train: 'test/accept/train/compare.ts',
    },
  },
};

async function build(...names) {
  const esbuild = await import('esbuild');
  const made = { ...targets, extension: () => buildExtension(esbuild) };
  await Promise.all(
    names.map(name => (typeof made[name] === 'function' ? made[name]() : esbuild.build(made[name]))),
  );
}

/** Makes the VSIX for this platform: of ONNX Runtime it holds one platform's part. */
function makePackage() {
  const platform = `${process.platform}-${process.arch}`;
  const runtime = `!node_modules/onnxruntime-node/bin/*/${process.platform}/${process.arch}/**`;
  const allowed = 'dist/package.vscodeignore';
  writeFileSync(allowed, `${readFileSync('.vscodeignore', 'utf8')}\n${runtime}\n`);
  const out = `dist/descent-${platform}.vsix`;
  // VS Code shows no pictures that lie in a package, and there is no repository that links could lead to.
  const readme = 'dist/package-readme.md';
  writeFileSync(readme, readFileSync('README.md', 'utf8').replace(/^!\[.*\]\(.*\)\n\n/gm, ''));
  const given = ['--target', platform, '--ignoreFile', allowed, '--readme-path', readme];
  given.push('--no-rewrite-relative-links', '--out', out);
  tool('@vscode/vsce/vsce', 'package', ...given);
}

const vscodeTests = ['--enable-source-maps', 'dist/test/run.js'];

async function buildVSCodeTests() {
  // Tests are found by looking: what is left of one that is gone must not be.
  rmSync('dist/test', { recursive: true, force: true });
  await build('vscodeHostTests', 'vscodeTests');
}

/** Runs the tests in a real VS Code, which is downloaded where it is missing. */
function testInVSCode(...parts) {
  if (parts[0] !== 'host' && !process.env['DESCENT_KEEP_VSIX']) makePackage();
  run(process.execPath, [...vscodeTests, ...parts]);
}

/** Whether the tests in a real VS Code belong to all tests: nobody is made to download one unasked. */
function hasVSCode() {
  if (process.env['CI'] === 'true') return true;
  return spawnSync(process.execPath, [...vscodeTests, 'there']).status === 0;
}

async function test(...parts) {
  tool('@biomejs/biome/bin/biome', 'ci', '.');
  tool('typescript/bin/tsc', '--noEmit', '-p', '.');
  tool('typescript/bin/tsc', '--noEmit', '-p', 'webview');
  tool('vitest/vitest.mjs', 'run', ...parts);
  // Whoever names tests wants those.
  if (parts.length > 0) return;
  await buildVSCodeTests();
  if (hasVSCode()) testInVSCode();
  else
    console.log(
      'The tests in a real VS Code were left out: npm run test:vscode downloads one (700 MB) and runs them in Chromium.',
    );
}

const [task, ...rest] = process.argv.slice(2);
install();
const programs = [
  'cli',
  'imageWorker',
  'dashboardServer',
  'trainer',
  'extension',
  'datasetReader',
  'checkpointReader',
  'pythonReader',
];
const pages = [
  'dashboard',
  'tensorPage',
  'datasetPage',
  'graphPage',
  'checkpointPage',
  'comparisonPage',
  'evaluationPage',
];
await build(...programs, ...pages);
if (task === 'start') run(process.execPath, ['--enable-source-maps', 'dist/cli.js', 'train', ...rest]);
if (task === 'test') await test(...rest);
if (task === 'bench') {
  await build('bench');
  const [name = 'mlp', ...given] = rest;
  run(process.execPath, [`dist/bench/${name}.js`, ...given]);
}
if (task === 'accept-torch') {
  await build('accept');
  run(process.execPath, ['--enable-source-maps', 'dist/accept/torch.js', ...rest]);
}
if (task === 'accept-hover') {
  await build('accept');
  run(process.execPath, ['--enable-source-maps', 'dist/accept/hover.js', ...rest]);
}
if (task === 'accept-train') {
  await build();
  await build('accept');
  run(process.execPath, ['--enable-source-maps', 'dist/accept/train.js', ...rest]);
}
if (task === 'package') makePackage();
if (task === 'test-vscode') {
  await buildVSCodeTests();
  testInVSCode(...rest);
}
