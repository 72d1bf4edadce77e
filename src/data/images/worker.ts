/** The entry of a thread that reads images: jobs in, answers out, one at a time and in order. */
import { parentPort } from 'node:worker_threads';
import type { ImageJob } from './jobs';
import { decodeFiles, measureFiles, stampFiles, surveyFiles } from './work';

if (parentPort === null) throw new Error('to be started as a worker');
const port = parentPort;
let last: Promise<void> = Promise.resolve();

async function work(job: ImageJob): Promise<void> {
  if (job.kind === 'survey') {
    port.postMessage(await surveyFiles(job.files));
    return;
  }
  if (job.kind === 'stamp') {
    const stamps = stampFiles(job.files);
    port.postMessage(stamps, [stamps.buffer]);
    return;
  }
  if (job.kind === 'measure') {
    const sizes = measureFiles(job.files);
    port.postMessage(sizes, [sizes.buffer]);
    return;
  }
  const decoded = await decodeFiles(job);
  port.postMessage(decoded, [decoded.pixels.buffer, decoded.stamps.buffer]);
}

port.on('message', (job: ImageJob) => {
  last = last.then(() => work(job));
});
