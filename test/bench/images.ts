/**
 * How fast a folder of images is read: all of MNIST as PNG files, decoded while training goes on, against PyTorch's
 * `DataLoader` with PIL on the same folder, and against the same images from IDX files:
 * `npm run bench -- images [MNIST FOLDER] [PYTHON]`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { openDataset } from '../../src/data/find';
import { loadIdxFolder } from '../../src/data/idx-folder';
import type { TrainingEvent } from '../../src/protocol/training-events';
import { completeConfig, train } from '../../src/training';

const [mnist = '../shared/data/mnist', python = '/usr/bin/python3'] = process.argv.slice(2);
const place = mkdtempSync(path.join(tmpdir(), 'descent-images-'));
process.env['DESCENT_CACHE'] = path.join(place, 'cache');
const folder = path.join(place, 'pngs');

const say = (name: string, value: string) => console.log(`${name.padEnd(58)} ${value}`);
const perSecond = (n: number, seconds: number) => `${Math.round(n / seconds).toLocaleString('en')} images/s`;

/** Writes the training images as PNG files in class folders. */
function writeImages(): number {
  const { images, labels, length } = loadIdxFolder(mnist).train;
  for (const [row, label] of labels.entries()) {
    const data = images.slice(row * 784, (row + 1) * 784);
    const file = path.join(folder, String(label), `${String(row).padStart(5, '0')}.png`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, encode({ width: 28, height: 28, channels: 1, depth: 8, data }));
  }
  return length;
}

/** Decodes everything, in a random order as an epoch does, and nothing else. */
async function decodeAll(): Promise<void> {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const data = await openDataset(folder);
  const order = Int32Array.from({ length: data.train.length }, (_, i) => (i * 7919) % data.train.length);
  data.train.pending?.expect(order);
  await data.train.pending?.need(order.subarray(0, 64));
  const first = (performance.now() - began) / 1000;
  await data.train.pending?.all();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  say('descent, decoding alone', perSecond(data.train.length, seconds));
  say('  the first batch of 64', `${first.toFixed(2)} s after opening the folder`);
  say('  processors busy', ((user + system) / 1e6 / seconds).toFixed(2));
  await data.fingerprint;
}

/** Trains, and says how fast each epoch was. */
async function epochs(name: string, dataset: string): Promise<void> {
  const config = completeConfig({ dataset, device: 'cpu', epochs: 3, validation: 0 });
  const cpu = [process.cpuUsage()];
  const onEvent = (event: TrainingEvent) => {
    if (event.event !== 'epoch') return;
    const { user, system } = process.cpuUsage(cpu.at(-1));
    cpu.push(process.cpuUsage());
    const busy = ((user + system) / 1e6 / event.seconds).toFixed(2);
    say(`${name}, epoch ${event.epoch}`, `${perSecond(event.samplesPerSecond, 1)}, ${busy} processors busy`);
  };
  await train(config, { runs: path.join(place, 'runs'), onEvent });
}

try {
  const n = writeImages();
  say('images', n.toLocaleString('en'));
  await decodeAll();
  rmSync(process.env['DESCENT_CACHE'], { recursive: true, force: true });
  await epochs('descent, 784-256-10 from PNG files', folder);
  await epochs('descent, the same in another run', folder);
  await epochs('descent, 784-256-10 from IDX files', mnist);
  spawnSync(python, [path.join('test', 'bench', 'torch_images.py'), folder], { stdio: 'inherit' });
} finally {
  rmSync(place, { recursive: true, force: true });
}
