/**
 * A hundred steps of small networks on random images, ours and PyTorch's in turns in one run. `torch_steps.py` has the same
 * networks by the same names. PyTorch (Debian's `python3-torch`) is left out where it is not installed.
 */
import { defaultGenerator, manualSeed, type nn, optim, runtimeOptions } from '../../../src/engine';
import { BatchOrder } from '../../../src/training/batch-order';
import { Samples } from '../../../src/training/samples';
import { classification } from '../../../src/training/tasks';
import { TrainingStep } from '../../../src/training/training-step';
import { answerRounds, compete, descent, hasTorch, torch } from './contest';
import { randomSplit } from './random-split';

/** Networks that tell ten classes of images [N, 1, 28, 28] apart. */
export type Networks = Readonly<Record<string, () => nn.Module>>;

const [batch, steps, rounds] = [64, 100, 5];

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

async function compare(name: string, withTorch: boolean): Promise<void> {
  console.log(`\n${name}: seconds for ${steps} steps of ${batch} samples`);
  const ours = (threads: number) => descent(threads, ['--steps', name, String(threads)]);
  const theirs = (threads: number) => {
    return torch(threads, 'torch_steps.py', [name, batch, steps, threads].map(String));
  };
  await compete([ours(2), ours(1)], withTorch ? [theirs(2), theirs(1)] : [], rounds);
}

/** Measures the networks, or the one that the command line names: `npm run bench -- BENCH [NETWORK]`. */
export async function raceSteps(networks: Networks): Promise<void> {
  const [first, name = '', threads] = process.argv.slice(2);
  manualSeed(0);
  const build = first === '--steps' ? networks[name] : undefined;
  if (build !== undefined) return trainSteps(build(), Number(threads));
  const withTorch = hasTorch();
  for (const each of Object.keys(networks)) {
    if (first === undefined || first === each) await compare(each, withTorch);
  }
}
