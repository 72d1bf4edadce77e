/** Programs of the project, bundled for the tests that run them in a process or a thread of its own. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '../..');

/** The folder of the bundles of one run of the tests, within the project so that packages are found. */
function cacheOf(runner: number): string {
  return path.join(root, 'node_modules', '.cache', 'descent-test', String(runner));
}

/** Where CommonJS packages in a bundle of modules find Node's own. */
const banner =
  "import { createRequire as descentRequire } from 'node:module'; const require = descentRequire(import.meta.url);";

/**
 * Bundles programs as the build does, but without making them small.
 * @param name of their folder
 * @param entries their sources, from the project's folder, by the names of the programs
 * @returns the folder that holds them until all tests have ended
 */
export async function bundle(
  name: string,
  entries: Readonly<Record<string, string>>,
  format: 'esm' | 'cjs' = 'esm',
): Promise<string> {
  const folder = path.join(cacheOf(process.ppid), `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'package.json'),
    `{ "type": "${format === 'esm' ? 'module' : 'commonjs'}" }`,
  );
  await build({
    entryPoints: { ...entries },
    absWorkingDir: root,
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    external: ['onnxruntime-node'],
    banner: format === 'esm' ? { js: banner } : {},
    logLevel: 'warning',
  });
  return folder;
}

/** Called when all tests have ended. */
export function teardown(): void {
  rmSync(cacheOf(process.pid), { recursive: true, force: true });
}
