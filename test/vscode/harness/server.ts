/** VS Code's server in folders of its own, with what a test installs into it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CodeServer, installCodeServer } from './code-server';

/** How a server is started. */
export interface ServerOptions {
  /** A VSIX to install first. */
  readonly vsix?: string;
  /** Settings beside those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** More arguments of the server. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a test does not want to see. */
const quiet = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** A server that runs. */
export class VSCodeServer {
  private constructor(
    private readonly code: CodeServer,
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly args: readonly string[],
    /** The port on loopback. */
    readonly port: number,
  ) {}

  /** Starts a server and waits until it answers. */
  static async start({
    vsix,
    settings = {},
    args = [],
    env = {},
  }: ServerOptions = {}): Promise<VSCodeServer> {
    const code = installCodeServer();
    const folder = mkdtempSync(path.join(tmpdir(), 'descent-vscode-'));
    const folders = ['server', 'user', 'extensions'].map(name => path.join(folder, name));
    const [serverData = '', userData = '', extensions = ''] = folders;
    // In a browser the settings of the machine are what a file can give.
    for (const place of [path.join(userData, 'Machine'), path.join(userData, 'User')]) {
      mkdirSync(place, { recursive: true });
      writeFileSync(path.join(place, 'settings.json'), JSON.stringify({ ...quiet, ...settings }));
    }
    const places = [
      ...['--server-data-dir', serverData, '--user-data-dir', userData, '--extensions-dir', extensions],
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ];
    if (vsix !== undefined) {
      execFileSync(code.node, [code.main, ...places, '--install-extension', vsix], { stdio: 'pipe' });
    }
    const port = await freePort();
    const child = spawn(
      code.node,
      [
        ...[code.main, ...places, '--host', '127.0.0.1', '--port', String(port)],
        ...['--without-connection-token', '--disable-workspace-trust', '--disable-getting-started-override'],
        ...args,
      ],
      { stdio: 'ignore', env: { ...process.env, ...env } },
    );
    const server = new VSCodeServer(code, child, folder, places, port);
    await server.#answers();
    return server;
  }

  /** The address that opens a folder. */
  url(workspace: string, payload: readonly (readonly [string, string])[] = []): string {
    const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
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
    throw new Error(`${this.code.main} ${this.args.join(' ')}: does not answer`);
  }
}
