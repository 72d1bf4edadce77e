/** The entry point of the thread that serves a dashboard beside a program that is busy computing. */
import { parentPort, workerData } from 'node:worker_threads';
import { Endpoint } from '../protocol/endpoint';
import { type Dashboard, startDashboard } from './server';
import {
  type ProgramRequests,
  programSide,
  type ThreadEvents,
  type ThreadRequests,
  threadDataSchema,
  threadSide,
} from './thread-contract';

const { runs, control } = threadDataSchema.parse(workerData);
let dashboard: Dashboard | undefined;

const program: Endpoint<ThreadRequests, ThreadEvents, ProgramRequests, object> = new Endpoint<
  ThreadRequests,
  ThreadEvents,
  ProgramRequests,
  object
>(
  threadSide,
  programSide,
  {
    requests: {
      serve: async () => {
        dashboard = await startDashboard({
          runs,
          onControl: control ? async order => void (await program.request('control', order)) : undefined,
        });
        return { url: dashboard.url };
      },
      show: ({ run }) => {
        dashboard?.show(run);
        return {};
      },
      close: async () => {
        await dashboard?.close();
        return {};
      },
    },
    events: { publish: event => dashboard?.publish(event) },
  },
  message => parentPort?.postMessage(message),
);
parentPort?.on('message', message => program.receive(message));
