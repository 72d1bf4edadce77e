/** What the tests of the training process share: its bundle, and a host that follows it. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { TrainerExit } from '../../src/extension/training/trainer-exit';
import { TrainerProcess } from '../../src/extension/training/trainer-process';
import type { TrainerState } from '../../src/protocol/trainer';
import type { TrainingEvent } from '../../src/protocol/training-events';

const root = path.join(import.meta.dirname, '../..');
/** Within the project, so that packages are found, and one for each process of the tests. */
export const bundle = path.join(root, 'node_modules', '.cache', 'descent-test', `trainer-${process.pid}.mjs`);

beforeAll(async () => {
  mkdirSync(path.dirname(bundle), { recursive: true });
  await build({
    entryPoints: [path.join(root, 'src', 'trainer', 'main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['onnxruntime-node'],
    banner: {
      js: "import { createRequire as descentRequire } from 'node:module'; const require = descentRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
});
afterAll(() => rmSync(bundle, { force: true }));

const started: Host[] = [];
afterEach(async () => {
  const hosts = started.splice(0);
  for (const host of hosts) host.process.dispose();
  // What they write into folders that are removed next must be written.
  await until(() => hosts.every(({ exit }) => exit !== undefined));
});

/** Waits until `look` is true. */
export async function until(look: () => boolean, seconds = 20): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!look() && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 5));
  expect(look()).toBe(true);
}

/** A host, and what it heard. */
export class Host {
  readonly events: TrainingEvent[] = [];
  /** When each batch of events came, in milliseconds. */
  readonly batches: number[] = [];
  readonly states: TrainerState[] = [];
  readonly output: string[] = [];
  exit: TrainerExit | undefined;
  readonly process: TrainerProcess;

  constructor(module = bundle) {
    this.process = new TrainerProcess(module, {
      onEvents: events => {
        this.events.push(...events);
        this.batches.push(performance.now());
      },
      onState: state => this.states.push(state),
      onOutput: text => this.output.push(text),
      onExit: exit => {
        this.exit = exit;
      },
    });
    started.push(this);
  }

  /** The last step that was told. */
  get step(): number {
    return this.events.reduce((last, event) => (event.event === 'step' ? event.step : last), 0);
  }

  /** The run's folder. */
  get run(): string {
    const start = this.events.find(event => event.event === 'start');
    return start?.run ?? '';
  }

  /** How the run ended by its own account. */
  get outcome(): string | undefined {
    return this.events.find(({ event }) => ['end', 'stopped', 'error'].includes(event))?.event;
  }

  /** Waits until the process is gone. */
  async ended(seconds = 20): Promise<void> {
    await until(() => this.exit !== undefined, seconds);
  }
}

/** Whether there is a process of this number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
