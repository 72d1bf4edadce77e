/** The process that is started before a run is: it serves that run, and ends where there is none. */
import { describe, expect, it } from 'vitest';
import { ReadyTrainer } from '../../src/extension/training/ready-trainer';
import { TrainerProcess } from '../../src/extension/training/trainer-process';
import { program, until } from './support';

function gone(pid: number | undefined): boolean {
  if (pid === undefined) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** A host of what is taken, and how its process ended. */
function hostOf(ready: ReadyTrainer) {
  const exits: unknown[] = [];
  const trainer = new TrainerProcess(ready.take(), {
    onEvents: () => undefined,
    onState: () => undefined,
    onOutput: () => undefined,
    onExit: exit => exits.push(exit),
  });
  return { trainer, exits };
}

describe('a process that is ready', () => {
  it('is the one that is taken, and answers', async () => {
    const ready = new ReadyTrainer({ module: program });
    ready.prepare();
    const { pid } = ready;
    ready.prepare();
    const { trainer, exits } = hostOf(ready);
    expect(trainer.pid).toBe(pid);
    // A run in it is not ended with what made it ready.
    ready.dispose();
    await expect(trainer.request('pause', {})).rejects.toThrow('no run is in progress');
    trainer.dispose();
    await until(() => exits.length === 1);
  });

  it('ends where no run is begun', async () => {
    const ready = new ReadyTrainer({ module: program });
    ready.prepare();
    const { pid } = ready;
    expect(gone(pid)).toBe(false);
    ready.dispose();
    await until(() => gone(pid));
  });

  it('is another one where the first has died while it waited', async () => {
    const ready = new ReadyTrainer({ module: program });
    ready.prepare();
    const { pid = 0 } = ready;
    process.kill(pid, 'SIGKILL');
    await until(() => gone(pid));
    // Node hears of it in one of the next turns of the event loop.
    await new Promise(resolve => setTimeout(resolve, 100));
    const { trainer, exits } = hostOf(ready);
    expect(trainer.pid).not.toBe(pid);
    await expect(trainer.request('pause', {})).rejects.toThrow('no run is in progress');
    trainer.dispose();
    await until(() => exits.length === 1);
  });
});
