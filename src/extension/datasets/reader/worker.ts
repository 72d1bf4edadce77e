/** The entry of the thread that reads a dataset for its page: messages of the page in, answers out. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod/mini';
import { DatasetHost } from './dataset-host';

if (parentPort === null) throw new Error('to be started as a worker');
const port = parentPort;
const host = new DatasetHost(z.nullable(z.string()).parse(workerData), message => port.postMessage(message));
host.open();
port.on('message', (message: unknown) => host.receive(message));
