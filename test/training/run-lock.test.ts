import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastHeard, runLockName } from '../../src/history/run-lock';
import { resume, train } from '../../src/training';
import { lockRun } from '../../src/training/run-lock';
import { failureOf, smallConfig, temporaryFolder } from './support';

/** The number of a process that has ended. */
function endedProcess(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

function leave(run: string, lock: object, age = 0): void {
  const file = path.join(run, runLockName);
  writeFileSync(file, JSON.stringify(lock));
  const then = (Date.now() - age) / 1000;
  utimesSync(file, then, then);
}

describe('the lock of a run', () => {
  test('keeps other processes away until it is let go of', async () => {
    const run = temporaryFolder();
    const other = { pid: process.ppid, host: hostname() };
    leave(run, other);
    expect(() => lockRun(run)).toThrow(
      `${run}: this run is in progress already, in process ${process.ppid} on ${hostname()}; stop it there first`,
    );
    expect(JSON.parse(readFileSync(path.join(run, runLockName), 'utf8'))).toEqual(other);
    expect(await lastHeard(run)).toBeGreaterThan(Date.now() - 1000);
  });

  test.each([
    ['by a process that has ended', () => ({ pid: endedProcess(), host: hostname() }), 0],
    [
      'by a process whose number another one has by now',
      () => ({ pid: process.ppid, host: hostname() }),
      120_000,
    ],
    ['by another machine long ago', () => ({ pid: 1, host: 'elsewhere' }), 120_000],
    ['half-written', () => ({}), 0],
  ])('is taken over when it was left behind %s', async (_, lock, age) => {
    const run = temporaryFolder();
    leave(run, lock(), age);
    const heard = await lastHeard(run);
    expect(heard === 0 || heard === undefined).toBe(true);
    const release = lockRun(run);
    expect(JSON.parse(readFileSync(path.join(run, runLockName), 'utf8')).pid).toBe(process.pid);
    release();
    expect(readdirSync(run)).toEqual([]);
    expect(await lastHeard(run)).toBeUndefined();
  });

  test('is held by another machine that touches it', () => {
    const run = temporaryFolder();
    leave(run, { pid: endedProcess(), host: 'elsewhere' });
    expect(() => lockRun(run)).toThrow('elsewhere');
  });

  test('is there while a run trains, and a run that somebody else trains is not resumed', async () => {
    const runs = temporaryFolder();
    let folder = '';
    const held: boolean[] = [];
    const onEvent = (event: { event: string; run?: string }) => {
      if (event.event === 'start') folder = event.run ?? '';
      if (event.event !== 'preparing') held.push(existsSync(path.join(folder, runLockName)));
    };
    await train(smallConfig({ epochs: 1 }), { runs, onEvent });
    expect(held.length).toBeGreaterThan(1);
    expect(held).not.toContain(false);
    expect(readdirSync(folder)).not.toContain(runLockName);
    const before = readFileSync(path.join(folder, 'run.json'), 'utf8');
    leave(folder, { pid: process.ppid, host: hostname() });
    expect(await failureOf(resume(folder, { epochs: 2 }, { onEvent }))).toContain('in progress already');
    expect(readFileSync(path.join(folder, 'run.json'), 'utf8')).toBe(before);
  });
});
