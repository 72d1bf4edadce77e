/** What a script of samples writes, line by line. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** Where the scripts and the files beside them are; this program runs in `dist/`. */
export const here = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../test/accept');

/** The first line: what there is. */
const headerSchema = z.object({ entries: z.array(z.string()), version: z.string() });

/** All entries of one of PyTorch's lists of tests. */
export type Header = z.infer<typeof headerSchema>;

/**
 * Runs a script, and hands over its lines, some at once.
 * @param names of the entries to ask for; all where there is none
 */
export async function readSamples(
  script: string,
  names: readonly string[],
  take: (lines: readonly unknown[]) => Promise<void>,
): Promise<Header> {
  const python = spawn('/usr/bin/python3', [path.join(here, script), ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  const ended = new Promise<number | null>(resolve => python.once('close', resolve));
  let header: Header | undefined;
  let waiting: unknown[] = [];
  for await (const text of createInterface({ input: python.stdout })) {
    const json: unknown = JSON.parse(text);
    if (header === undefined) {
      header = headerSchema.parse(json);
      continue;
    }
    waiting.push(json);
    // A session costs some time, and a large one more than its share.
    if (waiting.length < 100) continue;
    await take(waiting);
    waiting = [];
  }
  await take(waiting);
  if ((await ended) !== 0 || header === undefined) throw new Error(`${script} failed`);
  return header;
}
