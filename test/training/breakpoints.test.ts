/** Runs that pause by themselves before a step that goes wrong, and can go on. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { LooksHistory } from '../../src/history/looks';
import { type Breakpoints, noBreakpoints } from '../../src/protocol/breakpoints';
import type { BreakpointEvent, TrainingEvent } from '../../src/protocol/training-events';
import { type RunConfig, RunControl, readLosses, train } from '../../src/training';
import { digitsFolder, failureOf, lossesOf, smallConfig, temporaryFolder, trainRun } from './support';

async function until(look: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!look() && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 5));
  expect(look()).toBe(true);
}

/** A run with breakpoints. */
function begin(config: RunConfig, breakpoints: Partial<Breakpoints>) {
  const control = new RunControl();
  control.breakpoints = { ...noBreakpoints, ...breakpoints };
  const events: TrainingEvent[] = [];
  const runs = temporaryFolder();
  const done = train(config, { runs, control, onEvent: event => events.push(event) });
  const hits = () => events.filter((event): event is BreakpointEvent => event.event === 'breakpoint');
  const run = () => {
    const start = events.find(event => event.event === 'start');
    return start?.run ?? '';
  };
  const paused = async (count = 1) => {
    await Promise.race([until(() => control.resting && hits().length === count), done]);
    const hit = hits()[count - 1];
    if (hit === undefined) throw new Error('the run did not pause');
    return hit;
  };
  return { control, events, hits, done, paused, losses: () => readLosses(path.join(run(), 'metrics.jsonl')) };
}

