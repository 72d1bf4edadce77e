/** VS Code's server in folders of its own, with what a test installs into it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installCodeServer } from './code-server';

/** How a server is started. */
export interface ServerOptions {
  /** The folder of the extensions, which others may use, too; one of its own where none is given. */
  readonly extensions?: string | undefined;
  /** Settings beside those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** More arguments of the server. */
  readonly args?: readonly string[];
  /** Whether VS Code asks if a workspace is to be trusted. */
  readonly trust?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a test does not want to see. */
const quiet = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  // On a busy machine VS Code may give a page the focus back when a question has already been asked, which closes it.
  'workbench.quickOpen.closeOnFocusLost': false,
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** Installs a VSIX into a folder of extensions. */
export function installExtension(vsix: string, extensions: string): void {
  const code = installCodeServer();
  const data = mkdtempSync(path.join(tmpdir(), 'descent-vscode-'));
  const places = ['--server-data-dir', data, '--user-data-dir', data, '--extensions-dir', extensions];
  const args = ['--accept-server-license-terms', '--install-extension', vsix];
  try {
    execFileSync(code.node, [code.main, ...places, ...args], { stdio: 'pipe' });
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** A server that runs. */
export class VSCodeServer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly command: string,
    /** The port on loopback. */
    readonly port: number,
  ) {}

  /** Starts a server and waits until it answers. */
  static async start(options: ServerOptions = {}): Promise<VSCodeServer> {
    const { settings = {}, trust = false, args = [], env = {} } = options;
    const code = installCodeServer();
    const folder = mkdtempSync(path.join(tmpdir(), 'descent-vscode-'));
    const folders = ['server', 'user', 'extensions'].map(name => path.join(folder, name));
    const [serverData = '', userData = '', ownExtensions = ''] = folders;
    const trusted = { 'security.workspace.trust.enabled': trust };
    // In a browser the settings of the machine are what a file can give.
    for (const place of [path.join(userData, 'Machine'), path.join(userData, 'User')]) {
      mkdirSync(place, { recursive: true });
      writeFileSync(path.join(place, 'settings.json'), JSON.stringify({ ...quiet, ...trusted, ...settings }));
    }
    const port = await freePort();
    const all = [
      ...[code.main, '--accept-server-license-terms', '--telemetry-level', 'off'],
      ...['--server-data-dir', serverData, '--user-data-dir', userData],
      ...['--extensions-dir', options.extensions ?? ownExtensions],
      ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
      ...['--disable-getting-started-override', ...(trust ? [] : ['--disable-workspace-trust']), ...args],
    ];
    const child = spawn(code.node, all, { stdio: 'ignore', env: { ...process.env, ...env } });
    const server = new VSCodeServer(child, folder, all.join(' '), port);
    await server.#answers();
    return server;
  }

  /** The address that opens a folder, or a window without one where its name is empty. */
  url(workspace: string, payload: readonly (readonly [string, string])[] = []): string {
    const opened = workspace === '' ? { ew: 'true' } : { folder: workspace };
    const query = new URLSearchParams({ ...opened, payload: JSON.stringify(payload) });
    return `http://127.0.0.1:${this.port}/?${query}`;
  }

  /** The process, whose end ends the extension host. */
  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Ends the server and removes its folders. */
  async stop(): Promise<void> {
    const ended = new Promise(resolve => this.process.once('exit', resolve));
    if (this.process.exitCode === null && this.process.kill()) await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async #answers(): Promise<void> {
    const end = Date.now() + 60_000;
    while (Date.now() < end) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/version`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    await this.stop();
    throw new Error(`${this.command}: does not answer`);
  }
}
