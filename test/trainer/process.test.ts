/** The training process as its host knows it: what it answers, what it tells, and every way in which it ends. */
import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunSettings } from '../../src/protocol/trainer';
import { readLosses } from '../../src/training';
import { digitsFolder, temporaryFolder } from '../training/support';
import { bundle, Host, isAlive, until } from './support';

/** A run that goes on until somebody ends it. */
function endless(): { settings: RunSettings; runs: string } {
  const settings = { dataset: digitsFolder(), hidden: [64], epochs: 100_000, batchSize: 10, device: 'cpu' };
  return { settings, runs: temporaryFolder() };
}

const statusSchema = z.object({ status: z.string() });

function statusOf(run: string): string {
  return statusSchema.parse(JSON.parse(readFileSync(path.join(run, 'run.json'), 'utf8'))).status;
}

async function running(): Promise<Host> {
  const host = new Host();
  await host.process.request('start', endless());
  await until(() => host.step > 0);
  return host;
}

describe('the training process', () => {
  it('sees a run through, tells of it, and ends', async () => {
    const host = new Host();
    const { settings, runs } = endless();
    const state = await host.process.request('start', { settings: { ...settings, epochs: 2 }, runs });
    expect(state.phase).toBe('preparing');
    await host.ended();
    expect(host.exit).toEqual({ code: 0, signal: null });
    expect(host.outcome).toBe('end');
    expect(host.events[0]?.event).toBe('start');
    expect(host.states.at(-1)?.phase).toBe('ended');
    expect(statusOf(host.run)).toBe('finished');
    expect(host.output).toEqual([]);
  });

  it('tells at most 20 batches a second', async () => {
    const host = await running();
    host.batches.length = 0;
    await new Promise(resolve => setTimeout(resolve, 2000));
    expect(host.batches.length).toBeGreaterThan(3);
    expect(host.batches.length).toBeLessThanOrEqual(42);
  });

  it('pauses, steps, goes on and stops, and answers each within 100 ms', async () => {
    const host = await running();
    const times: number[] = [];
    const ask = async <T>(answer: Promise<T>) => {
      const began = performance.now();
      const result = await answer;
      times.push(performance.now() - began);
      return result;
    };
    expect(await ask(host.process.request('pause', {}))).toMatchObject({ phase: 'paused' });
    await new Promise(resolve => setTimeout(resolve, 300));
    const losses = () => readLosses(path.join(host.run, 'metrics.jsonl')).length;
    const before = losses();
    await ask(host.process.request('step', { count: 1 }));
    await until(() => losses() === before + 1);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(losses()).toBe(before + 1);
    expect(await ask(host.process.request('continue', {}))).toMatchObject({ phase: 'running' });
    await until(() => losses() > before + 10);
    expect(await ask(host.process.request('setLearningRate', { lr: 0.01 }))).toMatchObject({ lr: 0.01 });
    expect(await ask(host.process.request('stop', {}))).toMatchObject({ phase: 'stopping' });
    await host.ended();
    expect(host.outcome).toBe('stopped');
    times.sort((a, b) => a - b);
    // The median: the machine that tests may be busy with something else for a moment.
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(100);
  });

  it('takes another learning rate: one that is far too high ends the run', async () => {
    const host = await running();
    await host.process.request('setLearningRate', { lr: 1e20 });
    await host.ended();
    expect(host.events.at(-1)).toMatchObject({ event: 'error' });
    expect(statusOf(host.run)).toBe('failed');
  });

  it('refuses what makes no sense with a sentence', async () => {
    const refused = (settings: RunSettings) =>
      new Host().process.request('start', { settings, runs: temporaryFolder() });
    await expect(refused({ dataset: null, epochs: -1 })).rejects.toThrow(/epochs/);
    await expect(refused({ dataset: null, device: 'abacus' })).rejects.toThrow(/device/);
    await expect(new Host().process.request('pause', {})).rejects.toThrow('no run is in progress');
    const host = await running();
    await expect(host.process.request('start', endless())).rejects.toThrow('has a run already');
  });

  it('tells of a dataset that is not there, and leaves no run behind', async () => {
    const host = new Host();
    const runs = temporaryFolder();
    await host.process.request('start', { settings: { dataset: '/there/is/nothing' }, runs });
    await host.ended();
    expect(host.events).toMatchObject([
      { event: 'error', message: expect.stringContaining('/there/is/nothing') },
    ]);
  });
});

