import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvPart } from '../../src/history/csv';
import { RunHistory } from '../../src/history/run-history';
import { Runs } from '../../src/history/runs';
import type { SeriesAnswer, SeriesName } from '../../src/protocol/dashboard';
import { epochLine, makeRun, stepsLine, temporaryFolder } from './support';

async function opened(folder: string): Promise<RunHistory> {
  const run = await RunHistory.open(folder);
  if (run === undefined) throw new Error('this is no run');
  return run;
}

function look(run: RunHistory, series: SeriesName): SeriesAnswer | undefined {
  const everything = {
    axis: 'step',
    from: null,
    to: null,
    margin: 0,
    width: 500,
    log: false,
    smoothing: 0,
  } as const;
  return run.query({ ...everything, run: run.id, series });
}

describe('a large run', () => {
  /** Enough for a first look: a line for each step, a spike in one of them. */
  function makeLarge(): { folder: string; steps: number } {
    const steps = 80_000;
    const lines: string[] = [];
    for (let step = 1; step <= steps; step++) {
      const loss = step === 54_321 ? 99 : 1 + step / 1e6;
      lines.push(
        stepsLine(step, 1, [loss], { learningRate: 0.05, seconds: step / 1000, padding: 'x'.repeat(40) }),
      );
      if (step % 1000 === 0) lines.push(epochLine(step / 1000, step));
    }
    return { folder: makeRun(temporaryFolder(), 'large', lines, { epochs: 100 }), steps };
  }

  it('is shown by a first look, and then as it is', async () => {
    const { folder, steps } = makeLarge();
    const run = await opened(folder);
    expect(run.status()).toMatchObject({ reading: expect.any(Number), step: steps, best: { epoch: 80 } });
    const first = look(run, 'train/loss');
    expect(first?.exact).toBe(false);
    expect(first?.count).toBeGreaterThan(1000);
    expect(first?.count).toBeLessThan(steps / 4);
    expect(first?.last).toBe(steps);
    expect(look(run, 'validation/loss')?.count).toBe(80);
    await run.update();
    expect(run.status().reading).toBeNull();
    const all = look(run, 'train/loss');
    expect(all?.count).toBe(steps);
    expect(all?.max).toContain(99);
    expect(look(run, 'throughput')?.mean.every(value => Math.abs((value ?? 0) - 10_000) < 1)).toBe(true);
  });

  it('is never exported from a first look', async () => {
    const { folder, steps } = makeLarge();
    const runs = new Runs(path.dirname(folder));
    let cursor: string | null = null;
    let lines = 0;
    do {
      const request = { runs: ['large'], series: ['train/loss' as const], cursor };
      const part: { text: string; next: string | null } = await csvPart(request, id => runs.open(id));
      lines += part.text.split('\n').length - 1;
      cursor = part.next;
    } while (cursor !== null);
    expect(lines).toBe(1 + steps);
  });
});
