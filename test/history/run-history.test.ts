import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunHistory } from '../../src/history/run-history';
import { Runs } from '../../src/history/runs';
import type { SeriesName } from '../../src/protocol/dashboard';
import { epochLine, infoText, makeRun, stepsLine, temporaryFolder } from './support';

async function opened(folder: string): Promise<RunHistory> {
  const run = await RunHistory.open(folder);
  if (run === undefined) throw new Error('this is no run');
  return run;
}

function look(run: RunHistory, series: SeriesName, axis: 'step' | 'epoch' | 'time' = 'step') {
  const answer = run.query({
    run: run.id,
    series,
    axis,
    from: null,
    to: null,
    margin: 0,
    width: 500,
    log: false,
    smoothing: 0,
  });
  return answer === undefined ? undefined : { x: answer.x, y: answer.mean };
}

describe('the history of a run', () => {
  it('holds what the lines say, at their steps, epochs and seconds', async () => {
    const folder = makeRun(temporaryFolder(), 'a', [
      stepsLine(2, 1, [3, 2.5]),
      stepsLine(4, 1, [2, 1.5]),
      epochLine(1, 4),
      stepsLine(8, 2, [1, 0.9, 0.8, 0.7]),
      epochLine(2, 8),
      JSON.stringify({ event: 'end', step: 8, testLoss: 1, testAccuracy: 0.9, bestEpoch: 2 }),
    ]);
    const run = await opened(folder);
    expect(look(run, 'train/loss')).toEqual({
      x: [1, 2, 3, 4, 5, 6, 7, 8],
      y: [3, 2.5, 2, 1.5, 1, 0.9, 0.8, 0.7],
    });
    expect(look(run, 'train/loss', 'epoch')?.x).toEqual([0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]);
    expect(look(run, 'validation/loss', 'time')).toEqual({ x: [2, 4], y: [1.1, 0.55] });
    expect(look(run, 'learning-rate')).toEqual({ x: [1, 8], y: [0.1, 0.1] });
    expect(look(run, 'throughput')?.y).toEqual([500, 500]);
    expect(look(run, 'gradient-norm')).toBeUndefined();
    expect(run.status()).toMatchObject({ step: 8, epoch: 2, steps: 20, secondsTaken: 4, best: { epoch: 2 } });
  });

  it('takes rates, norms and seconds from the lines where they say them', async () => {
    const folder = makeRun(temporaryFolder(), 'a', [
      stepsLine(2, 1, [3, 2], { learningRate: 0.5, gradientNorms: [7, 8], seconds: 0.1 }),
      stepsLine(4, 1, [2, 1], { learningRate: 0.25, gradientNorms: [9], seconds: 0.2 }),
      epochLine(1, 4),
    ]);
    const run = await opened(folder);
    expect(look(run, 'learning-rate')).toEqual({ x: [1, 2, 3, 4], y: [0.5, 0.5, 0.25, 0.25] });
    expect(look(run, 'gradient-norm')).toEqual({ x: [1, 2, 4], y: [7, 8, 9] });
    expect(look(run, 'train/loss', 'time')?.x).toEqual([0.05, 0.1, 0.15, 0.2].map(x => expect.closeTo(x)));
    expect(look(run, 'throughput')?.y).toEqual([expect.closeTo(200), expect.closeTo(200)]);
    expect(run.status().learningRate).toBe(0.25);
  });

  it('knows of a run that ended early, and believes the steps of a schedule about its rate', async () => {
    const end = { event: 'end', step: 2, testLoss: 1, testAccuracy: 0.9, bestEpoch: 1, stoppedEarly: true };
    const lines = [stepsLine(2, 1, [3, 2], { learningRate: 0.25 }), epochLine(1, 2), JSON.stringify(end)];
    const early = await opened(makeRun(temporaryFolder(), 'a', lines));
    expect(early.status()).toMatchObject({ stoppedEarly: true, learningRate: 0.25 });
    const live = { state: 'running', learningRate: 0.5 } as const;
    expect(early.status(live).learningRate).toBe(0.5);
    const scheduled = await opened(makeRun(temporaryFolder(), 'b', lines, { scheduler: 'cosine' }));
    expect(scheduled.status(live).learningRate).toBe(0.25);
  });

  it('waits for the rest of a torn last line', async () => {
    const folder = makeRun(temporaryFolder(), 'a', [stepsLine(2, 1, [3, 2])]);
    const file = path.join(folder, 'metrics.jsonl');
    const next = `${stepsLine(4, 1, [1, 0.5])}\n`;
    appendFileSync(file, next.slice(0, 20));
    const run = await opened(folder);
    expect(look(run, 'train/loss')?.y).toEqual([3, 2]);
    expect(await run.update()).toBe(false);
    appendFileSync(file, next.slice(20));
    expect(await run.update()).toBe(true);
    expect(look(run, 'train/loss')?.y).toEqual([3, 2, 1, 0.5]);
  });

  it('passes over lines that are damaged or of a kind it does not know', async () => {
    const lines = [
      '',
      'null',
      '{"event":"steps","step":"x"}',
      '{"event":"histogram","step":1}',
      '{"event":"st',
    ];
    const run = await opened(makeRun(temporaryFolder(), 'a', [...lines, stepsLine(1, 1, [null])]));
    expect(look(run, 'train/loss')).toEqual({ x: [1], y: [null] });
  });

  it('believes what a resumed run says anew', async () => {
    const folder = makeRun(temporaryFolder(), 'a', [
      stepsLine(4, 1, [4, 3, 2, 1]),
      epochLine(1, 4),
      stepsLine(8, 2, [9, 9, 9, 9]),
      stepsLine(6, 2, [5, 6]),
      stepsLine(8, 2, [7, 8]),
      epochLine(2, 8),
    ]);
    const run = await opened(folder);
    expect(look(run, 'train/loss')).toEqual({ x: [1, 2, 3, 4, 5, 6, 7, 8], y: [4, 3, 2, 1, 5, 6, 7, 8] });
    expect(look(run, 'train/accuracy')?.x).toEqual([4, 8]);
  });

  it('reads a file anew that was replaced, whatever its size', async () => {
    const folder = makeRun(temporaryFolder(), 'a', [stepsLine(2, 1, [3, 2]), stepsLine(4, 1, [1, 1])]);
    const run = await opened(folder);
    const beside = path.join(folder, 'beside');
    writeFileSync(
      beside,
      `${stepsLine(2, 1, [30, 20])}\n${stepsLine(4, 1, [10, 10])}\n${stepsLine(5, 1, [7])}\n`,
    );
    renameSync(beside, path.join(folder, 'metrics.jsonl'));
    await run.update();
    expect(look(run, 'train/loss')?.y).toEqual([30, 20, 10, 10, 7]);
  });

  it('says of a run that fell silent that it was interrupted', async () => {
    const lines = [stepsLine(2, 1, [3, 2])];
    const folder = makeRun(temporaryFolder(), 'a', lines, { status: 'running' });
    const run = await opened(folder);
    expect(run.status().summary.state).toBe('running');
    const { utimesSync } = await import('node:fs');
    utimesSync(path.join(folder, 'metrics.jsonl'), 1, 1);
    appendFileSync(path.join(folder, 'run.json'), '\n');
    await run.update();
    expect(run.status().summary.state).toBe('interrupted');
    expect(run.status({ state: 'paused' }).summary.state).toBe('paused');
  });

  it('marks where overfitting begins', async () => {
    const validation = [0.5, 0.3, 0.35, 0.4, 0.5];
    const lines = validation.flatMap((validationLoss, i) => [
      stepsLine(10 * (i + 1), i + 1, Array(10).fill(1)),
      epochLine(i + 1, 10 * (i + 1), { validationLoss, validationAccuracy: 0.9 + i / 100 }),
    ]);
    const run = await opened(makeRun(temporaryFolder(), 'a', lines));
    expect(run.status().overfitting).toEqual({ epoch: 2, step: 20, time: 4 });
    expect(run.status().best).toMatchObject({ epoch: 5 });
  });

  it.each([
    ['falls to the end', [0.5, 0.4, 0.3, 0.2, 0.1]],
    ['has just risen once', [0.5, 0.4, 0.3, 0.2, 0.4]],
    ['wavers about its minimum', [0.5, 0.3, 0.301, 0.3, 0.302]],
  ])('marks no overfitting where the validation loss %s', async (_, validation) => {
    const lines = validation.map((validationLoss, i) => epochLine(i + 1, 10 * (i + 1), { validationLoss }));
    const run = await opened(makeRun(temporaryFolder(), 'a', lines));
    expect(run.status().overfitting).toBeNull();
  });
});

