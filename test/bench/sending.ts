/**
 * What it costs to look at training: the steps alone, a run that writes down its metrics, one that also looks into its
 * network, and one in the training process that also sends its metrics to a host. Some epochs of each in turn, in one run:
 * `npm run bench -- sending [MNIST FOLDER]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultGenerator } from '../../src/engine';
import { startTrainer } from '../../src/extension/training/start-trainer';
import { TrainerProcess } from '../../src/extension/training/trainer-process';
import type { TrainingEvent } from '../../src/protocol/training-events';
import { completeSettings } from '../../src/trainer/settings';
import { type RunConfig, RunControl, train } from '../../src/training';
import { BatchOrder } from '../../src/training/batch-order';
import { prepare } from '../../src/training/preparation';
import { TrainingStep } from '../../src/training/training-step';

/** The first ones compile, and do not count. */
const warmUp = 2;
const rounds = 9;
/** Epochs of a turn: after a pause a look is due at once, which must not weigh more than it does in a real run. */
const turn = 4;
const dataset = process.argv[2] ?? '../shared/data/mnist';
const settings = { dataset, device: 'cpu', epochs: (warmUp + rounds) * turn } as const;
const config: RunConfig = completeSettings(settings);
const runs = mkdtempSync(path.join(tmpdir(), 'descent-sending-'));

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Trains the epochs of a turn, and says how many samples a second it took. */
type Turn = () => Promise<number>;

/** Hands on the speed of each turn to whoever waits for it. */
class Speeds {
  #tell: (speed: number) => void = () => undefined;
  #seconds: number[] = [];

  take(event: TrainingEvent): void {
    if (event.event !== 'epoch' || this.#seconds.push(event.seconds) < turn) return;
    this.#tell((turn * prepared.training.length) / this.#seconds.reduce((a, b) => a + b, 0));
    this.#seconds = [];
  }

  next(begin: () => void): Promise<number> {
    return new Promise(resolve => {
      this.#tell = resolve;
      begin();
    });
  }
}

const prepared = await prepare(config);
const steps = Math.ceil(prepared.training.length / config.batchSize);

/** Nothing but the steps, a hundred in a call. */
async function stepsAlone(): Promise<Turn> {
  const { learner, samples, data, training, choice } = prepared;
  const order = new BatchOrder(training, defaultGenerator);
  const setting = { learner, samples, classes: data.classes.length, device: choice.device };
  const stepOver = (size: number) =>
    TrainingStep.compile(setting, size, (target, start) => order.next(target, start, size));
  const size = config.batchSize;
  const full = await stepOver(size);
  const rest = await stepOver(training.length % size || size);
  return async () => {
    const began = performance.now();
    for (let epoch = 0; epoch < turn; epoch++) {
      order.startEpoch();
      while (order.left >= size) await full.run(Math.min(100, Math.floor(order.left / size)));
      if (order.left > 0) await rest.run(1);
    }
    return ((turn * training.length) / (performance.now() - began)) * 1000;
  };
}

/** A run in this process that tells nobody, but writes everything down. */
function written(looks: boolean): Promise<Turn> {
  const control = new RunControl();
  const speeds = new Speeds();
  control.pause();
  void train(config, { runs, control, looks, onEvent: event => speeds.take(event) });
  return Promise.resolve(() => speeds.next(() => control.step(turn * steps)));
}

/** A run in the training process, which sends its metrics to this one. */
async function sent(): Promise<Turn> {
  const speeds = new Speeds();
  const host = new TrainerProcess(
    startTrainer({ module: fileURLToPath(new URL('../trainer.js', import.meta.url)) }),
    {
      onEvents: batch => {
        for (const event of batch) speeds.take(event);
      },
      onState: () => undefined,
      onOutput: () => undefined,
      onExit: () => undefined,
    },
  );
  await host.request('start', { settings, runs });
  await host.request('pause', {});
  return () => speeds.next(() => void host.request('step', { count: turn * steps }));
}

const contestants = new Map([
  ['steps alone', await stepsAlone()],
  ['without looks', await written(false)],
  ['with looks', await written(true)],
  ['with looks, sent', await sent()],
]);
const speeds = new Map([...contestants].map(([name]) => [name, [] as number[]]));
for (let round = -warmUp; round < rounds; round++) {
  for (const [name, take] of contestants) {
    const speed = await take();
    if (round >= 0) speeds.get(name)?.push(speed);
  }
}
const alone = speeds.get('steps alone') ?? [];
console.log(`\n784-256-10 on MNIST, ${rounds} times ${turn} epochs of each in turn: samples a second`);
for (const [name, found] of speeds) {
  const shares = found.map((speed, i) => (1 - speed / (alone[i] ?? Number.NaN)) * 100);
  console.log(
    `  ${name.padEnd(18)} median ${median(found).toFixed(0)}   best ${Math.max(...found).toFixed(0)}   ` +
      `slower than the steps alone, pair by pair: ${median(shares).toFixed(1)} %`,
  );
}
rmSync(runs, { recursive: true });
process.exit(0);
