/** Takes the folder of a run for this process alone, as long as it trains the run. */
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { isHeld, type RunLock, runLockBeat, runLockName, runLockSchema } from '../history/run-lock';
import { TrainingError } from './errors';
import { attempt } from './file-errors';

/** The process that holds a run; undefined if there is none. */
function holderOf(file: string): RunLock | undefined {
  try {
    const lock = runLockSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const age = Date.now() - statSync(file).mtimeMs;
    const mine = lock.pid === process.pid && lock.host === hostname();
    return !mine && isHeld(lock, age) ? lock : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the file; false if it is there already. */
function make(file: string): boolean {
  const lock: RunLock = { pid: process.pid, host: hostname() };
  try {
    writeFileSync(file, JSON.stringify(lock), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    rmSync(file, { force: true });
    throw error;
  }
}

/**
 * Takes a run.
 * @returns what lets go of it
 * @throws TrainingError if another process trains it
 */
export function lockRun(run: string): () => void {
  const file = path.join(run, runLockName);
  for (let attempts = 0; ; attempts++) {
    if (attempt('could not be written', file, () => make(file))) break;
    const holder = holderOf(file);
    if (holder !== undefined || attempts === 3) {
      const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
      throw new TrainingError(`${run}: this run is in progress already, in ${who}; stop it there first`);
    }
    // Left behind by a process that was killed.
    rmSync(file, { force: true });
  }
  const beat = setInterval(() => touch(file), runLockBeat);
  beat.unref();
  return () => {
    clearInterval(beat);
    rmSync(file, { force: true });
  };
}

function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // The folder is gone; the run says so when it writes the next time.
  }
}
