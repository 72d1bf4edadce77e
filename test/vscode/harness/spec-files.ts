/**
 * Runs files of tests in processes of their own, as many at a time as the machine has cores for: each has a window
 * of VS Code for itself. What measures how long something takes (`*.alone.spec.js`) runs when nothing else does.
 */
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

/** How files are run. */
export interface RunOptions {
  /** The environment of their processes. */
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which a file of tests has failed. */
  readonly patience: number;
}

/** A window needs a browser, a server and often a training process: more than a core, less than two. */
const atOnce = Math.max(1, Math.min(4, availableParallelism()));

/** The files of tests in a folder that have `part` in their names, the largest first: the longest, at a guess. */
export function specFiles(folder: string, part: string): string[] {
  const names = readdirSync(folder).filter(name => name.endsWith('.spec.js') && name.includes(part));
  if (names.length === 0) throw new Error(`no file of tests has "${part}" in its name`);
  const files = names.map(name => path.join(folder, name));
  return files.sort((a, b) => statSync(b).size - statSync(a).size);
}

/** Runs one file; what it says is shown when it has ended, so that two do not speak at once. */
function passes(file: string, { env, patience }: RunOptions): Promise<boolean> {
  const began = performance.now();
  const options = ['--enable-source-maps', '--test', '--test-reporter=spec', `--test-timeout=${patience}`];
  const child = spawn(process.execPath, [...options, file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => said.push(part));
  child.stderr.on('data', (part: Buffer) => said.push(part));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`\n${path.basename(file, '.js')} (${seconds} s)`);
      console.log(told(Buffer.concat(said).toString()));
      resolve(code === 0);
    });
  });
}

/** Without the reporter's count, which for one file says little. */
function told(output: string): string {
  return output
    .replace(/^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) .*\n/gm, '')
    .trimEnd();
}

/** Runs files, so many at a time; gives those that failed. */
async function failing(
  files: readonly string[],
  concurrency: number,
  options: RunOptions,
): Promise<string[]> {
  const left = [...files];
  const failed: string[] = [];
  const worker = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      if (!(await passes(file, options))) failed.push(file);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return failed;
}

/**
 * Runs files of tests. One that fails beside others is run alone: what fails there twice has failed.
 * A browser and a server that starve on a busy machine are no defect of the extension: that fails each time.
 */
export async function runSpecFiles(files: readonly string[], options: RunOptions): Promise<boolean> {
  const alone = files.filter(file => file.endsWith('.alone.spec.js'));
  const others = files.filter(file => !alone.includes(file));
  const failed = [...(await failing(others, atOnce, options)), ...(await failing(alone, 1, options))];
  let left = failed;
  for (let attempt = 1; left.length > 0 && attempt <= 2; attempt++) {
    for (const file of left) console.log(`\n${path.basename(file)} has failed, and is run once more, alone.`);
    left = await failing(left, 1, options);
  }
  return left.length === 0;
}
