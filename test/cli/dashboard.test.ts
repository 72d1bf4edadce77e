/** `descent train --dashboard` and `descent dashboard`, looked at as the page does it: over a socket. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod';
import {
  type HostRequests,
  hostSide,
  type PageEvents,
  pageSide,
  type RunStatus,
  type SeriesQuery,
} from '../../src/protocol/dashboard';
import { Endpoint } from '../../src/protocol/endpoint';
import { makeRun, stepsLine } from '../history/support';
import { digitsFolder, lossesOf, temporaryFolder } from '../training/support';
import { descent, eventsOf, failureIn, noDriver, program, runProgram, startOf } from './support';

const eventually = { timeout: 15_000, interval: 20 };
const endless = ['--hidden', '16', '--batch-size', '10', '--device', 'cpu', '--epochs', '100000'];
const addressSchema = z.object({ event: z.literal('dashboard'), url: z.url() });

/** Runs `descent`, and gives the address of its dashboard as soon as it is printed. */
async function serving(args: readonly string[]) {
  let process: ChildProcess | undefined;
  let printed: (line: string) => void = () => undefined;
  const line = new Promise<string>(resolve => {
    printed = resolve;
  });
  const ended = descent([...args, '--json'], {
    onStart: child => {
      process = child;
    },
    onOutput: stdout => {
      const found = stdout.split('\n').find(each => each.includes('"dashboard"') && each.endsWith('}'));
      if (found !== undefined) printed(found);
    },
  });
  onTestFinished(() => void process?.kill('SIGKILL'));
  const url = new URL(addressSchema.parse(JSON.parse(await line)).url);
  return { url, ended, interrupt: () => process?.kill('SIGINT') };
}

/** Connects to a dashboard as its page does. */
async function connect(url: URL, headers: Record<string, string> = { origin: url.origin }) {
  const socket = new WebSocket(`ws://${url.host}/socket${url.search}`, { headers });
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  const statuses: RunStatus[] = [];
  const shown: string[] = [];
  const page = new Endpoint<object, PageEvents, HostRequests, object>(
    pageSide,
    hostSide,
    {
      requests: {},
      events: {
        runs: () => undefined,
        status: status => void statuses.push(status),
        show: ({ runs }) => void shown.push(...runs),
      },
    },
    message => socket.send(JSON.stringify(message)),
  );
  socket.on('message', data => page.receive(JSON.parse(String(data))));
  const welcome = await page.request('ready', { page: 'p' });
  const [first] = await page.request('watch', { runs: welcome.runs.map(({ id }) => id) });
  if (first !== undefined) statuses.push(first);
  return { page, welcome, statuses, last: () => statuses.at(-1) };
}

const losses: Omit<SeriesQuery, 'run'> = {
  series: 'train/loss',
  axis: 'step',
  from: null,
  to: null,
  margin: 0,
  width: 500,
  log: false,
  smoothing: 0,
};

