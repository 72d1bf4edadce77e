/**
 * Epochs of multilayer perceptrons, ours and PyTorch's in turns in one run: `npm run bench [-- mlp 784-256-10-sgd]`.
 * PyTorch (Debian's `python3-torch`) is left out where it is not installed.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import type { ImageSplit } from '../../src/data/image-data';
import { defaultGenerator, manualSeed, nn, optim, runtimeOptions } from '../../src/engine';
import { BatchOrder } from '../../src/training/batch-order';
import { Samples } from '../../src/training/samples';
import { classification } from '../../src/training/tasks';
import { TrainingStep } from '../../src/training/training-step';

interface Case {
  readonly sizes: readonly number[];
  readonly batch: number;
  readonly optimizer: 'sgd' | 'adam';
  readonly samples: number;
  readonly rounds: number;
}

const cases: readonly Case[] = [
  { sizes: [784, 256, 10], batch: 64, optimizer: 'sgd', samples: 60_000, rounds: 9 },
  { sizes: [784, 256, 10], batch: 64, optimizer: 'adam', samples: 60_000, rounds: 7 },
  { sizes: [784, 1024, 1024, 10], batch: 256, optimizer: 'sgd', samples: 60_000, rounds: 3 },
];

/** Something that can train an epoch, and says how many seconds that took. */
interface Contestant {
  readonly name: string;
  epoch(): Promise<number>;
  close(): void;
}

function randomSplit(samples: number): ImageSplit {
  const images = new Uint8Array(samples * 784);
  for (let i = 0; i < images.length; i++) images[i] = defaultGenerator.uint32() & 255;
  return {
    images,
    shape: [28, 28],
    labels: Uint8Array.from({ length: samples }, (_, i) => i % 10),
    length: samples,
  };
}

/** Trains an epoch for each line that comes in, as `torch_mlp.py` does; ends with its input. */
async function trainEpochs(
  { sizes, batch, optimizer, samples: count }: Case,
  threads: number,
): Promise<void> {
  manualSeed(0);
  runtimeOptions.threads = threads;
  const layers = sizes.slice(1).flatMap((size, i) => [new nn.Linear(sizes[i] ?? 0, size), new nn.ReLU()]);
  const network = new nn.Sequential(new nn.Flatten(), ...layers.slice(0, -1));
  const learner = {
    network,
    task: classification,
    optimizer:
      optimizer === 'sgd'
        ? new optim.SGD(network.parameters(), { lr: 0.1 })
        : new optim.Adam(network.parameters()),
  };
  const samples = new Samples(randomSplit(count), 'cpu');
  const order = new BatchOrder(
    Int32Array.from({ length: count }, (_, i) => i),
    defaultGenerator,
  );
  const stepOver = (size: number) =>
    TrainingStep.compile({ learner, samples, classes: 10, device: 'cpu' }, size, (target, start) =>
      order.next(target, start, size),
    );
  const full = await stepOver(batch);
  const rest = count % batch === 0 ? undefined : await stepOver(count % batch);
  console.log('ready');
  for await (const _ of createInterface({ input: process.stdin })) {
    const began = performance.now();
    order.startEpoch();
    while (order.left >= batch) await full.run(Math.min(100, Math.floor(order.left / batch)));
    await rest?.run(1);
    console.log((performance.now() - began) / 1000);
  }
}

/** A contestant in a process of its own, so that no two pools of threads spin side by side. */
function contestant(name: string, threads: number, command: string, args: readonly string[]): Contestant {
  const child: ChildProcessWithoutNullStreams = spawn(command, args, {
    env: { ...process.env, OMP_NUM_THREADS: String(threads) },
  });
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = lines.next();
  return {
    name: `${name}, ${threads} thread${threads === 1 ? '' : 's'}`,
    async epoch() {
      await ready;
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error(`${name} ended before its epoch did`);
      return Number(value);
    },
    close: () => child.kill(),
  };
}

function descent(one: Case, threads: number): Contestant {
  const args = [fileURLToPath(import.meta.url), '--epochs', String(cases.indexOf(one)), String(threads)];
  return contestant('Descent', threads, process.execPath, args);
}

const script = fileURLToPath(new URL('../../test/bench/torch_mlp.py', import.meta.url));

function torch({ sizes, batch, optimizer, samples, rounds }: Case, threads: number): Contestant {
  const args = [script, sizes.join('-'), batch, optimizer, threads, rounds + 1, samples].map(String);
  return contestant('PyTorch', threads, '/usr/bin/python3', args);
}

function hasTorch(): boolean {
  return spawnSync('/usr/bin/python3', ['-c', 'import torch']).status === 0;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function compare(one: Case, withTorch: boolean): Promise<void> {
  console.log(
    `\n${one.sizes.join('-')}, batch ${one.batch}, ${one.optimizer}, ${one.samples} samples: seconds an epoch`,
  );
  const contestants = [
    descent(one, 2),
    descent(one, 1),
    ...(withTorch ? [torch(one, 2), torch(one, 1)] : []),
  ];
  const times = contestants.map((): number[] => []);
  for (const contestant of contestants) await contestant.epoch();
  for (let round = 0; round < one.rounds; round++) {
    for (const [i, contestant] of contestants.entries()) times[i]?.push(await contestant.epoch());
  }
  for (const [i, { name, close }] of contestants.entries()) {
    const all = times[i] ?? [];
    console.log(
      `  ${name.padEnd(20)} median ${median(all).toFixed(3)}   best ${Math.min(...all).toFixed(3)}`,
    );
    close();
  }
  if (!withTorch) return;
  const best = (of: (values: readonly number[]) => number, from: number) =>
    Math.min(...times.slice(from, from + 2).map(of));
  const ratio = (of: (values: readonly number[]) => number) => (best(of, 2) / best(of, 0)).toFixed(2);
  console.log(
    `  PyTorch / Descent: ${ratio(median)} by medians, ${ratio(values => Math.min(...values))} by bests`,
  );
}

async function compareAll(wanted: string | undefined): Promise<void> {
  const withTorch = hasTorch();
  if (!withTorch) console.log('PyTorch is not installed (Debian: python3-torch): only our own times.');
  for (const one of cases) {
    if (wanted === undefined || `${one.sizes.join('-')}-${one.optimizer}`.includes(wanted))
      await compare(one, withTorch);
  }
}

const [first, index, threads] = process.argv.slice(2);
const asked = first === '--epochs' ? cases[Number(index)] : undefined;
if (asked === undefined) await compareAll(first);
else await trainEpochs(asked, Number(threads));
