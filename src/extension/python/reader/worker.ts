/** The thread that reads Python: a text in, what is known of it out. It knows nothing of VS Code. */
import { parentPort } from 'node:worker_threads';
import { analyse } from '../../../python';
import { findImport } from '../../../source/find-import';
import { questionSchema } from '../reading-contract';
import { warmUp } from './warm-up';

declare global {
  namespace NodeJS {
    interface Process {
      /** Since Node 23.9, which VS Code's extension host is; in microseconds. */
      threadCpuUsage?(): { readonly user: number; readonly system: number };
    }
  }
}

/** Milliseconds that a reading may take. */
const budget = 150;

/**
 * The time that this thread has computed, in milliseconds: on a busy machine a file is read as far as on a quiet one.
 * Older versions of Node know only the time of day.
 */
function ownTime(): number {
  const used = process.threadCpuUsage?.();
  return used === undefined ? performance.now() : (used.user + used.system) / 1000;
}

if (parentPort === null) throw new Error('to be started as a worker');
const port = parentPort;

warmUp();
port.on('message', (message: unknown) => {
  const { id, file, text, folders } = questionSchema.parse(message);
  const analysis = analyse(text, {
    uri: file,
    resolveImport: (module, from) => findImport(module, from, folders),
    budget,
    now: ownTime,
  });
  port.postMessage({ id, analysis });
});