describe('a breakpoint', () => {
  test('pauses at the first value that is not finite, names it, and the run can go on', async () => {
    const config = smallConfig({ dataset: digitsFolder(), epochs: 1, lr: 1e30 });
    const { control, paused, done, events, losses } = begin(config, { notFinite: true });
    const hit = await paused();
    // The first step changes the weights by so much that the second one's loss is none any more.
    expect(hit).toMatchObject({
      epoch: 1,
      reason: expect.stringMatching(/^the loss became (NaN|Infinity)$/),
    });
    expect(hit.name).toMatch(/^(fc\d\.(weight|bias)|\w+Backward0( of \w+)?)$/);
    expect(hit.node).not.toBeNull();
    expect(losses().every(({ loss }) => Number.isFinite(loss))).toBe(true);
    control.learningRate = 0.01;
    // The weights that the run stands at are finite, but far away: from there it is not to be expected to learn.
    control.breakpoints = noBreakpoints;
    control.continue();
    await done.catch(() => undefined);
    expect(['end', 'error', 'epoch', 'step', 'breakpoint']).toContain(events.at(-1)?.event);
  });

  test('names the first place that is far out, where the loss is far out and still a number', async () => {
    const config = smallConfig({ dataset: digitsFolder(), epochs: 3, lr: 1e4 });
    const { control, paused, done } = begin(config, { notFinite: true });
    const hit = await paused();
    expect(hit.reason).toMatch(/^the loss became \d/);
    expect(hit.name).toMatch(/^(fc\d\.(weight|bias)|\w+Backward0( of \w+)?)$/);
    expect(hit.node).not.toBeNull();
    control.breakpoints = noBreakpoints;
    control.continue();
    await done.catch(() => undefined);
  });

  test('goes back to before the very step: with a lower learning rate it ends as if nothing had been', async () => {
    const dataset = digitsFolder();
    const config = smallConfig({ dataset, epochs: 1, lr: 0.05 });
    const { run } = await trainRun(temporaryFolder(), config);
    const { control, paused, done, losses } = begin(config, { notFinite: true });
    control.pause();
    control.step(10);
    await until(() => control.resting && losses().length === 10);
    control.learningRate = 1e39;
    control.continue();
    const hit = await paused();
    expect(hit.step).toBe(10);
    expect(hit).toMatchObject({ of: 'update', name: 'fc1.weight' });
    control.learningRate = 0.05;
    control.continue();
    await done;
    // What is told last of a step counts.
    const told = new Map(losses().map(({ step, loss }) => [step, loss]));
    expect([...told]).toEqual(lossesOf(run).map(({ step, loss }) => [step, loss]));
  });

  test('goes back to before the last step of an epoch, whose weights nothing else has shown yet', async () => {
    const dataset = digitsFolder();
    const config = smallConfig({ dataset, epochs: 2, lr: 0.05 });
    const { run } = await trainRun(temporaryFolder(), config);
    const steps = lossesOf(run).length / 2;
    const { control, paused, done, hits, losses } = begin(config, { notFinite: true });
    control.pause();
    control.step(steps - 1);
    await until(() => control.resting && losses().length === steps - 1);
    control.learningRate = 1e39;
    control.continue();
    expect(await paused()).toMatchObject({
      epoch: 1,
      step: steps - 1,
      of: 'update',
      reason: 'a weight became infinite or NaN',
    });
    control.learningRate = 0.05;
    control.continue();
    await done;
    expect(hits()).toHaveLength(1);
    const told = new Map(losses().map(({ step, loss }) => [step, loss]));
    expect([...told]).toEqual(lossesOf(run).map(({ step, loss }) => [step, loss]));
  });

  test('on the loss, on the norm of the gradient and on values pauses before the step', async () => {
    const dataset = digitsFolder();
    const config = smallConfig({ dataset, epochs: 1 });
    const { run } = await trainRun(temporaryFolder(), config);
    const expected = lossesOf(run);
    const highest = Math.max(...expected.map(({ loss }) => loss));
    const first = expected.findIndex(({ loss }) => loss === highest);
    const onLoss = begin(config, { lossAbove: highest - 1e-6 });
    expect(await onLoss.paused()).toMatchObject({
      step: first,
      reason: expect.stringContaining('the loss is'),
    });
    expect(onLoss.losses()).toEqual(expected.slice(0, first));

    const onNorm = begin(config, { gradientNormAbove: 1e-6 });
    expect(await onNorm.paused()).toMatchObject({
      step: 0,
      reason: expect.stringContaining('norm of the gradient'),
    });

    const onValue = begin(config, { valueAbove: 1e-6 });
    expect(await onValue.paused()).toMatchObject({ step: 0, of: 'value', name: 'fc1.weight' });
    for (const { control, done } of [onLoss, onNorm, onValue]) {
      control.breakpoints = noBreakpoints;
      control.continue();
      await done;
    }
    // Watching changes nothing.
    expect(onValue.losses()).toEqual(expected);
    expect(onNorm.losses()).toEqual(expected);
  });
});

test('the last look of a run is at the step that goes wrong', async () => {
  const dataset = digitsFolder();
  const runs = temporaryFolder();
  await failureOf(trainRun(runs, smallConfig({ dataset, lr: 1e4 })));
  const [run = ''] = readdirSync(runs);
  const looks = new LooksHistory(path.join(runs, run, 'looks.jsonl'));
  const { steps } = await looks.tensors();
  const [, at] = /at step (\d+)/.exec(readFileSync(path.join(runs, run, 'run.json'), 'utf8')) ?? [];
  // Step 2 is the one with one step before it.
  expect(steps.at(-1)).toBe(Number(at) - 1);
  const { activations } = looks.looks.at(-1) ?? {};
  const largest = activations?.map(({ value: { statistics } }) =>
    Math.max(-(statistics.min ?? 0), statistics.max ?? 0),
  );
  expect(Math.max(...(largest ?? []))).toBeGreaterThan(1e6);
});

test('without breakpoints the run ends, and says where it went wrong first', async () => {
  const config = smallConfig({ dataset: digitsFolder(), lr: 1e39 });
  expect(await failureOf(trainRun(temporaryFolder(), config))).toMatch(
    /^the loss became NaN \(first in fc1\.weight\) at step \d+ .*try a learning rate below 1e\+39/,
  );
});
