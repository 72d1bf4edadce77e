/** The process that evaluates for a page, from its beginning to its end. */
import { utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { EvaluatorProcess } from '../../src/extension/evaluation/evaluator-process';
import { Endpoint, type WireMessage } from '../../src/protocol/endpoint';
import {
  type EvaluationEvents,
  type EvaluationRequests,
  evaluationHostSide,
  evaluationPageSide,
  type PageSubject,
} from '../../src/protocol/evaluation-page';
import { Evaluator } from '../../src/trainer/evaluator';
import { EvaluationSession } from '../../src/training';
import { digitsFolder, smallConfig, temporaryFolder, trainRun } from '../training/support';
import { isAlive, program, until } from './support';

/** A page's end of the wire. */
function pageTo(send: (message: WireMessage) => void) {
  return new Endpoint<object, EvaluationEvents, EvaluationRequests, object>(
    evaluationPageSide,
    evaluationHostSide,
    { requests: {}, events: { changed: () => undefined, failed: () => undefined } },
    send,
  );
}

/** A process, and a page's end of the wire to it. */
function begin(subject: PageSubject) {
  const failures: string[] = [];
  const evaluator: EvaluatorProcess = new EvaluatorProcess(program, subject, {
    onMessage: message => page.receive(message),
    onOutput: () => undefined,
    onFailure: reason => {
      failures.push(reason);
      page.close(reason);
    },
  });
  const page = pageTo(message => evaluator.post(message));
  evaluator.start();
  return { evaluator, page, failures };
}

async function trained(): Promise<string> {
  const dataset = digitsFolder({ train: 200, test: 100 });
  const { run } = await trainRun(temporaryFolder(), smallConfig({ dataset, epochs: 1 }));
  return path.join(run, 'checkpoints', 'best.pt');
}

test('a process opens, measures, shows samples and predicts, and is gone when it is let go', async () => {
  const { evaluator, page } = begin({ file: await trained() });
  const opened = await page.request('open', {});
  expect(opened).toMatchObject({
    model: 'mnist-mlp 784-16-10',
    dataset: { image: { height: 28, width: 28, channels: 1 }, samples: { train: 200, test: 100 } },
    kept: null,
  });
  const report = await page.request('evaluate', { split: 'test' });
  expect(report.total).toBe(100);
  expect((await page.request('open', {})).kept).toEqual(report);
  const { pixels, labels } = await page.request('samples', { split: 'test', indices: [7, 3] });
  expect(Buffer.from(pixels, 'base64')).toHaveLength(2 * 784);
  expect(labels).toHaveLength(2);
  const drawing = Buffer.from(pixels, 'base64').subarray(0, 784).toString('base64');
  await page.request('predict', { pixels: drawing });
  const { probabilities } = await page.request('predict', { pixels: drawing });
  expect(probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  await expect(page.request('samples', { split: 'test', indices: [100] })).rejects.toThrow(
    /has no test sample 100/,
  );
  await expect(page.request('predict', { pixels: 'AAAA' })).rejects.toThrow(/expected an image of 28×28/);

  const pid = evaluator.pid ?? 0;
  expect(isAlive(pid)).toBe(true);
  evaluator.dispose();
  page.close();
  await until(() => !isAlive(pid));
});

test('a process that crashes is told of, and begun anew by the next question', async () => {
  const { evaluator, page, failures } = begin({ file: '/nowhere/model.pt', folder: null });
  await expect(page.request('open', {})).rejects.toThrow(
    /model\.pt: expected a checkpoint: there is no such file/,
  );
  const pid = evaluator.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await until(() => failures.length === 1);
  expect(failures).toEqual(['it was ended by SIGKILL']);
  evaluator.post({ kind: 'request', id: 1, name: 'open', params: {} });
  expect(evaluator.pid).not.toBe(pid);
  evaluator.dispose();
});

test('a file that changes is opened anew, and what was open of it is closed', async () => {
  const file = await trained();
  const closed = vi.spyOn(EvaluationSession.prototype, 'close');
  const evaluator = new Evaluator({ file }, message => page.receive(message));
  const page: ReturnType<typeof begin>['page'] = pageTo(message => evaluator.receive(message));
  try {
    await page.request('open', {});
    await page.request('open', {});
    expect(closed).not.toHaveBeenCalled();
    const measured = page.request('evaluate', { split: 'test' });
    utimesSync(file, 1, 1);
    await page.request('open', {});
    expect((await measured).total).toBe(100);
    await until(() => closed.mock.calls.length === 1);

    writeFileSync(file, 'half written');
    await expect(page.request('open', {})).rejects.toThrow(/best\.pt/);
    await until(() => closed.mock.calls.length === 2);
    expect(new Set(closed.mock.contexts).size).toBe(2);
  } finally {
    closed.mockRestore();
    page.close();
  }
});
