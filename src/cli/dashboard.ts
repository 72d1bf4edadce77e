/** `descent dashboard`. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { startDashboardThread } from '../dashboard-server/thread';
import { TrainingError } from '../training';
import { stopOnInterrupt, stopSignal } from './guards';
import { printJson, reporting } from './report';

/** Defines the command. */
export function dashboardCommand(): Command {
  return new Command('dashboard')
    .description('Show runs in a browser.')
    .argument('[runs]', 'a folder of runs, or the folder of one run', 'runs')
    .option('--json', 'one JSON object, and nothing else')
    .action((folder: string, { json = false }: { json?: boolean }) =>
      reporting(json, () => serve(folder, json)),
    );
}

async function serve(folder: string, json: boolean): Promise<void> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new TrainingError(
      `${folder}: expected a folder of runs, found ${existsSync(folder) ? 'a file' : 'nothing'}; ` +
        "'descent train' makes one",
    );
  }
  stopOnInterrupt();
  const absolute = path.resolve(folder);
  const single = existsSync(path.join(absolute, 'run.json'));
  const failed = new AbortController();
  const dashboard = await startDashboardThread({
    runs: single ? path.dirname(absolute) : absolute,
    onFailure: error => failed.abort(error),
  });
  if (single) dashboard.show(path.basename(absolute));
  if (json) printJson({ event: 'dashboard', url: dashboard.url });
  else process.stdout.write(`${dashboard.url}\n`);
  if (process.stderr.isTTY) process.stderr.write('Served until you press Ctrl-C.\n');
  const ended = AbortSignal.any([stopSignal, failed.signal]);
  if (!ended.aborted) {
    await new Promise<void>(resolve => {
      ended.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  await dashboard.close();
  failed.signal.throwIfAborted();
}
