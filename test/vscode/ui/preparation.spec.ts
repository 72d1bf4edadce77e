/** What a person sees while a run on much data is prepared, and how they change their mind. */
import assert from 'node:assert/strict';
import { createWriteStream, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, test } from 'node:test';
import { createGzip } from 'node:zlib';
import { isAlive, trainersBelow } from './processes';
import { until, Workbench, workspaceWith } from './support';

/** So many blank images that it takes seconds to read them. */
const count = 1_000_000;

let workbench: Workbench;

/** Writes an IDX file of zeros, which takes little space. */
async function writeZeros(file: string, ...shape: readonly number[]): Promise<void> {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [i, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  const row = Buffer.alloc(shape.reduce((product, size) => product * size, 1) / 100);
  const parts = Readable.from([header, ...Array<Buffer>(100).fill(row)]);
  await pipeline(parts, createGzip({ level: 1 }), createWriteStream(file));
}

before(async () => {
  const workspace = workspaceWith();
  const folder = path.join(workspace, 'blank');
  mkdirSync(folder);
  await writeZeros(path.join(folder, 'train-images-idx3-ubyte.gz'), count, 28, 28);
  await writeZeros(path.join(folder, 'train-labels-idx1-ubyte.gz'), count);
  workbench = await Workbench.open(workspace, { 'descent.device': 'cpu' });
});
after(() => workbench?.close());

test('preparing takes long: what is done is said, and cancelling leaves nothing', () =>
  workbench.watch('preparation', async () => {
    await workbench.command('Descent: Train MNIST MLP');
    await workbench.notification('Preparing to train: reading the data');
    const [trainer] = trainersBelow(workbench.server.pid);
    if (trainer === undefined) throw new Error('there is no training process');
    await workbench.screenshot('preparing');
    await workbench.press('Cancel');
    await until('the end of the process', () => (isAlive(trainer) ? undefined : true));
    await workbench.page.getByText('cancelled before training began').first().waitFor();
    await workbench.screenshot('preparation-cancelled');
    assert.deepEqual(trainersBelow(workbench.server.pid), []);
    assert.equal(existsSync(path.join(workbench.workspace, 'runs')), false);
    assert.deepEqual(readdirSync(workbench.workspace), ['blank']);
    assert.equal(await workbench.page.locator('.notification-list-item').count(), 0);
    // Another run can begin at once.
    await workbench.command('Descent: Train on Generated Digits');
    await workbench.notification('test accuracy');
  }));
