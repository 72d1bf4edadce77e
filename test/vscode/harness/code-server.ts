/**
 * A real VS Code where VS Code itself cannot be downloaded: its server and its workbench as the npm package
 * `code-server` brings them, installed on demand into a cache outside of the repository. Nothing is compiled:
 * the native parts that would be (a logger, Kerberos) are ones that VS Code runs without.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** The version of code-server; it holds VS Code 1.139. */
const version = '4.139.1';

/** Programs of an installed VS Code. */
export interface CodeServer {
  /** The Node that the server asks for. */
  readonly node: string;
  /** The server's script. */
  readonly main: string;
}

/** The folder for what can be installed again. */
export function cacheFolder(): string {
  return process.env['DESCENT_VSCODE_CACHE'] ?? path.join(homedir(), '.cache', 'descent-vscode');
}

function programsIn(folder: string): CodeServer {
  return {
    node: path.join(folder, 'node_modules', 'node', 'bin', 'node'),
    main: path.join(
      ...[folder, 'node_modules', 'code-server', 'lib', 'vscode'],
      ...['out', 'server-main.js'],
    ),
  };
}

function home(): string {
  return path.join(cacheFolder(), version);
}

/** Whether the server is there already. */
export function hasCodeServer(): boolean {
  return existsSync(home());
}

/** The server, which is installed where it is missing (a minute, some 700 MB). */
export function installCodeServer(): CodeServer {
  if (!hasCodeServer()) install(home());
  return programsIn(home());
}

/** Installs beside the folder and renames, so that half an installation is never taken for a whole one. */
function install(folder: string): void {
  const beside = `${folder}.part-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  console.error(`Installing VS Code ${version} into ${folder} …`);
  try {
    writeFileSync(path.join(beside, 'package.json'), '{ "private": true }\n');
    // Node's binary comes by the install script of its package.
    npm(beside, process.env, ['node@24', '--ignore-scripts=false']);
    const { node, main } = programsIn(beside);
    const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH']}` };
    npm(beside, env, [`code-server@${version}`, '--ignore-scripts']);
    npm(path.dirname(path.dirname(main)), env, ['--omit=dev', '--ignore-scripts']);
    moveInto(folder, beside);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function moveInto(folder: string, made: string): void {
  try {
    renameSync(made, folder);
  } catch (error) {
    // Somebody else has installed the same meanwhile.
    if (!existsSync(folder)) throw error;
  }
}

function npm(folder: string, env: NodeJS.ProcessEnv, packages: readonly string[]): void {
  const args = ['install', ...packages, '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
}
