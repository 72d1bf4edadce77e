/** The event files of real runs, read back by an independent reader. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { histogramOf, statisticsOf } from '../../../src/statistics/statistics';
import { crc32c } from '../../../src/training/tensorboard/crc32c';
import { toHistogramProto } from '../../../src/training/tensorboard/event';
import {
  afterEpoch,
  digitsFolder,
  lossesOf,
  resumeRun,
  smallConfig,
  temporaryFolder,
  trainRun,
} from '../support';
import { type ReadEvent, readEvents, readRecords } from './reader';

function eventsOf(run: string): ReadEvent[][] {
  const files = readdirSync(run).filter(name => name.includes('tfevents'));
  return files.toSorted().map(name => readEvents(readFileSync(path.join(run, name))));
}

const scalars = (events: readonly ReadEvent[], tag: string) =>
  events.flatMap(({ step, values }) =>
    values.flatMap(value => (value.tag === tag && value.number !== undefined ? [[step, value.number]] : [])),
  );

test('the checksum is that of the published example', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
});

describe('an event file', () => {
  test('holds the curves of the run and the histograms of its tensors', async () => {
    const config = smallConfig({ dataset: digitsFolder(), epochs: 2 });
    const { run } = await trainRun(temporaryFolder(), config);
    const [events = []] = eventsOf(run);
    expect(events[0]).toMatchObject({ fileVersion: 'brain.Event:2', values: [] });
    expect(events.every(({ wallTime }) => Math.abs(wallTime - Date.now() / 1000) < 600)).toBe(true);
    const losses = new Map(lossesOf(run).map(({ step, loss }) => [step, loss]));
    const told = scalars(events, 'loss/train');
    expect(told.length).toBeGreaterThan(2);
    for (const [step = 0, loss] of told) expect(loss).toBe(Math.fround(losses.get(step) ?? Number.NaN));
    expect(told.at(-1)?.[0]).toBe(54);
    expect(scalars(events, 'accuracy/validation').map(([step]) => step)).toEqual([27, 54]);
    expect(scalars(events, 'learning_rate').at(-1)).toEqual([54, Math.fround(0.05)]);
    const tags = new Set(events.flatMap(({ values }) => values.flatMap(v => (v.histogram ? [v.tag] : []))));
    expect(tags).toEqual(
      new Set([
        ...['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'].flatMap(name => [
          `parameters/${name}`,
          `gradients/${name}`,
        ]),
        'activations/fc1_5',
        'activations/relu1_4',
        'activations/fc2_2',
        'activations/LogSoftmaxBackward0_1',
      ]),
    );
    for (const { histogram } of events.flatMap(({ values }) => values)) {
      if (histogram === undefined) continue;
      expect(histogram.limits).toEqual(histogram.limits.toSorted((a, b) => a - b));
      expect(histogram.counts).toHaveLength(histogram.limits.length);
      expect(histogram.counts.reduce((a, b) => a + b, 0)).toBe(histogram.num);
    }
  });

  test('of a run that is resumed says from where on earlier files do not count', async () => {
    const { run } = await trainRun(
      temporaryFolder(),
      smallConfig({ dataset: digitsFolder() }),
      afterEpoch(1),
    );
    await resumeRun(run, {});
    const [, resumed = []] = eventsOf(run);
    expect(resumed[1]).toMatchObject({ step: 28, sessionStatus: 1 });
    expect(scalars(resumed, 'loss/train').at(-1)?.[0]).toBe(81);
  });

  test('is refused by the reader when a byte is changed', async () => {
    const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset: digitsFolder(), epochs: 1 }));
    const [name = ''] = readdirSync(run).filter(file => file.includes('tfevents'));
    const bytes = readFileSync(path.join(run, name));
    bytes[60] = (bytes[60] ?? 0) ^ 1;
    expect(() => readRecords(bytes)).toThrow(/checksum/);
  });
});

test('buckets hold the values between their edges', () => {
  const data = Float32Array.of(-3, -0.5, 0, 1e-9, 0.5, 0.51, 2, 1000, Number.NaN);
  const proto = toHistogramProto({ statistics: statisticsOf(data), histogram: histogramOf(data) });
  const finite = [...data].filter(Number.isFinite);
  proto.bucketLimit.forEach((limit, i) => {
    const below = i === 0 ? Number.NEGATIVE_INFINITY : (proto.bucketLimit[i - 1] ?? 0);
    // Edges belong to the bin that is further from zero.
    const inside = finite.filter(x => (x >= 0 ? x >= below && x < limit : x > below && x <= limit));
    expect(proto.bucket[i], `${below} to ${limit}`).toBe(inside.length);
  });
  expect(proto).toMatchObject({ min: -3, max: 1000, num: 8 });
  expect(proto.sum).toBeCloseTo(
    finite.reduce((a, b) => a + b, 0),
    6,
  );
});
