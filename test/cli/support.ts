/** Runs the command line as a user does, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';
import * as z from 'zod';
import { bundle } from '../support/bundle';

const root = path.join(import.meta.dirname, '../..');
const entries = { cli: 'src/cli.ts', 'dashboard-server': 'src/dashboard-server/thread-main.ts' };

/** The path of the bundled command line, for a shell. */
export const program = path.join(await bundle('cli', entries), 'cli.js');

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started. */
export interface Start {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with all of standard output so far whenever there is more of it. */
  readonly onOutput?: (stdout: string, child: ChildProcess) => void;
  /** Called with the process as soon as it was started. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** No driver for a GPU can be found: what a test sees does not depend on the machine. */
export const noDriver = {
  VK_ICD_FILENAMES: '/nonexistent/icd.json',
  VK_DRIVER_FILES: '/nonexistent/icd.json',
};

/** Runs `descent` with these arguments. */
export function descent(args: readonly string[], { env, ...start }: Start = {}): Promise<Ended> {
  return runProgram(process.execPath, [program, ...args], { ...start, env: { ...noDriver, ...env } });
}

/** Runs any program and waits for its end. */
export function runProgram(
  file: string,
  args: readonly string[],
  { cwd, env, onOutput, onStart }: Start = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: cwd ?? root, env: { ...process.env, ...env } });
    onStart?.(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onOutput?.(stdout, child);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}

const eventSchema = z.looseObject({ event: z.string() });

/** Standard output as events: each line an object, and nothing else. */
export function eventsOf({ stdout }: Ended): z.infer<typeof eventSchema>[] {
  if (stdout === '') return [];
  expect(stdout.endsWith('\n')).toBe(true);
  return stdout
    .slice(0, -1)
    .split('\n')
    .map(line => eventSchema.parse(JSON.parse(line)));
}

/** The one line on standard error of a command that failed, without the name of the program. */
export function failureIn({ code, stderr }: Ended, expectedCode = 1): string {
  expect({ code, stderr }).toMatchObject({ code: expectedCode });
  expect(stderr).toMatch(/^(descent|error): [^\n]+\n$/);
  return stderr.slice(stderr.indexOf(' ') + 1, -1);
}

const startSchema = z.object({
  event: z.literal('start'),
  run: z.string(),
  model: z.string(),
  parameters: z.number(),
  device: z.string(),
  deviceReason: z.string(),
  dataset: z.object({
    name: z.string(),
    train: z.number(),
    validation: z.number(),
    test: z.number(),
    shape: z.array(z.number()),
    classes: z.array(z.string()),
  }),
});

/** The event with which a run begins. */
export function startOf(ended: Ended) {
  return startSchema.parse(eventsOf(ended).find(({ event }) => event === 'start'));
}