describe('a folder of runs', () => {
  it('lists runs, newest first, and passes over what is none', async () => {
    const folder = temporaryFolder();
    makeRun(folder, 'old', [], { created: '2026-01-01T00:00:00.000Z', testAccuracy: 0.97 });
    makeRun(folder, 'new', [], {
      created: '2026-02-01T00:00:00.000Z',
      status: 'failed',
      error: 'it diverged',
    });
    mkdirSync(path.join(folder, 'empty'));
    writeFileSync(path.join(folder, 'run.json'), infoText());
    const list = await new Runs(folder).list();
    expect(list.map(({ id, state, testAccuracy }) => ({ id, state, testAccuracy }))).toEqual([
      { id: 'new', state: 'failed', testAccuracy: null },
      { id: 'old', state: 'finished', testAccuracy: 0.97 },
    ]);
    expect(await new Runs(path.join(folder, 'nowhere')).list()).toEqual([]);
  });

  it('passes over a run.json that is a device, a pipe, too large, or of no time', async () => {
    const folder = temporaryFolder();
    makeRun(folder, 'good');
    makeRun(folder, 'timeless', [], { created: 'not a date' });
    for (const name of ['device', 'pipe', 'large']) mkdirSync(path.join(folder, name));
    if (existsSync('/dev/zero')) symlinkSync('/dev/zero', path.join(folder, 'device', 'run.json'));
    spawnSync('mkfifo', [path.join(folder, 'pipe', 'run.json')]);
    writeFileSync(path.join(folder, 'large', 'run.json'), infoText() + ' '.repeat(2 << 20));
    expect((await new Runs(folder).list()).map(({ id }) => id)).toEqual(['good']);
  });

  it.each(['..', '.', '', '../outside', 'a/../../outside', '/etc', 'link', 'C:', 'a\0'])(
    'opens nothing outside of it: %j',
    async id => {
      const folder = temporaryFolder();
      makeRun(folder, 'outside', []);
      const runs = path.join(folder, 'runs');
      makeRun(runs, 'a', []);
      symlinkSync(path.join(folder, 'outside'), path.join(runs, 'link'));
      expect(await new Runs(runs).open(id)).toBeUndefined();
      expect(await new Runs(runs).open('a')).toBeDefined();
    },
  );
});
