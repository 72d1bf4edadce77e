/** The thread that reads a dataset for its page: it answers, refuses what makes no sense, and its end is told. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ReaderThread } from '../../src/extension/common/reader-thread';
import {
  type DatasetEvents,
  type DatasetRequests,
  datasetHostSide,
  datasetPageSide,
} from '../../src/protocol/dataset';
import { Endpoint } from '../../src/protocol/endpoint';
import { afterThisTest } from '../support/after';
import { bundle } from '../support/bundle';
import { digitsFolder, temporaryFolder, writeDataset } from '../training/support';

const entries = { reader: 'src/extension/datasets/reader/worker.ts' };
const program = path.join(await bundle('reader', entries, 'cjs'), 'reader.js');

/** The page's end of the wire to a thread. */
function begin(folder: string | null) {
  const thread: ReaderThread = new ReaderThread(program, folder, {
    onMessage: message => page.receive(message),
    onFailure: reason => page.close(reason),
  });
  afterThisTest(() => thread.dispose());
  const page = new Endpoint<object, DatasetEvents, DatasetRequests, object>(
    datasetPageSide,
    datasetHostSide,
    { requests: {}, events: { changed: () => undefined, failed: () => undefined } },
    message => thread.post(message),
  );
  return page;
}

const sample = { split: 'train', label: 0, from: 0, count: 1, seed: null } as const;

describe('the thread that reads a dataset', () => {
  it('answers what the page asks', async () => {
    const folder = digitsFolder({ train: 300, test: 100 });
    const page = begin(folder);
    const summary = await page.request('open', {});
    expect(summary).toMatchObject({ folder, height: 28, width: 28, classes: [...'0123456789'] });
    expect(summary.splits.map(({ name, samples }) => [name, samples])).toEqual([
      ['train', 300],
      ['test', 100],
    ]);
    const { indices, pixels } = await page.request('samples', { ...sample, split: 'test', count: 5 });
    expect(indices).toHaveLength(5);
    expect(Buffer.from(pixels, 'base64')).toHaveLength(5 * 784);
    const past = await page.request('samples', { ...sample, from: 1000 });
    expect(past).toEqual({ indices: [], pixels: '' });
  });

  it('refuses what makes no sense, and says what is wrong with a folder', async () => {
    const page = begin(digitsFolder({ train: 50, test: 0 }));
    await expect(page.request('samples', { ...sample, count: 1000 })).rejects.toThrow('asked wrongly');
    await expect(page.request('samples', { ...sample, from: -1 })).rejects.toThrow('asked wrongly');
    await expect(page.request('samples', { ...sample, split: 'test' })).rejects.toThrow('no part "test"');
    await expect(begin(temporaryFolder()).request('open', {})).rejects.toThrow('the folder is empty');
  });

  it('sends large images a few at a time', async () => {
    const side = 600;
    const train = {
      images: new Uint8Array(10 * side * side),
      shape: [side, side],
      labels: new Uint8Array(10),
      length: 10,
    };
    const page = begin(writeDataset({ train, test: undefined }));
    const { indices } = await page.request('samples', { ...sample, count: 10 });
    expect(indices).toEqual([0, 1]);
  });

  it('tells of its end, and is begun anew by the next question', async () => {
    const folder = temporaryFolder();
    const broken = path.join(folder, 'broken.cjs');
    writeFileSync(
      broken,
      `const { parentPort, workerData } = require('node:worker_threads');
       const { existsSync, writeFileSync } = require('node:fs');
       const first = !existsSync(workerData + '/once');
       writeFileSync(workerData + '/once', '');
       parentPort.on('message', message => {
         if (first) throw new Error('out of memory');
         parentPort.postMessage(message);
       });`,
    );
    let heard: (what: unknown) => void = () => undefined;
    const thread = new ReaderThread(broken, folder, {
      onMessage: message => heard(message),
      onFailure: reason => heard(new Error(reason)),
    });
    afterThisTest(() => thread.dispose());
    const ask = (message: unknown) =>
      new Promise(resolve => {
        heard = resolve;
        thread.post(message);
      });
    expect(await ask('one')).toEqual(new Error('out of memory'));
    expect(await ask('two')).toBe('two');
  });
});
