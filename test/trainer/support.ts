/** What the tests of the training process share: its bundle, and a host that follows it. */
import path from 'node:path';
import { expect } from 'vitest';
import { startTrainer } from '../../src/extension/training/start-trainer';
import type { TrainerExit } from '../../src/extension/training/trainer-exit';
import { TrainerProcess } from '../../src/extension/training/trainer-process';
import type { TrainerState } from '../../src/protocol/trainer';
import type { TrainingEvent } from '../../src/protocol/training-events';
import { afterThisTest } from '../support/after';
import { bundle } from '../support/bundle';

/** The bundled program of the training process. */
export const program = path.join(await bundle('trainer', { trainer: 'src/trainer/main.ts' }), 'trainer.js');

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

  constructor(module = program) {
    this.process = new TrainerProcess(startTrainer({ module }), {
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
    afterThisTest(async () => {
      this.process.dispose();
      // What it writes into a folder that is removed next must be written.
      await this.ended();
    });
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
