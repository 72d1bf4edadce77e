/**
 * Epochs of multilayer perceptrons, ours and PyTorch's in turns in one run: `npm run bench [-- mlp 784-256-10-sgd]`.
 * PyTorch (Debian's `python3-torch`) is left out where it is not installed.
 */
import { defaultGenerator, manualSeed, nn, optim, runtimeOptions } from '../../src/engine';
import { BatchOrder } from '../../src/training/batch-order';
import { Samples } from '../../src/training/samples';
import { classification } from '../../src/training/tasks';
import { TrainingStep } from '../../src/training/training-step';
import { answerRounds, compete, descent, hasTorch, torch } from './support/contest';
import { randomSplit } from './support/random-split';

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
  await answerRounds(async () => {
    order.startEpoch();
    while (order.left >= batch) await full.run(Math.min(100, Math.floor(order.left / batch)));
    await rest?.run(1);
  });
}

async function compare(one: Case, withTorch: boolean): Promise<void> {
  const { sizes, batch, optimizer, samples, rounds } = one;
  console.log(`\n${sizes.join('-')}, batch ${batch}, ${optimizer}, ${samples} samples: seconds an epoch`);
  const theirs = (threads: number) => {
    const args = [sizes.join('-'), batch, optimizer, threads, rounds + 1, samples].map(String);
    return torch(threads, 'torch_mlp.py', args);
  };
  const ours = (threads: number) =>
    descent(threads, ['--epochs', String(cases.indexOf(one)), String(threads)]);
  await compete([ours(2), ours(1)], withTorch ? [theirs(2), theirs(1)] : [], rounds);
}

async function compareAll(wanted: string | undefined): Promise<void> {
  const withTorch = hasTorch();
  for (const one of cases) {
    if (wanted === undefined || `${one.sizes.join('-')}-${one.optimizer}`.includes(wanted))
      await compare(one, withTorch);
  }
}

const [first, index, threads] = process.argv.slice(2);
const asked = first === '--epochs' ? cases[Number(index)] : undefined;
if (asked === undefined) await compareAll(first);
else await trainEpochs(asked, Number(threads));
