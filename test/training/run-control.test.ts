/** Steering a run: pauses, single steps, another learning rate. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { TrainingEvent } from '../../src/protocol/training-events';
import { type RunConfig, RunControl, readLosses, resume, train } from '../../src/training';
import { digitsFolder, smallConfig, temporaryFolder } from './support';

const stepsLine = z.object({ event: z.literal('steps'), step: z.number(), learningRate: z.number() });

/** A run that is steered while it goes on. */
function begin(config: RunConfig, control: RunControl, signal?: AbortSignal) {
  const runs = temporaryFolder();
  const events: TrainingEvent[] = [];
  const done = train(config, { runs, control, signal, onEvent: event => events.push(event) });
  const run = () => events.map(event => (event.event === 'start' ? event.run : '')).join('');
  return { done, events, run, losses: () => readLosses(path.join(run(), 'metrics.jsonl')) };
}

/** Waits until `look` is true. */
async function until(look: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !look(); i++) await new Promise(resolve => setTimeout(resolve, 5));
  expect(look()).toBe(true);
}

describe('RunControl', () => {
  it('rests before the first step, takes single steps, and then all', async () => {
    const control = new RunControl();
    control.pause();
    const { done, losses } = begin(smallConfig({ dataset: digitsFolder(), epochs: 1 }), control);
    await until(() => control.resting);
    expect(losses()).toHaveLength(0);
    for (const taken of [1, 2]) {
      control.step(1);
      await until(() => control.resting && losses().length === taken);
      expect(control.paused).toBe(true);
    }
    control.step(3);
    await until(() => control.resting && losses().length === 5);
    control.continue();
    await done;
    expect(losses()).toHaveLength(27);
  });

  it('gives the same losses with pauses as without', async () => {
    const config = smallConfig({ dataset: digitsFolder(), epochs: 1 });
    const plain = begin(config, new RunControl());
    await plain.done;
    const control = new RunControl();
    control.pause();
    const paused = begin(config, control);
    for (let i = 1; i <= 4; i++) {
      control.step(i);
      await until(() => control.resting);
    }
    control.continue();
    await paused.done;
    expect(paused.losses()).toEqual(plain.losses());
  });

  it('can be stopped while it rests', async () => {
    const control = new RunControl();
    const stop = new AbortController();
    control.step(2);
    control.pause();
    control.step(2);
    const { done, events } = begin(smallConfig({ dataset: digitsFolder() }), control, stop.signal);
    await until(() => control.resting);
    stop.abort();
    await done;
    expect(events.at(-1)).toMatchObject({ event: 'stopped', step: 2 });
  });

  it('does not count the time of a pause', async () => {
    const control = new RunControl();
    control.pause();
    const { done, events } = begin(smallConfig({ dataset: digitsFolder(), epochs: 1 }), control);
    await until(() => control.resting);
    await new Promise(resolve => setTimeout(resolve, 3000));
    control.continue();
    await done;
    const seconds = events.flatMap(event => (event.event === 'epoch' ? [event.seconds] : []));
    expect(seconds[0]).toBeLessThan(3);
  });

  it('changes the learning rate from the next step on, and for a run that is resumed', async () => {
    const control = new RunControl();
    const stop = new AbortController();
    const config = smallConfig({ dataset: digitsFolder(), lr: 0.05 });
    control.pause();
    const { done, run, losses } = begin(config, control, stop.signal);
    control.step(5);
    await until(() => control.resting && losses().length === 5);
    control.learningRate = 1e-12;
    control.step(5);
    await until(() => control.resting && losses().length === 10);
    stop.abort();
    await done;
    const rates = (text: string) =>
      text.split('\n').flatMap(line => {
        const parsed = stepsLine.safeParse(line === '' ? undefined : JSON.parse(line));
        return parsed.success ? [[parsed.data.step, parsed.data.learningRate]] : [];
      });
    const file = path.join(run(), 'metrics.jsonl');
    const found = rates(readFileSync(file, 'utf8'));
    expect(found.map(([step]) => step)).toEqual(expect.arrayContaining([5, 10]));
    for (const [step = 0, rate] of found) expect(rate).toBe(step <= 5 ? 0.05 : 1e-12);
    await resume(run(), { epochs: 1 }, { onEvent: () => undefined });
    expect(rates(readFileSync(file, 'utf8')).at(-1)).toEqual([27, 1e-12]);
  });
});
