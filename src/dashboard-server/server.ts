/**
 * Serves the dashboard's page to a browser on this machine, and to nobody else: on loopback, behind a random
 * token, and only to requests that name this very address. There are no paths but those listed here.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { DashboardHost, type HostAbilities, type LiveChange } from '../history';
import { contentSecurityPolicy, pageHtml } from '../protocol/page';
import type { TrainingEvent } from '../protocol/training-events';

/** What a dashboard shows and can do. */
export interface DashboardOptions extends Pick<HostAbilities, 'onControl' | 'onTrain'> {
  /** The folder that holds the folders of runs. */
  readonly runs: string;
  /** The folder with the built page; beside the program where nothing is said. */
  readonly page?: string;
}

/** A dashboard that is being served. */
export interface Dashboard {
  /** The address to open, with its token. */
  readonly url: string;
  /** Takes in what the run in progress tells. */
  publish(event: TrainingEvent | LiveChange): void;
  /** Has pages show a run: those that are there or, where there is none, the next one. */
  show(run: string): void;
  /** Tells pages how things stand, ends all connections and stops listening. */
  close(): Promise<void>;
}

/** The page's files by the path under which they are served. */
const files: ReadonlyMap<string, { readonly file: string; readonly type: string }> = new Map([
  ['/dashboard.js', { file: 'dashboard.js', type: 'text/javascript; charset=utf-8' }],
  ['/dashboard-style.css', { file: 'dashboard-style.css', type: 'text/css; charset=utf-8' }],
  ['/browser-theme.css', { file: 'browser-theme.css', type: 'text/css; charset=utf-8' }],
]);

/** Too many to be guessed, and few enough for the address to fit into a line of a terminal. */
const tokenBytes = 24;

/** No message of a page is longer than an exported picture. */
const longestMessage = 32 << 20;

/** A request that is refused, with its status. */
class Refusal extends Error {
  constructor(
    readonly status: 403 | 404,
    message: string,
  ) {
    super(message);
  }
}

/** Compares in a time that tells nothing of where the difference is. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Serves the dashboard of a folder of runs on a free port of the loopback interface. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const token = randomBytes(tokenBytes).toString('base64url');
  const folder = options.page ?? fileURLToPath(new URL('./webview/', import.meta.url));
  const host = new DashboardHost(options.runs, options);
  let authority = '';

  /** The path of a request that may be answered; throws otherwise. */
  const admit = (request: IncomingMessage): string => {
    const { origin } = request.headers;
    if (request.headers.host !== authority) throw new Refusal(403, 'another Host is asked for');
    if (origin !== undefined && origin !== `http://${authority}`) throw new Refusal(403, 'a foreign Origin');
    const target = request.url ?? '';
    // Not a path of this server but an address of its own, as a proxy is asked for it.
    if (!/^\/(?!\/)/.test(target)) throw new Refusal(404, 'there is nothing here');
    const url = new URL(target, `http://${authority}`);
    if (!same(url.searchParams.get('token') ?? '', token)) throw new Refusal(403, 'the token is wrong');
    return url.pathname;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const where = admit(request);
    if (request.method !== 'GET') throw new Refusal(404, 'there is nothing here');
    if (where === '/') {
      const nonce = randomBytes(16).toString('base64');
      const parts = { nonce, source: "'self'", connect: `ws://${authority}` };
      const address = (name: string) => `${name}?token=${token}`;
      const html = pageHtml({
        ...parts,
        title: 'Descent',
        scripts: [address('dashboard.js')],
        styles: [address('browser-theme.css'), address('dashboard-style.css')],
      });
      // The header forbids framing too, which the document itself cannot.
      const policy = `${contentSecurityPolicy(parts)}; frame-ancestors 'none'`;
      send(response, 'text/html; charset=utf-8', html, { 'content-security-policy': policy });
      return;
    }
    const found = files.get(where);
    if (found === undefined) throw new Refusal(404, 'there is nothing here');
    send(response, found.type, await readFile(path.join(folder, found.file)));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const status = error instanceof Refusal ? error.status : 500;
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(error instanceof Refusal ? `${error.message}\n` : 'the page cannot be read\n');
    });
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      // A browser always says where a page comes from that opens a socket.
      if (request.headers.origin === undefined) throw new Refusal(403, 'no Origin');
      if (admit(request) !== '/socket') throw new Refusal(404, 'there is nothing here');
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 400;
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, client => {
      const page = host.connect(message => client.send(JSON.stringify(message)));
      client.on('message', data => page.receive(parse(String(data))));
      client.on('close', () => page.close());
      client.on('error', () => client.terminate());
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the dashboard has no port');
  authority = `127.0.0.1:${address.port}`;

  return {
    url: `http://${authority}/?token=${token}`,
    publish: event => host.publish(event),
    show: run => host.show([run]),
    close: async () => {
      await host.settle();
      host.close();
      for (const client of sockets.clients) client.terminate();
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(
  response: ServerResponse,
  type: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, {
    'content-type': type,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    ...headers,
  });
  response.end(body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
