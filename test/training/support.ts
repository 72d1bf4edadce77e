/** What the tests of training share: small data, runs in this process, and what a run left behind. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { generateDigits } from '../../src/data/digits';
import { writeIdx } from '../../src/data/idx';
import type { ByteData, ByteSplit } from '../../src/data/image-data';
import type { TrainingEvent } from '../../src/protocol/training-events';
import {
  defaultConfig,
  type ResumeChanges,
  type RunConfig,
  readLosses,
  resume,
  type StepLoss,
  train,
} from '../../src/training';
import { temporaryFolder } from '../support/temporary-folder';

export { temporaryFolder };

/** Writes one part of a data set as a pair of IDX files. */
function writePart(folder: string, part: string, { images, shape, labels, length }: ByteSplit): void {
  const pair = { images: `${part}-images-idx3-ubyte`, labels: `${part}-labels-idx1-ubyte` };
  writeFileSync(
    path.join(folder, pair.images),
    writeIdx({ type: 'ubyte', shape: [length, ...shape], data: images }),
  );
  writeFileSync(path.join(folder, pair.labels), writeIdx({ type: 'ubyte', shape: [length], data: labels }));
}

/** Writes a data set as IDX files into a new folder. */
export function writeDataset({ train: training, test }: Pick<ByteData, 'train' | 'test'>): string {
  const folder = temporaryFolder();
  writePart(folder, 'train', training);
  if (test !== undefined) writePart(folder, 't10k', test);
  return folder;
}

/** A folder with a few generated digits. */
export function digitsFolder({ train: training = 300, test = 100, seed = 1 } = {}): string {
  return writeDataset(generateDigits({ train: training, test, seed }));
}

/** The settings of a run that takes a moment: 27 steps an epoch on 300 digits. */
export function smallConfig(settings: Partial<RunConfig> = {}): RunConfig {
  return {
    ...defaultConfig,
    hidden: [16],
    epochs: 3,
    batchSize: 10,
    lr: 0.05,
    momentum: 0,
    device: 'cpu',
    ...settings,
  };
}

/** What happened in a run. */
export interface Followed {
  readonly run: string;
  readonly events: readonly TrainingEvent[];
}

/** Follows a run; `stop` says at which event it is to be stopped. */
async function follow(
  begin: (observer: { onEvent: (event: TrainingEvent) => void; signal: AbortSignal }) => Promise<void>,
  stop: (event: TrainingEvent) => boolean,
): Promise<Followed> {
  const events: TrainingEvent[] = [];
  const stopping = new AbortController();
  const onEvent = (event: TrainingEvent) => {
    events.push(event);
    if (stop(event)) stopping.abort();
  };
  await begin({ onEvent, signal: stopping.signal });
  const start = events.find(event => event.event === 'start');
  return { run: start?.run ?? '', events };
}

/** Trains in this process. */
export function trainRun(
  runs: string,
  config: RunConfig,
  stop: (event: TrainingEvent) => boolean = () => false,
): Promise<Followed> {
  return follow(observer => train(config, { runs, ...observer }), stop);
}

/** Resumes in this process. */
export function resumeRun(
  run: string,
  changes: ResumeChanges = {},
  stop: (event: TrainingEvent) => boolean = () => false,
): Promise<Followed> {
  return follow(observer => resume(run, changes, observer), stop);
}

/** The losses of all steps of a run, as they are on disk. */
export function lossesOf(run: string): StepLoss[] {
  return readLosses(path.join(run, 'metrics.jsonl'));
}

const lineSchema = z.looseObject({ event: z.string(), step: z.number() });

/** The lines of a run's metrics. */
export function metricsOf(run: string): z.infer<typeof lineSchema>[] {
  const text = readFileSync(path.join(run, 'metrics.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map(line => lineSchema.parse(JSON.parse(line)));
}

/** What the epochs of a run measured, without the times. */
export function epochsOf(run: string): unknown[] {
  return metricsOf(run)
    .filter(({ event }) => event === 'epoch')
    .map(({ seconds: _, samplesPerSecond: __, ...measured }) => measured);
}

/** The bytes of a checkpoint of a run: equal bytes are equal weights, optimizer state, generator and sums. */
export function checkpointOf(run: string, name: 'last' | 'best'): Buffer {
  return readFileSync(path.join(run, 'checkpoints', `${name}.pt`));
}

/** The message that `action` fails with; it must be one line. */
export async function failureOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/[\r\n]/.test(message)) throw new Error(`expected one line, got ${message}`);
    return message;
  }
  throw new Error('expected a failure, and there was none');
}

/** A folder of the real data; fails where it is required and absent, else says that the test is skipped. */
export function realData(name: string): string | undefined {
  const { DESCENT_DATA } = process.env;
  const beside = fileURLToPath(new URL('../../../shared/data', import.meta.url));
  const folder = path.join(DESCENT_DATA ?? beside, name);
  try {
    readFileSync(path.join(folder, 'train-labels-idx1-ubyte.gz'));
    return folder;
  } catch {
    console.warn(`Skipped: no real data at ${folder}; set DESCENT_DATA to the folder that holds ${name}.`);
    return undefined;
  }
}

/** Stops a run at the end of an epoch. */
export const afterEpoch = (epoch: number) => (event: TrainingEvent) =>
  event.event === 'epoch' && event.epoch === epoch;
