/** The training process as its host knows it: what it answers, what it tells, and every way in which it ends. */
import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readCheckpoint, tensorAt } from '../../src/checkpoint';
import { noBreakpoints } from '../../src/protocol/breakpoints';
import { pictureQuery, type RunSettings, summarizeQuery, valuesQuery } from '../../src/protocol/trainer';
import { readLosses } from '../../src/training';
import { digitsFolder, temporaryFolder } from '../training/support';
import { Host, isAlive, program, until } from './support';

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

  it('takes another learning rate: one that is far too high pauses the run, and says where it goes wrong', async () => {
    const host = await running();
    await host.process.request('setLearningRate', { lr: 1e39 });
    await until(() => host.events.some(({ event }) => event === 'breakpoint'));
    expect(host.events.find(({ event }) => event === 'breakpoint')).toMatchObject({
      reason: 'the loss became NaN',
      of: 'update',
      name: 'fc1.weight',
    });
    await until(() => host.states.at(-1)?.phase === 'paused');
    await host.process.request('setLearningRate', { lr: 0.01 });
    const before = host.step;
    expect(await host.process.request('continue', {})).toMatchObject({ phase: 'running' });
    await until(() => host.step > before + 20);
    await host.process.request('setBreakpoints', { ...noBreakpoints });
    await host.process.request('setLearningRate', { lr: 1e39 });
    await host.ended();
    expect(host.events.at(-1)).toMatchObject({
      event: 'error',
      message: expect.stringContaining('fc1.weight'),
    });
    expect(statusOf(host.run)).toBe('failed');
  });

  it('shows the tensors of a run that rests: the numbers that are saved with it', async () => {
    const host = await running();
    const weight = { kind: 'parameter', name: 'fc1.weight', of: 'value' } as const;
    await expect(host.process.query(summarizeQuery, { tensor: weight })).rejects.toThrow('pause the run');
    await host.process.request('pause', {});
    const summary = await host.process.query(summarizeQuery, { tensor: weight });
    const part = { row: 3, rows: 2, column: 700, columns: 500 };
    const values = await host.process.query(valuesQuery, { tensor: weight, ...part });
    const picture = await host.process.query(pictureQuery, { tensor: weight, rows: 8, columns: 98 });
    const gradient = await host.process.query(summarizeQuery, { tensor: { ...weight, of: 'gradient' } });
    const images = await host.process.query(summarizeQuery, { tensor: { kind: 'input', name: 'images' } });
    const node = await host.process.query(summarizeQuery, { tensor: { kind: 'node', node: 0, of: 'value' } });
    await expect(
      host.process.query(summarizeQuery, { tensor: { kind: 'node', node: 999, of: 'value' } }),
    ).rejects.toThrow('no value of the node 999');
    await expect(
      host.process.query(valuesQuery, { tensor: weight, row: 0, rows: 1000, column: 0, columns: 1000 }),
    ).rejects.toThrow('at most 65536 values');
    await host.process.request('stop', {});
    await host.ended();
    const last = path.join(host.run, 'checkpoints', 'last.pt');
    const saved = tensorAt(readCheckpoint(readFileSync(last), last).value, 'model_state_dict', 'fc1.weight');
    const [rows = 0, columns = 0] = saved.shape;
    const all = Array.from(saved.data, Number);
    expect(summary).toMatchObject({ shape: [rows, columns], dtype: 'float32', device: 'cpu' });
    expect(summary.statistics).toMatchObject({
      count: rows * columns,
      min: Math.min(...all),
      max: Math.max(...all),
      nan: 0,
      infinite: 0,
    });
    expect(values).toMatchObject({ row: 3, rows: 2, column: 700, columns: columns - 700 });
    expect(values.values).toEqual([
      ...all.slice(3 * columns + 700, 4 * columns),
      ...all.slice(4 * columns + 700, 5 * columns),
    ]);
    expect(picture).toMatchObject({ matrix: { rows, columns }, rows: 8, columns: 98 });
    const inCell = Array.from({ length: rows / 8 }, (_, y) => all.slice(y * columns, y * columns + 8)).flat();
    const loudest = inCell.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    expect(picture.cells[0]).toBe(loudest);
    expect(gradient.shape).toEqual(summary.shape);
    expect(gradient.statistics.norm).toBeGreaterThan(0);
    expect(images.statistics).toMatchObject({ min: 0, max: 1 });
    expect(node).toMatchObject({ shape: [], statistics: { count: 1 } });
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
    const host = fork(hostFile, [program, JSON.stringify(endless())]);
    const message: unknown = await new Promise(resolve => host.once('message', resolve));
    const { pid, run } = z.object({ pid: z.number(), run: z.string() }).parse(message);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(isAlive(pid)).toBe(true);
    host.kill('SIGKILL');
    await until(() => !isAlive(pid));
    expect(statusOf(run)).toBe('stopped');
  });
});
