/** Writes down that a run's process has crashed: it could not do so itself, and its `run.json` says it is running. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { describeExit, type TrainerExit } from './trainer-exit';

const infoSchema = z.looseObject({ status: z.string() });

/** How a run stands by its own account; undefined if it is gone. */
export async function statusOf(run: string): Promise<string | undefined> {
  try {
    return infoSchema.parse(JSON.parse(await readFile(path.join(run, 'run.json'), 'utf8'))).status;
  } catch {
    return undefined;
  }
}

/** Marks the run as failed, so that nobody takes it for one that is running. It can be resumed as before. */
export async function recordCrash(run: string, exit: TrainerExit): Promise<void> {
  const file = path.join(run, 'run.json');
  const info = infoSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  if (info.status !== 'running') return;
  const error = `the training process stopped unexpectedly (${describeExit(exit)})`;
  const beside = `${file}.${process.pid}.part`;
  try {
    await writeFile(beside, `${JSON.stringify({ ...info, status: 'failed', error }, null, 2)}\n`);
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}
