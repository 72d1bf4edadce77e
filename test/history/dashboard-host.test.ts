import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DashboardHost, type HostAbilities } from '../../src/history';
import {
  type HostRequests,
  hostSide,
  type PageEvents,
  pageSide,
  type RunStatus,
} from '../../src/protocol/dashboard';
import { Endpoint } from '../../src/protocol/endpoint';
import type { StartEvent } from '../../src/protocol/training-events';
import { makeRun, stepsLine, temporaryFolder } from './support';

const now = () => new Date().toISOString();

function started(run: string): StartEvent {
  const dataset = { name: 'mnist', train: 1, validation: 1, test: 1, shape: [], classes: [] };
  const model = { model: 'm', parameters: 1, device: 'cpu', deviceReason: '' };
  return { event: 'start', run, ...model, dataset, epochs: 5, stepsPerEpoch: 100, learning: [], step: 0 };
}

/** A host, and a page that has loaded. */
async function open(runs: string, abilities: HostAbilities = {}) {
  const host = new DashboardHost(runs, abilities);
  onTestFinished(() => host.close());
  const statuses: RunStatus[] = [];
  const shown: string[] = [];
  const page: Endpoint<object, PageEvents, HostRequests, object> = new Endpoint<
    object,
    PageEvents,
    HostRequests,
    object
  >(
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
    message => connection.receive(JSON.parse(JSON.stringify(message))),
  );
  const connection = host.connect(message => page.receive(JSON.parse(JSON.stringify(message))));
  return { host, page, statuses, shown };
}

describe('the host of the dashboard', () => {
  it('tells how the run in progress stands, until its end', async () => {
    const runs = temporaryFolder();
    const run = makeRun(runs, 'a', [stepsLine(2, 1, [2, 1])], { status: 'running', created: now() });
    const { host, page, statuses } = await open(runs);
    await page.request('ready', { page: 'p' });
    host.publish(started(run));
    expect(await page.request('watch', { runs: ['a', 'nowhere'] })).toMatchObject([
      { live: true, step: 2, summary: { state: 'running' } },
    ]);
    const last = () => statuses.at(-1);
    host.publish({ event: 'change', paused: true, learningRate: 0.5 });
    await vi.waitFor(() => expect(last()).toMatchObject({ learningRate: 0.5, summary: { state: 'paused' } }));
    host.publish({ event: 'change', paused: false });
    await vi.waitFor(() =>
      expect(last()).toMatchObject({ learningRate: 0.5, summary: { state: 'running' } }),
    );
    makeRun(runs, 'a', [stepsLine(2, 1, [2, 1])], { status: 'finished', testAccuracy: 0.9, created: now() });
    host.publish({
      event: 'end',
      testLoss: null,
      testAccuracy: 0.9,
      bestEpoch: 1,
      stoppedEarly: false,
      checkpoint: '',
      run,
      seconds: 1,
    });
    await vi.waitFor(() =>
      expect(last()).toMatchObject({
        live: false,
        accuracy: { value: 0.9, of: 'test' },
        summary: { state: 'finished' },
      }),
    );
  });

  it('says at once that a run was interrupted whose process ended without a word', async () => {
    const runs = temporaryFolder();
    const run = makeRun(runs, 'a', [], { status: 'running', created: now() });
    const { host, page } = await open(runs);
    host.publish(started(run));
    host.publish({ event: 'error', message: 'crashed' });
    expect((await page.request('ready', { page: 'p' })).runs).toMatchObject([{ state: 'interrupted' }]);
    expect(await page.request('watch', { runs: ['a'] })).toMatchObject([{ live: false }]);
    host.publish(started(run));
    expect((await page.request('ready', { page: 'p' })).runs).toMatchObject([{ state: 'running' }]);
  });

  it('has a run shown by pages that are there and by those still loading', async () => {
    const runs = temporaryFolder();
    makeRun(runs, 'a');
    const { host, page, shown } = await open(runs);
    host.show(['a', 'b']);
    expect(shown).toEqual([]);
    expect(await page.request('ready', { page: 'p' })).toMatchObject({
      show: { runs: ['a', 'b'], node: null },
    });
    host.show(['a']);
    expect(shown).toEqual(['a']);
    expect(await page.request('ready', { page: 'q' })).toMatchObject({ show: null });
  });

  it('keeps telling why a run paused by itself, until it goes on', async () => {
    const runs = temporaryFolder();
    const run = makeRun(runs, 'a', [stepsLine(2, 1, [2, 1])], { status: 'running', created: now() });
    const { host, page } = await open(runs);
    host.publish(started(run));
    const note = async () => (await page.request('watch', { runs: ['a'] }))[0]?.note;
    const reason = 'the loss became NaN';
    host.publish({ event: 'breakpoint', epoch: 1, step: 2, reason, node: null, of: null, name: null });
    // The process is not known to rest yet.
    host.publish({ event: 'change', paused: false });
    expect(await note()).toContain(reason);
    host.publish({ event: 'change', paused: true });
    host.publish({ event: 'change', paused: true, learningRate: 0.1 });
    expect(await note()).toContain(reason);
    host.publish({ event: 'change', paused: false });
    expect(await note()).toBeNull();
  });

  it('goes on showing a run that has another name now', async () => {
    const runs = temporaryFolder();
    makeRun(runs, 'a');
    makeRun(runs, 'b');
    const { host, page, shown } = await open(runs);
    await page.request('ready', { page: 'p' });
    await page.request('watch', { runs: ['a', 'b'] });
    host.renamed('b', 'c');
    expect(shown).toEqual(['a', 'c']);
    host.renamed('d', 'e');
    expect(shown).toEqual(['a', 'c']);
  });

  it('lets the host save what a page exports, a part at a time, under a plain name', async () => {
    const runs = temporaryFolder();
    const losses = Array.from({ length: 1000 }, (_, i) => i);
    makeRun(
      runs,
      'a, "b"',
      Array.from({ length: 50 }, (_, i) => stepsLine((i + 1) * 1000, 1, losses)),
    );
    const saved: { name: string; parts: string[] }[] = [];
    const { page } = await open(runs, {
      onSave: async ({ name, parts }) => {
        const all: string[] = [];
        for await (const part of parts) all.push(Buffer.from(part).toString());
        saved.push({ name, parts: all });
        return true;
      },
    });
    const request = { runs: ['a, "b"', 'nowhere'], series: ['train/loss' as const], cursor: null };
    expect(await page.request('saveCsv', { name: '../../x.csv', ...request })).toBe(true);
    const [file] = saved;
    expect(file?.name).toBe('x.csv');
    expect(file?.parts).toHaveLength(3);
    const lines = file?.parts.join('').trimEnd().split('\n') ?? [];
    expect(lines).toHaveLength(50_001);
    expect(lines[50_000]).toMatch(/^"a, ""b""",train\/loss,50000,[\d.]+,[\d.]+,999$/);
    await page.request('save', { name: 'a.png', base64: Buffer.from('picture').toString('base64') });
    expect(saved[1]).toEqual({ name: 'a.png', parts: ['picture'] });
    await expect(page.request('csv', { ...request, cursor: '-1.x' })).rejects.toThrow('no place in a table');
  });
});
