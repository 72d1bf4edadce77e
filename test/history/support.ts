/** Folders of runs as the trainer writes them, for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** What `run.json` of a made-up run says beside the usual. */
export interface InfoChanges {
  readonly status?: string;
  readonly created?: string;
  readonly epochs?: number;
  readonly testAccuracy?: number | null;
  readonly error?: string | null;
  readonly model?: string;
}

/** The text of a `run.json`. */
export function infoText(changes: InfoChanges = {}): string {
  const { epochs = 5, ...others } = changes;
  return JSON.stringify({
    format: 1,
    config: { dataset: null, model: 'mnist-mlp', epochs, batchSize: 10, lr: 0.1, optimizer: 'sgd' },
    created: '2026-11-22T06:00:00.000Z',
    status: 'finished',
    model: 'mnist-mlp 784-256-10',
    parameters: 203530,
    device: 'cpu',
    deviceReason: 'as asked',
    dataset: { name: 'mnist', train: 1000, validation: 100, test: 100, shape: [28, 28], classes: ['0', '1'] },
    versions: {},
    testLoss: null,
    testAccuracy: null,
    error: null,
    ...others,
  });
}

/** A line with the losses of the steps up to `step`. */
export function stepsLine(
  step: number,
  epoch: number,
  losses: readonly (number | null)[],
  more: object = {},
) {
  return JSON.stringify({ event: 'steps', step, epoch, losses, ...more });
}

/** A line of an epoch. */
export function epochLine(epoch: number, step: number, more: object = {}): string {
  return JSON.stringify({
    event: 'epoch',
    step,
    epoch,
    trainLoss: 1 / epoch,
    trainAccuracy: 1 - 1 / (epoch + 1),
    validationLoss: 1.1 / epoch,
    validationAccuracy: 1 - 1.1 / (epoch + 1),
    seconds: 2,
    samplesPerSecond: 500,
    ...more,
  });
}

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'descent-history-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Makes the folder of a run in `runs` and gives its path. */
export function makeRun(
  runs: string,
  id: string,
  lines: readonly string[] = [],
  changes: InfoChanges = {},
): string {
  const folder = path.join(runs, id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'run.json'), infoText(changes));
  writeFileSync(path.join(folder, 'metrics.jsonl'), lines.map(line => `${line}\n`).join(''));
  return folder;
}
