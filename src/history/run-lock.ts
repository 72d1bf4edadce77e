/**
 * Who trains a run: a file that a process keeps in the run's folder, so that no other one writes there too. A process
 * that was killed leaves it behind; therefore it counts only while its process is there and touches it.
 */
import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import * as z from 'zod/mini';

/** The name of the file. */
export const runLockName = 'run.lock';

/** Milliseconds between two touches. */
export const runLockBeat = 5000;

/** Milliseconds without a touch after which a process is taken for gone, whatever else has its number by then. */
const patience = 60_000;

/** What the file holds. */
export const runLockSchema = z.object({ pid: z.int(), host: z.string() });

/** What the file holds. */
export type RunLock = z.infer<typeof runLockSchema>;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process cannot be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Whether a process trains the run. Of another machine's processes only the touches are known.
 * @param age milliseconds since the file was touched
 */
export function isHeld({ pid, host }: RunLock, age: number): boolean {
  return age < patience && (host !== hostname() || isAlive(pid));
}

/**
 * When a run that says it is running was last heard of: now where a process trains it, never (0) where that process
 * has gone without a word; undefined where nothing is known of a process.
 */
export async function lastHeard(run: string): Promise<number | undefined> {
  const file = path.join(run, runLockName);
  try {
    const lock = runLockSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    return isHeld(lock, Date.now() - (await stat(file)).mtimeMs) ? Date.now() : 0;
  } catch {
    return undefined;
  }
}
