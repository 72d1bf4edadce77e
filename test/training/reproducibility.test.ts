/** The same seed gives the same run, bit for bit, however it is cut into pieces. */
import { describe, expect, test } from 'vitest';
import { defaultGenerator } from '../../src/engine';
import type { TrainingEvent } from '../../src/protocol/training-events';
import type { RunConfig } from '../../src/training';
import { BatchOrder } from '../../src/training/batch-order';
import { prepare } from '../../src/training/preparation';
import { TrainingStep } from '../../src/training/training-step';
import {
  afterEpoch,
  checkpointOf,
  digitsFolder,
  epochsOf,
  lossesOf,
  resumeRun,
  smallConfig,
  temporaryFolder,
  trainRun,
} from './support';

/** The first step event comes long before the 27 steps of an epoch are over. */
const atFirstStep = (event: TrainingEvent) => event.event === 'step';

/** Everything about a run that does not depend on the clock. */
function outcome(run: string) {
  return {
    losses: lossesOf(run),
    epochs: epochsOf(run),
    last: checkpointOf(run, 'last').toString('base64'),
    best: checkpointOf(run, 'best').toString('base64'),
  };
}

/** Compares the small things first, whose differences can be read. */
function expectSame(run: string, reference: string): void {
  const [found, expected] = [outcome(run), outcome(reference)];
  expect(found.losses).toEqual(expected.losses);
  expect(found.epochs).toEqual(expected.epochs);
  expect(found.best === expected.best).toBe(true);
  expect(found.last === expected.last).toBe(true);
}

const optimizers: [string, Partial<RunConfig>][] = [
  ['sgd', {}],
  ['sgd with momentum and weight decay', { momentum: 0.9, weightDecay: 0.001, lr: 0.01 }],
  ['adam', { optimizer: 'adam', lr: 0.003 }],
  ['adamw', { optimizer: 'adamw', lr: 0.003, weightDecay: 0.1 }],
  ['random transforms', { data: { transforms: ['RandomCrop(28, padding=4)', 'RandomRotation(20)'] } }],
  [
    'transforms of numbers and a fixed order',
    { sampler: 'sequential', data: { transforms: ["RandomErasing(0.9, value='random')", 'Normalize()'] } },
  ],
];

describe.each(optimizers)('a run with %s', (_, settings) => {
  test('is the same again, after an interruption between epochs, and after one within an epoch', async () => {
    const runs = temporaryFolder();
    const config = smallConfig({ dataset: digitsFolder(), epochs: 4, ...settings });
    const whole = await trainRun(runs, config);
    expect(lossesOf(whole.run)).toHaveLength(4 * 27);
    expect(whole.events.at(-1)?.event).toBe('end');

    expectSame((await trainRun(runs, config)).run, whole.run);

    const ended = await trainRun(runs, { ...config, epochs: 2 });
    await resumeRun(ended.run, { epochs: 4 });
    expectSame(ended.run, whole.run);

    const between = await trainRun(runs, config, afterEpoch(2));
    expect(between.events.at(-1)).toMatchObject({ event: 'stopped', epoch: 2, step: 54 });
    expect((await resumeRun(between.run)).events[0]).toMatchObject({ event: 'start', step: 54 });
    expectSame(between.run, whole.run);

    const within = await trainRun(runs, config, atFirstStep);
    expect(within.events.at(-1)).toMatchObject({ event: 'stopped', epoch: 0 });
    const again = await resumeRun(within.run, {}, atFirstStep);
    const stops = [within, again].map(({ events }) => events.at(-1));
    const [first = 0, second = 0] = stops.map(event => (event?.event === 'stopped' ? event.step : 0));
    expect([first > 0, second > first, second < 27]).toEqual([true, true, true]);
    await resumeRun(within.run);
    expectSame(within.run, whole.run);
  });
});

describe('the seed', () => {
  test('another one gives other losses, from the first step on', async () => {
    const runs = temporaryFolder();
    const dataset = digitsFolder();
    const [a, b] = [
      await trainRun(runs, smallConfig({ dataset, epochs: 1 })),
      await trainRun(runs, smallConfig({ dataset, epochs: 1, seed: 1 })),
    ];
    const [first, second] = [lossesOf(a.run), lossesOf(b.run)];
    expect(first).toHaveLength(second.length);
    for (const [i, { loss }] of first.entries()) expect(loss).not.toBe(second[i]?.loss);
  });
});

describe('chunks of steps', () => {
  /** The losses of 12 steps, taken in pieces. */
  async function lossesInChunks(dataset: string, chunks: readonly number[], look = false): Promise<number[]> {
    const config = smallConfig({ dataset, optimizer: 'adam', lr: 0.01 });
    const { learner, samples, data, training } = await prepare(config);
    const order = new BatchOrder(training, defaultGenerator);
    order.startEpoch();
    const setting = { learner, samples, classes: data.classes.length, device: 'cpu' } as const;
    const next = (target: Int32Array, start: number) => order.next(target, start, config.batchSize);
    const step = await TrainingStep.compile(setting, config.batchSize, next);
    const looking = await TrainingStep.compile(setting, config.batchSize, next, 'values');
    const losses: number[] = [];
    for (const count of chunks) losses.push(...(await (look ? looking : step).run(count)).losses);
    await step.release();
    await looking.release();
    return losses;
  }

  test('do not change a bit', async () => {
    const dataset = digitsFolder();
    const all = await lossesInChunks(dataset, [12]);
    expect(new Set(all).size).toBe(12);
    expect(await lossesInChunks(dataset, new Array<number>(12).fill(1))).toEqual(all);
    expect(await lossesInChunks(dataset, [5, 1, 4, 2])).toEqual(all);
    expect(await lossesInChunks(dataset, [5, 1, 4, 2], true)).toEqual(all);
  });
});

describe('resuming', () => {
  test('takes up a run that was killed: what came after its last checkpoint is done again', async () => {
    const { appendFileSync } = await import('node:fs');
    const runs = temporaryFolder();
    const config = smallConfig({ dataset: digitsFolder() });
    const whole = await trainRun(runs, config);
    const killed = await trainRun(runs, config, afterEpoch(2));
    const metrics = `${killed.run}/metrics.jsonl`;
    appendFileSync(metrics, '{"event":"steps","step":60,"epoch":3,"losses":[9,9,9,9,9,9]}\n{"event":"st');
    await resumeRun(killed.run);
    expectSame(killed.run, whole.run);
  });

  test('begins at the beginning where no checkpoint was written', async () => {
    const { rmSync } = await import('node:fs');
    const runs = temporaryFolder();
    const config = smallConfig({ dataset: digitsFolder(), epochs: 2 });
    const whole = await trainRun(runs, config);
    const killed = await trainRun(runs, config, atFirstStep);
    rmSync(`${killed.run}/checkpoints/last.pt`);
    await resumeRun(killed.run);
    expectSame(killed.run, whole.run);
  });
});
