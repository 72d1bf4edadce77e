/**
 * What it costs to look at training: the steps alone, a run that writes its metrics down, and one in the training
 * process that also sends them to a host; in turns in one run. `npm run bench -- sending [MNIST FOLDER]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultGenerator } from '../../src/engine';
import { TrainerProcess } from '../../src/extension/training/trainer-process';
import type { TrainingEvent } from '../../src/protocol/training-events';
import { completeSettings } from '../../src/trainer/settings';
import { type RunConfig, train } from '../../src/training';
import { BatchOrder } from '../../src/training/batch-order';
import { prepare } from '../../src/training/preparation';
import { TrainingStep } from '../../src/training/training-step';

const epochs = 4;
const rounds = 5;
const settings = { dataset: process.argv[2] ?? '../shared/data/mnist', device: 'cpu', epochs } as const;
const config: RunConfig = completeSettings(settings);
const runs = mkdtempSync(path.join(tmpdir(), 'descent-sending-'));

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Samples a second of each epoch but the first, in which things are compiled. */
function speeds(events: readonly TrainingEvent[]): number[] {
  return events.flatMap(event => (event.event === 'epoch' && event.epoch > 1 ? event.samplesPerSecond : []));
}

/** Nothing but full steps, a hundred in a call. */
async function stepsAlone(): Promise<number[]> {
  const { learner, samples, data, training, choice } = await prepare(config);
  const order = new BatchOrder(training, defaultGenerator);
  const size = config.batchSize;
  const setting = { learner, samples, classes: data.classes.length, device: choice.device };
  const step = await TrainingStep.compile(setting, size, (target, start) => order.next(target, start, size));
  const found: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    order.startEpoch();
    const before = order.left;
    const began = performance.now();
    while (order.left >= size) await step.run(Math.min(100, Math.floor(order.left / size)));
    found.push(((before - order.left) / (performance.now() - began)) * 1000);
  }
  await step.release();
  return found.slice(1);
}

/** A run in this process that tells nobody, but writes everything down. */
async function written(): Promise<number[]> {
  const events: TrainingEvent[] = [];
  await train(config, { runs, onEvent: event => events.push(event) });
  return speeds(events);
}

const trainer = fileURLToPath(new URL('../trainer.js', import.meta.url));

/** A run in the training process, which sends its metrics to this one. */
async function sent(): Promise<number[]> {
  const events: TrainingEvent[] = [];
  await new Promise<void>((resolve, reject) => {
    const host = new TrainerProcess(trainer, {
      onEvents: batch => events.push(...batch),
      onState: () => undefined,
      onOutput: () => undefined,
      onExit: () => resolve(),
    });
    host.request('start', { settings, runs }).catch(reject);
  });
  return speeds(events);
}

const contestants = { 'steps alone': stepsAlone, 'written down': written, 'written and sent': sent };
const all = new Map(Object.keys(contestants).map(name => [name, [] as number[]]));
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(contestants)) all.get(name)?.push(...(await run()));
}
rmSync(runs, { recursive: true });
const alone = median(all.get('steps alone') ?? []);
console.log(`\n784-256-10 on MNIST: samples a second, epochs 2 to ${epochs} of ${rounds} runs each`);
for (const [name, found] of all) {
  const share = ((1 - median(found) / alone) * 100).toFixed(1);
  console.log(
    `  ${name.padEnd(18)} median ${median(found).toFixed(0)}   best ${Math.max(...found).toFixed(0)}   ` +
      `${share} % slower than the steps alone`,
  );
}
