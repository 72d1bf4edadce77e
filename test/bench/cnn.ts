/**
 * A hundred steps of convolutional networks, ours and PyTorch's in turns in one run: `npm run bench -- cnn [preset|plain]`.
 * PyTorch (Debian's `python3-torch`) is left out where it is not installed.
 */
import { defaultGenerator, manualSeed, nn, optim, runtimeOptions } from '../../src/engine';
import { BatchOrder } from '../../src/training/batch-order';
import { cnn } from '../../src/training/models/cnn';
import { Samples } from '../../src/training/samples';
import { classification } from '../../src/training/tasks';
import { TrainingStep } from '../../src/training/training-step';
import { answerRounds, compete, descent, hasTorch, torch } from './support/contest';
import { randomSplit } from './support/random-split';

const [batch, steps, rounds] = [64, 100, 5];

/** The networks; `torch_cnn.py` has the same. */
const networks: Readonly<Record<string, () => nn.Module>> = {
  /** The model preset `cnn`: a pool behind each of two convolutions. */
  preset: () => cnn.build({ sample: [28, 28], classes: 10, hidden: [128], dropout: 0 }),
  /** Two convolutions and a pool behind them, as in PyTorch's own example. */
  plain: () =>
    new nn.Sequential(
      ...[new nn.Conv2d(1, 32, 3), new nn.ReLU(), new nn.Conv2d(32, 64, 3), new nn.ReLU()],
      ...[new nn.MaxPool2d(2), new nn.Flatten(), new nn.Linear(9216, 128), new nn.ReLU()],
      new nn.Linear(128, 10),
    ),
};

async function trainSteps(network: nn.Module, threads: number): Promise<void> {
  runtimeOptions.threads = threads;
  const learner = {
    network,
    task: classification,
    optimizer: new optim.SGD(network.parameters(), { lr: 0.05, momentum: 0.9 }),
  };
  const samples = new Samples(randomSplit(batch * steps), 'cpu');
  const all = Int32Array.from({ length: batch * steps }, (_, i) => i);
  const order = new BatchOrder(all, defaultGenerator);
  const step = await TrainingStep.compile(
    { learner, samples, classes: 10, device: 'cpu' },
    batch,
    (target, start) => order.next(target, start, batch),
  );
  await answerRounds(async () => {
    order.startEpoch();
    for (let left = steps; left > 0; left -= 10) await step.run(10);
  });
}

async function compareAll(wanted: string | undefined): Promise<void> {
  const withTorch = hasTorch();
  for (const name of Object.keys(networks)) {
    if (wanted !== undefined && wanted !== name) continue;
    console.log(`\n${name}: seconds for ${steps} steps of ${batch} samples`);
    const ours = (threads: number) => descent(threads, ['--steps', name, String(threads)]);
    const theirs = (threads: number) => {
      return torch(threads, 'torch_cnn.py', [name, batch, steps, threads].map(String));
    };
    await compete([ours(2), ours(1)], withTorch ? [theirs(2), theirs(1)] : [], rounds);
  }
}

const [first, name = '', threads] = process.argv.slice(2);
manualSeed(0);
const build = first === '--steps' ? networks[name] : undefined;
if (build === undefined) await compareAll(first);
else await trainSteps(build(), Number(threads));
