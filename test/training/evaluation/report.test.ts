/** The report of an evaluation, and what is kept of it with the run. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { evaluationSchema } from '../../../src/protocol/evaluation';
import { samplesOfCell } from '../../../src/protocol/evaluation-cells';
import { EvaluationSession, evaluateCheckpoint } from '../../../src/training';
import { digitsFolder, failureOf, smallConfig, temporaryFolder, trainRun } from '../support';

async function trained() {
  const dataset = digitsFolder({ train: 200, test: 100 });
  const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset, epochs: 1 }));
  return { dataset, run, file: path.join(run, 'checkpoints', 'best.pt') };
}

describe('an evaluation', () => {
  test('tells everything that its predictions tell, and is kept with the run', async () => {
    const { file, run } = await trained();
    const report = await evaluateCheckpoint({ file }, 'test');
    const [kept = '', ...others] = readdirSync(path.join(run, 'evaluations'));
    expect(others).toEqual([]);
    expect(kept).toMatch(/^best-test-[0-9a-f]{8}\.json$/);
    expect(
      evaluationSchema.parse(JSON.parse(readFileSync(path.join(run, 'evaluations', kept), 'utf8'))),
    ).toEqual(report);

    const cells = report.confusion.map((row, i) => row.map((_, j) => samplesOfCell(report, i, j)));
    expect(cells.map(row => row.map(cell => cell.length))).toEqual(report.confusion);
    const all = cells.flat(2);
    expect(new Set(all.map(({ index }) => index)).size).toBe(100);
    expect(report.perClass.reduce((sum, { support }) => sum + support, 0)).toBe(100);
    expect(report.calibration.bins.reduce((sum, { count }) => sum + count, 0)).toBe(100);
    const wrong = all.filter(({ actual, predicted }) => actual !== predicted);
    expect(report.mistakes).toHaveLength(wrong.length);
    const surest = Math.max(...wrong.map(({ confidence }) => confidence));
    expect(report.mistakes[0]?.confidence).toBeCloseTo(surest, 4);
    const confidences = report.mistakes.map(({ confidence }) => confidence);
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
  });

  test('of another checkpoint, part or dataset is kept beside it; of the same, in its place', async () => {
    const { file, run, dataset } = await trained();
    const names = () => readdirSync(path.join(run, 'evaluations')).sort();
    await evaluateCheckpoint({ file }, 'test');
    await evaluateCheckpoint({ file }, 'test');
    expect(names()).toHaveLength(1);
    await evaluateCheckpoint({ file: path.join(run, 'checkpoints', 'last.pt') }, 'test');
    await evaluateCheckpoint({ file, folder: dataset }, 'train');
    await evaluateCheckpoint({ file, folder: digitsFolder({ train: 50, test: 20, seed: 3 }) }, 'test');
    expect(names().map(name => name.replace(/[0-9a-f]{8}/, '#'))).toEqual([
      'best-test-#.json',
      'best-test-#.json',
      'best-train-#.json',
      'last-test-#.json',
    ]);
  });

  test('can be stopped, and leaves nothing behind', async () => {
    const { file, run } = await trained();
    const stopping = new AbortController();
    stopping.abort();
    const stopped = evaluateCheckpoint({ file }, 'test', { signal: stopping.signal });
    expect(await failureOf(stopped)).toBe('the evaluation was stopped');
    expect(readdirSync(run)).not.toContain('evaluations');
  });

  test('is not lost where it cannot be kept, and says why in one line', async () => {
    const { file, run } = await trained();
    writeFileSync(path.join(run, 'evaluations'), '');
    const report = await evaluateCheckpoint({ file }, 'test');
    expect(report.total).toBe(100);
    expect(report.notKept).toMatch(/best-test-\w+\.json: could not be written: .+$/);
    expect(evaluationSchema.parse(report)).toEqual(report);
  });
});

describe('a session', () => {
  test('says of an image what the evaluation says of it', async () => {
    const { file } = await trained();
    const session = await EvaluationSession.open({ file });
    const report = await session.evaluate('test');
    const { images } = session.split('test');
    for (const { index, predicted, confidence } of report.mistakes.slice(0, 5)) {
      const probabilities = await session.predict(
        Uint8Array.from(images.subarray(index * 784, (index + 1) * 784)),
      );
      expect(probabilities).toHaveLength(10);
      expect(probabilities.indexOf(Math.max(...probabilities))).toBe(predicted);
      expect(probabilities[predicted]).toBeCloseTo(confidence, 4);
    }
    expect(await failureOf(session.predict(new Uint8Array(3)))).toBe(
      'expected an image of 28×28, found 3 pixels',
    );
    await session.close();
  });
});
