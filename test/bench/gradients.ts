/**
 * What it costs to look at the norm of the gradients in the last step of every call of steps, and at that of every step:
 * calls of about 50 ms, as a run makes them, in turns: `npm run bench -- gradients`.
 */
import { defaultGenerator, manualSeed, nn, optim } from '../../src/engine';
import { BatchOrder } from '../../src/training/batch-order';
import { cnn } from '../../src/training/models/cnn';
import { Samples } from '../../src/training/samples';
import { classification } from '../../src/training/tasks';
import { type Looked, TrainingStep } from '../../src/training/training-step';
import { randomSplit } from './support/random-split';

interface Case {
  readonly network: () => nn.Module;
  readonly batch: number;
  readonly optimizer: (parameters: nn.Parameter[]) => optim.Optimizer;
  /** Steps of a call, and calls of a turn. */
  readonly steps: number;
  readonly calls: number;
}

const mlp = (...sizes: number[]) => {
  const layers = sizes.slice(1).flatMap((size, i) => [new nn.Linear(sizes[i] ?? 0, size), new nn.ReLU()]);
  return new nn.Sequential(new nn.Flatten(), ...layers.slice(0, -1));
};
const sgd = (parameters: nn.Parameter[]) => new optim.SGD(parameters, { lr: 0.05, momentum: 0.9 });
const plainSgd = (parameters: nn.Parameter[]) => new optim.SGD(parameters, { lr: 0.05 });
const adam = (parameters: nn.Parameter[]) => new optim.Adam(parameters);

const cases: Record<string, Case> = {
  '784-256-10, momentum': {
    network: () => mlp(784, 256, 10),
    batch: 64,
    optimizer: sgd,
    steps: 100,
    calls: 10,
  },
  '784-256-10, plain': {
    network: () => mlp(784, 256, 10),
    batch: 64,
    optimizer: plainSgd,
    steps: 100,
    calls: 10,
  },
  '784-256-10, adam': { network: () => mlp(784, 256, 10), batch: 64, optimizer: adam, steps: 80, calls: 10 },
  '784-1024-1024-10': {
    network: () => mlp(784, 1024, 1024, 10),
    batch: 256,
    optimizer: sgd,
    steps: 4,
    calls: 10,
  },
  cnn: {
    network: () => cnn.build({ sample: [28, 28], classes: 10, hidden: [128], dropout: 0 }),
    batch: 64,
    optimizer: adam,
    steps: 2,
    calls: 8,
  },
};

const rounds = 9;
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Round {
  readonly wall: number;
  readonly processor: number;
}

interface Contestant {
  readonly looked: Looked;
  readonly step: TrainingStep;
  readonly rounds: Round[];
}

async function measure(
  name: string,
  { network: build, batch, optimizer, steps, calls }: Case,
): Promise<void> {
  manualSeed(0);
  const network = build();
  const learner = { network, task: classification, optimizer: optimizer(network.parameters()) };
  const samples = new Samples(randomSplit(batch * steps), 'cpu');
  const order = new BatchOrder(
    Int32Array.from({ length: batch * steps }, (_, i) => i),
    defaultGenerator,
  );
  const setting = { learner, samples, classes: 10, device: 'cpu' } as const;
  const next = (target: Int32Array, start: number) => order.next(target, start, batch);
  const looks: readonly Looked[] = ['nothing', 'last gradients', 'gradients'];
  const contestants: Contestant[] = [];
  for (const looked of looks)
    contestants.push({ looked, step: await TrainingStep.compile(setting, batch, next, looked), rounds: [] });
  for (let round = -1; round < rounds; round++) {
    for (const { step, rounds: done } of contestants) {
      const [began, before] = [performance.now(), process.cpuUsage()];
      for (let call = 0; call < calls; call++) {
        order.startEpoch();
        await step.run(steps);
      }
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) done.push({ wall: performance.now() - began, processor: (user + system) / 1e3 });
    }
  }
  console.log(`\n${name}: milliseconds for ${calls} calls of ${steps} steps`);
  const [plain = []] = contestants.map(({ rounds: done }) => done);
  for (const { looked, rounds: done } of contestants) {
    const slower = (kind: keyof Round) =>
      median(done.map((one, i) => (one[kind] / (plain[i]?.[kind] ?? Number.NaN) - 1) * 100)).toFixed(1);
    const each = (kind: keyof Round) => median(done.map(one => one[kind])).toFixed(1);
    console.log(
      `  ${looked.padEnd(15)} ${each('wall')} (${slower('wall')} % slower), processor ${each('processor')} (${slower('processor')} %)`,
    );
  }
  for (const { step } of contestants) await step.release();
}

for (const [name, one] of Object.entries(cases)) {
  if (process.argv[2] === undefined || name.includes(process.argv[2])) await measure(name, one);
}
