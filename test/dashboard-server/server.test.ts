import { request } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Dashboard, startDashboard } from '../../src/dashboard-server';
import type { ControlMessage } from '../../src/protocol/dashboard';
import { makeRun, stepsLine, temporaryFolder } from '../history/support';

let dashboard: Dashboard;
let address: URL;
let token: string;
let orders: ControlMessage[];

beforeEach(async () => {
  const runs = temporaryFolder();
  makeRun(runs, 'a', [stepsLine(3, 1, [3, 2, 1])]);
  orders = [];
  dashboard = await startDashboard({
    runs,
    page: path.resolve('dist/webview'),
    onControl: message => {
      orders.push(message);
      if (message.action === 'stop') throw new Error('it cannot be stopped now');
    },
  });
  address = new URL(dashboard.url);
  token = address.searchParams.get('token') ?? '';
});

afterEach(() => dashboard.close());

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

/** What is answered to a request. */
function ask({ path = address.pathname + address.search, method = 'GET', headers = {} }: Asked) {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: address.port, path, method, headers }, response => {
        let body = '';
        response.on('data', part => {
          body += part;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      asked.on('error', reject);
      asked.end();
    },
  );
}

/** The first line of what is answered to bytes as they are. */
function askRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(address.port), '127.0.0.1', () => socket.write(text));
    let all = '';
    socket.on('data', part => {
      all += part;
    });
    socket.on('close', () => resolve(all.split('\r\n')[0] ?? ''));
    socket.on('error', reject);
    socket.setTimeout(3000, () => socket.destroy());
  });
}

function withToken(where: string): string {
  return `${where}?token=${token}`;
}

describe('the server of the dashboard', () => {
  it('listens on loopback and serves the page under a strict policy', async () => {
    expect(address.hostname).toBe('127.0.0.1');
    expect(token.length).toBe(32);
    const { status, headers, body } = await ask({});
    expect(status).toBe(200);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(body).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|style=/);
    expect((await ask({})).body).not.toBe(body);
    for (const file of ['/dashboard.js', '/dashboard-style.css', '/browser-theme.css']) {
      expect((await ask({ path: withToken(file) })).status).toBe(200);
    }
  });

  it.each([
    ['no token', () => ({ path: '/' })],
    ['a wrong token', () => ({ path: `/?token=${'x'.repeat(32)}` })],
    ['an empty token', () => ({ path: '/?token=' })],
    ['a part of the token', () => ({ path: `/?token=${token.slice(0, -1)}` })],
    ['a script without the token', () => ({ path: '/dashboard.js' })],
    ['another Host', () => ({ headers: { host: `evil.example:${address.port}` } })],
    ['another Host that resolves to this one', () => ({ headers: { host: '127.0.0.1.nip.io' } })],
    ['a Host without the port', () => ({ headers: { host: '127.0.0.1' } })],
    ['a foreign Origin', () => ({ headers: { origin: 'http://evil.example' } })],
    ['the Origin of a sandboxed page', () => ({ headers: { origin: 'null' } })],
  ])('refuses %s', async (_, asked: () => Asked) => {
    expect((await ask(asked())).status).toBe(403);
  });

  it.each([
    ['/package.json'],
    ['/dashboard.js.map'],
    ['/../package.json'],
    ['/%2e%2e/package.json'],
    ['/..%2f..%2fpackage.json'],
    ['//etc/passwd'],
    ['/dashboard.js/'],
    ['/socket'],
  ])('has nothing at %s', async where => {
    expect((await ask({ path: withToken(where) })).status).toBe(404);
  });

  it.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])('has nothing for %s', async method => {
    expect((await ask({ method })).status).toBe(404);
  });

  it('survives requests that are none', async () => {
    expect(await askRaw('nonsense\r\n\r\n')).toMatch(/400/);
    const host = `Host: ${address.host}\r\nConnection: close\r\n\r\n`;
    expect(await askRaw(`GET http://evil.example/?token=${token} HTTP/1.1\r\n${host}`)).toMatch(/40[034]/);
    expect(await askRaw(`GET // HTTP/1.1\r\n${host}`)).toMatch(/40[034]/);
    expect(await askRaw(`GET http://[ HTTP/1.1\r\n${host}`)).toMatch(/40[034]/);
    expect((await ask({})).status).toBe(200);
  });
});

