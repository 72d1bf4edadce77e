/** The entry of the thread that reads checkpoints for a page: messages of the page in, answers out. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod/mini';
import type { WireMessage } from '../../../protocol/endpoint';
import { CheckpointHost } from './checkpoint-host';
import { ComparisonHost } from './comparison-host';
import { computeSpectrum, Spectra } from './spectra';

const task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checkpoint'), file: z.string() }),
  z.object({ kind: z.literal('comparison'), files: z.tuple([z.string(), z.string()]) }),
  z.object({ kind: z.literal('spectrum'), job: z.unknown() }),
]);

if (parentPort === null) throw new Error('to be started as a worker');
const port = parentPort;
const given = task.parse(workerData);
if (given.kind === 'spectrum') port.postMessage(computeSpectrum(given.job));
else {
  const send = (message: WireMessage) => port.postMessage(message);
  // The bundle is one file, which begins the thread for spectra, too.
  const host =
    given.kind === 'checkpoint'
      ? new CheckpointHost(given.file, new Spectra(__filename), send)
      : new ComparisonHost(given.files, send);
  host.open();
  port.on('message', (message: unknown) => host.receive(message));
}
