/**
 * Serves a dashboard from a thread of its own: the program that trains is busy for long stretches, in which it
 * could answer no page, and what pages ask must not take time from the training.
 */
import { Worker } from 'node:worker_threads';
import { Endpoint } from '../protocol/endpoint';
import type { Dashboard, DashboardOptions } from './server';
import {
  type ProgramRequests,
  programSide,
  type ThreadEvents,
  type ThreadRequests,
  threadSide,
} from './thread-contract';

/** What a dashboard in a thread shows and can do. */
export interface ThreadOptions extends Pick<DashboardOptions, 'runs' | 'onControl'> {
  /** The thread has ended by an error; what the program does is not touched by that. */
  readonly onFailure?: (error: Error) => void;
}

/** Serves the dashboard of a folder of runs until it is closed. */
export async function startDashboardThread({
  runs,
  onControl,
  onFailure,
}: ThreadOptions): Promise<Dashboard> {
  const workerData = { runs, control: onControl !== undefined };
  const worker = new Worker(new URL('./dashboard-server.js', import.meta.url), { workerData });
  const thread = new Endpoint<ProgramRequests, object, ThreadRequests, ThreadEvents>(
    programSide,
    threadSide,
    {
      requests: {
        control: async order => {
          await onControl?.(order);
          return {};
        },
      },
      events: {},
    },
    message => worker.postMessage(message),
  );
  worker.on('message', message => thread.receive(message));
  let failed: Error | undefined;
  worker.on('error', error => {
    failed = error instanceof Error ? error : new Error(String(error));
    thread.close(failed.message);
    onFailure?.(failed);
  });
  const { url } = await thread.request('serve', {});
  return {
    url,
    publish: event => thread.notify('publish', event),
    show: run => void thread.request('show', { run }).catch(() => undefined),
    close: async () => {
      if (failed === undefined) await thread.request('close', {}).catch(() => undefined);
      thread.close();
      await worker.terminate();
    },
  };
}