/** Opens a socket; gives its first answer to a request, or the status with which it was refused. */
function talk(where: string, headers: Record<string, string>, messages: readonly string[] = []) {
  return new Promise<{ status: number; answers: unknown[] }>(resolve => {
    const socket = new WebSocket(`ws://127.0.0.1:${address.port}${where}`, { headers });
    const answers: unknown[] = [];
    socket.on('unexpected-response', (_, response) => resolve({ status: response.statusCode ?? 0, answers }));
    socket.on('error', () => undefined);
    socket.on('open', () => {
      for (const message of messages) socket.send(message);
      if (messages.length === 0) {
        socket.close();
        resolve({ status: 101, answers });
      }
    });
    socket.on('message', data => {
      answers.push(JSON.parse(String(data)));
      socket.close();
      resolve({ status: 101, answers });
    });
  });
}

const requested = (name: string, params: unknown) => JSON.stringify({ kind: 'request', id: 1, name, params });

describe('the socket of the dashboard', () => {
  const own = () => ({ origin: address.origin });

  it('opens for the page itself', async () => {
    expect(await talk(withToken('/socket'), own())).toMatchObject({ status: 101 });
  });

  it.each<[string, () => [string, Record<string, string>], number]>([
    ['a foreign Origin', () => [withToken('/socket'), { origin: 'http://evil.example' }], 403],
    ['no Origin', () => [withToken('/socket'), {}], 403],
    ['a wrong token', () => ['/socket?token=x', own()], 403],
    ['no token', () => ['/socket', own()], 403],
    ['another Host', () => [withToken('/socket'), { ...own(), host: 'evil.example' }], 403],
    ['another path', () => [withToken('/'), own()], 404],
  ])('is refused to %s', async (_, asked, status) => {
    const [where, headers] = asked();
    expect(await talk(where, headers)).toMatchObject({ status });
  });

  it('answers what the contract knows, and refuses everything else', async () => {
    const where = withToken('/socket');
    const [welcome] = (await talk(where, own(), [requested('ready', { page: 'p' })])).answers;
    expect(welcome).toMatchObject({
      kind: 'result',
      result: { runs: [{ id: 'a' }], can: { control: true } },
    });
    const look = {
      series: 'train/loss',
      axis: 'step',
      from: null,
      to: null,
      margin: 0,
      width: 500,
      log: false,
      smoothing: 0,
    };
    const [answer] = (await talk(where, own(), [requested('query', { run: 'a', ...look })])).answers;
    expect(answer).toMatchObject({ result: { x: [1, 2, 3], mean: [3, 2, 1] } });
    const [outside] = (await talk(where, own(), [requested('query', { run: '../a', ...look })])).answers;
    expect(outside).toMatchObject({ result: { count: 0 } });
    for (const bad of [
      requested('constructor', {}),
      requested('query', { run: 5 }),
      requested('query', { run: 'a', ...look, width: -1 }),
      requested('control', { action: 'format' }),
      requested('control', { action: 'learning-rate', value: -1 }),
      requested('train', {}),
      requested('save', { name: '../x', base64: '' }),
    ]) {
      const [refused] = (await talk(where, own(), ['no json', '[]', 'null', bad])).answers;
      expect(refused).toMatchObject({ kind: 'error', id: 1 });
    }
    expect(orders).toEqual([]);
  });

  it('passes orders on, and back what became of them', async () => {
    const where = withToken('/socket');
    const [done] = (await talk(where, own(), [requested('control', { action: 'pause' })])).answers;
    expect(done).toMatchObject({ kind: 'result' });
    const [failed] = (await talk(where, own(), [requested('control', { action: 'stop' })])).answers;
    expect(failed).toMatchObject({ kind: 'error', message: 'it cannot be stopped now' });
    expect(orders).toEqual([{ action: 'pause' }, { action: 'stop' }]);
  });
});