describe('a run that is cancelled while it is prepared', () => {
  it('says by what, and leaves neither a folder nor a process', async () => {
    const host = new Host();
    const { settings, runs } = endless();
    await host.process.request('start', { settings, runs });
    await until(() => host.states.some(({ stage }) => stage === 'data'));
    await host.process.cancel();
    await host.ended();
    expect(host.exit).toEqual({ code: 0, signal: null });
    expect(host.events).toMatchObject([
      { event: 'error', message: expect.stringMatching(/^interrupted before/) },
    ]);
    expect(readdirSync(runs)).toEqual([]);
  });

  it('is killed where it does not hear', async () => {
    const deaf = path.join(temporaryFolder(), 'deaf.mjs');
    writeFileSync(deaf, `process.on('message', () => { for (;;); });`);
    const host = new Host(deaf);
    void host.process.request('start', endless()).catch(() => undefined);
    await host.process.cancel(200);
    await host.ended();
    expect(host.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('is saved where it has begun already', async () => {
    const host = await running();
    await host.process.cancel(0);
    await host.ended();
    expect(host.exit).toEqual({ code: 0, signal: null });
    expect(host.outcome).toBe('stopped');
    expect(statusOf(host.run)).toBe('stopped');
  });
});

describe('the end of the training process', () => {
  it('by SIGKILL is told, and the run goes on from its last checkpoint', async () => {
    const host = await running();
    await until(() => existsSync(path.join(host.run, 'checkpoints', 'last.pt')));
    process.kill(host.process.pid ?? 0, 'SIGKILL');
    await host.ended();
    expect(host.exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(host.outcome).toBeUndefined();
    await expect(host.process.request('pause', {})).rejects.toThrow();

    const again = new Host();
    await again.process.request('resume', { run: host.run, changes: {} });
    await until(() => again.step > 0);
    await again.process.request('stop', {});
    await again.ended();
    expect(again.outcome).toBe('stopped');
    const steps = readLosses(path.join(host.run, 'metrics.jsonl')).map(({ step }) => step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  });

  it('tolerates a torn last line when the run goes on', async () => {
    const host = await running();
    await until(() => existsSync(path.join(host.run, 'checkpoints', 'last.pt')));
    process.kill(host.process.pid ?? 0, 'SIGKILL');
    await host.ended();
    const file = path.join(host.run, 'metrics.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -7));
    const again = new Host();
    await again.process.request('resume', { run: host.run, changes: {} });
    await until(() => again.step > 0);
    again.process.dispose();
    await again.ended();
    const steps = readLosses(file).map(({ step }) => step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  });

  it('follows when its host lets go of it: the run is saved first', async () => {
    const host = await running();
    const { pid = 0 } = host.process;
    host.process.dispose();
    await host.ended();
    expect(isAlive(pid)).toBe(false);
    expect(statusOf(host.run)).toBe('stopped');
    expect(existsSync(path.join(host.run, 'checkpoints', 'last.pt'))).toBe(true);
  });

  it('follows when its host is killed, also while the run is paused', async () => {
    // A process between this one and the trainer, which can be killed.
    const folder = temporaryFolder();
    const hostFile = path.join(folder, 'host.mjs');
    writeFileSync(
      hostFile,
      `import { fork } from 'node:child_process';
       const child = fork(process.argv[2], [], { silent: true });
       const ask = (id, method, params) => child.send({ jsonrpc: '2.0', id, method: 'descent/' + method, params });
       child.on('message', ({ params }) => {
         const start = params?.events?.find(({ event }) => event === 'start');
         if (start === undefined) return;
         ask(2, 'pause', {});
         process.send({ pid: child.pid, run: start.run });
       });
       ask(1, 'start', JSON.parse(process.argv[3]));`,
    );
    const host = fork(hostFile, [bundle, JSON.stringify(endless())]);
    const message: unknown = await new Promise(resolve => host.once('message', resolve));
    const { pid, run } = z.object({ pid: z.number(), run: z.string() }).parse(message);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(isAlive(pid)).toBe(true);
    host.kill('SIGKILL');
    await until(() => !isAlive(pid));
    expect(statusOf(run)).toBe('stopped');
  });
});