function statusOf(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, response => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

describe('descent train --dashboard', () => {
  test('shows the run as it goes, obeys the page, and ends with the run', async () => {
    const runs = temporaryFolder();
    const { url, ended } = await serving([
      'train',
      digitsFolder(),
      ...endless,
      '--runs',
      runs,
      '--dashboard',
    ]);
    expect(url.hostname).toBe('127.0.0.1');
    const { page, welcome, last } = await connect(url);
    expect(welcome).toMatchObject({ can: { control: true }, runs: [{ state: 'running' }] });
    const run = welcome.live ?? '';
    const points = async () => (await page.request('query', { run, ...losses })).count;
    const first = await points();
    await vi.waitFor(async () => expect(await points()).toBeGreaterThan(first + 100), eventually);
    expect(last()?.live).toBe(true);

    await page.request('control', { action: 'pause' });
    await vi.waitFor(() => expect(last()?.summary.state).toBe('paused'), eventually);
    await new Promise(resolve => setTimeout(resolve, 300));
    const paused = await points();
    await page.request('control', { action: 'step' });
    await vi.waitFor(async () => expect(await points()).toBe(paused + 1), eventually);
    await page.request('control', { action: 'learning-rate', value: 0.0123 });
    await page.request('control', { action: 'resume' });
    await vi.waitFor(() => expect(last()).toMatchObject({ learningRate: 0.0123 }), eventually);
    await vi.waitFor(async () => expect(await points()).toBeGreaterThan(paused + 10), eventually);
    await page.request('control', { action: 'stop' });

    const end = await ended;
    expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 0, stderr: '' });
    expect(eventsOf(end).at(-1)).toMatchObject({ event: 'stopped' });
    expect(last()).toMatchObject({ live: false, summary: { state: 'stopped' } });
    const folder = startOf(end).run;
    expect(path.basename(folder)).toBe(run);
    expect(lossesOf(folder).length).toBeGreaterThan(paused + 10);
    expect(readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8')).toContain('"learningRate":0.0123');
  });

  test('is refused to everybody else', async () => {
    const { url, ended, interrupt } = await serving([
      ...['train', digitsFolder(), ...endless, '--runs', temporaryFolder(), '--dashboard'],
    ]);
    expect(await statusOf(url.href)).toBe(200);
    expect(await statusOf(`${url.origin}/?token=${'x'.repeat(32)}`)).toBe(403);
    expect(await statusOf(url.href, { host: `localhost:${url.port}` })).toBe(403);
    expect(await statusOf(url.href, { origin: 'http://evil.example' })).toBe(403);
    await expect(connect(url, { origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(connect(url, {})).rejects.toThrow('403');
    interrupt();
    expect((await ended).code).toBe(0);
  });

  test('shows a run that fails until the end, and fails', async () => {
    const args = ['--lr', '1e6', '--device', 'cpu', '--runs', temporaryFolder(), '--dashboard'];
    const { ended } = await serving(['train', digitsFolder(), ...args]);
    expect((await ended).code).toBe(1);
    expect(failureIn(await ended)).toContain('the loss became');
  });

  test('announces nothing for a run that cannot begin', async () => {
    const ended = await descent(['train', 'nowhere', '--dashboard', '--json']);
    expect(eventsOf(ended).map(({ event }) => event)).toEqual(['error']);
    expect(failureIn(ended)).toContain('nowhere');
  });
});

const hasTerminal = spawnSync('script', ['-qec', 'exit 7', '/dev/null']).status === 7;
if (!hasTerminal) console.warn('Skipped: without the program script there is no terminal to test in.');

/** Runs `descent` in a terminal, and presses Ctrl-C when `text` has appeared. */
function inTerminal(args: readonly string[], text: string) {
  const command = [process.execPath, program, ...args].map(each => `'${each}'`).join(' ');
  // `exec`, for a shell that stays (dash does) gets Ctrl-C too, and its end would be taken for the program's.
  return runProgram('script', ['-qec', `exec ${command}`, '/dev/null'], {
    env: { ...noDriver, npm_lifecycle_event: 'start' },
    onOutput: (stdout, child) => {
      if (text !== '' && stdout.includes(text)) child.stdin?.end('\x03');
    },
  });
}

describe.skipIf(!hasTerminal)('in a terminal', () => {
  const short = ['--hidden', '16', '--device', 'cpu', '--epochs', '1'];

  test('the dashboard outlives the run, until Ctrl-C', async () => {
    const args = ['train', digitsFolder(), ...short, '--runs', temporaryFolder(), '--dashboard'];
    const { code, stdout } = await inTerminal(args, 'until you press Ctrl-C');
    expect(stdout).toMatch(/^Watch {3}http:\/\/127\.0\.0\.1:\d+\/\?token=\S+\r$/m);
    expect(stdout).toContain('Test accuracy');
    expect(code).toBe(0);
  });

  test('a run that failed can be looked at, and is a failure', async () => {
    const args = ['train', digitsFolder(), '--lr', '1e6', '--runs', temporaryFolder(), '--dashboard'];
    const { code, stdout } = await inTerminal(args, 'until you press Ctrl-C');
    expect(stdout).toContain('the loss became');
    expect(code).toBe(1);
  });

  test('a run without a dashboard says how to have one, and ends by itself', async () => {
    const args = ['train', digitsFolder(), ...short, '--runs', temporaryFolder()];
    const { code, stdout } = await inTerminal(args, '');
    expect(stdout).toMatch(/^Watch {3}in a browser: npm start -- --dashboard\r$/m);
    expect(code).toBe(0);
  });
});

describe('descent dashboard', () => {
  test('serves the runs in a folder until it is interrupted', async () => {
    const runs = temporaryFolder();
    makeRun(runs, 'a', [stepsLine(3, 1, [3, 2, 1])]);
    const { url, ended, interrupt } = await serving(['dashboard', runs]);
    const { page, welcome } = await connect(url);
    expect(welcome).toMatchObject({ runs: [{ id: 'a' }], live: null, show: null, can: { control: false } });
    expect((await page.request('query', { run: 'a', ...losses })).mean).toEqual([3, 2, 1]);
    interrupt();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('shows one run, given its folder', async () => {
    const runs = temporaryFolder();
    makeRun(runs, 'a', [], { created: '2026-01-01T00:00:00.000Z' });
    makeRun(runs, 'b', [], { created: '2026-01-02T00:00:00.000Z' });
    const { url, ended, interrupt } = await serving(['dashboard', path.join(runs, 'a')]);
    expect((await connect(url)).welcome).toMatchObject({
      show: { runs: ['a'], node: null },
      runs: [{ id: 'b' }, { id: 'a' }],
    });
    interrupt();
    await ended;
  });

  test('says what is missing', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    expect(failureIn(await descent(['dashboard', file]))).toContain(
      'expected a folder of runs, found a file',
    );
    const cwd = path.join(folder, 'empty');
    mkdirSync(cwd);
    const ended = await descent(['dashboard'], { cwd });
    expect(failureIn(ended)).toBe(
      "runs: expected a folder of runs, found nothing; 'descent train' makes one",
    );
    expect(existsSync(path.join(cwd, 'runs'))).toBe(false);
  });
});
