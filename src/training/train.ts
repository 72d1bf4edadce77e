/** The entrance: begins or resumes a run and sees it through. */
import path from 'node:path';
import { readOptions } from '../data/descent-json';
import { inputShape } from '../data/image-data';
import type { RunConfig } from './config';
import { TrainingError } from './errors';
import { enter, type Preparation, prepare } from './preparation';
import { Run } from './run';
import { RunFolder, type RunInfo } from './run-folder';
import { lockRun } from './run-lock';
import type { RunObserver } from './run-observer';
import { lengthOf } from './splits';
import { versions } from './versions';

/** What a run needs beside its settings. */
export interface TrainOptions extends RunObserver {
  /** The folder that holds the folders of runs. */
  readonly runs: string;
}

function describe(config: RunConfig, prepared: Preparation, created: Date): RunInfo {
  const { data, training, validation, choice, model } = prepared;
  const { name, test, classes, fingerprint, reading, notes = [], skipped = [], transforms } = data;
  return {
    format: 1,
    // The run can be resumed and its checkpoints evaluated from any other folder, with the same numbers.
    config: {
      ...config,
      dataset: config.dataset === null ? null : path.resolve(config.dataset),
      data: { ...config.data, ...(transforms && { transforms: transforms.texts }) },
    },
    created: created.toISOString(),
    status: 'running',
    model: model.description,
    parameters: model.parameters,
    device: choice.device,
    deviceReason: choice.reason,
    dataset: {
      name,
      train: training.length,
      validation: lengthOf(validation),
      test: test?.length ?? 0,
      shape: [...inputShape(data)],
      classes: [...classes],
      ...(reading !== undefined && { reading }),
      ...(notes.length > 0 && { notes: [...notes] }),
      ...(skipped.length > 0 && { skipped: [...skipped] }),
      // While samples are still being read, it is not known yet.
      fingerprint: typeof fingerprint === 'string' ? fingerprint : '',
    },
    versions: { ...versions },
    testLoss: null,
    testAccuracy: null,
    error: null,
  };
}

/** The settings with what is kept beside the data about reading it: a run that is resumed reads it in the same way. */
function withKept(config: RunConfig): RunConfig {
  if (config.dataset === null) return config;
  return { ...config, data: { ...readOptions(config.dataset), ...config.data } };
}

/** What the folder of a run is called after: a class of a Python file may have any letters in its name. */
function folderName({ model, python }: RunConfig): string {
  return python !== null && /^[A-Za-z0-9_]{1,60}$/.test(python.name) ? python.name : model;
}

/** Trains a new model. A run that is stopped before its first step leaves nothing behind. */
export async function train(asked: RunConfig, { runs, ...observer }: TrainOptions): Promise<void> {
  const config = withKept(asked);
  const prepared = await prepare(config, observer);
  try {
    await prepared.stepper.compile();
    // Before anything is written, whoever has asked to stop while it was compiled is heard.
    await enter('model', observer);
    const now = new Date();
    const folder = RunFolder.create(runs, folderName(config), now);
    const run = new Run(config, prepared, folder, describe(config, prepared, now), observer);
    let release: (() => void) | undefined;
    try {
      release = lockRun(folder.path);
      await run.execute();
    } catch (error) {
      if (run.step === 0) folder.remove();
      throw error;
    } finally {
      release?.();
    }
  } finally {
    prepared.data.train.pending?.abandon();
    await prepared.stepper.release();
  }
}

/** What may differ when a run is resumed. */
export type ResumeChanges = Partial<
  Pick<RunConfig, 'epochs' | 'lr' | 'patience' | 'minDelta' | 'device' | 'threads' | 'dataset'>
>;

/** Goes on with a run, up to `epochs` in all. */
export async function resume(
  folderOfRun: string,
  changes: ResumeChanges,
  observer: RunObserver,
): Promise<void> {
  const { folder, info } = RunFolder.open(folderOfRun);
  const release = lockRun(folder.path);
  try {
    await goOn(folder, info, changes, observer);
  } finally {
    release();
  }
}

async function goOn(
  folder: RunFolder,
  info: RunInfo,
  changes: ResumeChanges,
  observer: RunObserver,
): Promise<void> {
  const config = { ...info.config, ...changes };
  const prepared = await prepare(config, observer, info.device);
  const before = info.dataset.fingerprint;
  if (before !== '' && (await prepared.data.fingerprint) !== before) {
    throw new TrainingError(
      `${folder.path}: the data in ${config.dataset ?? 'the generated digits'} is not what the run was trained on ` +
        `(${info.dataset.name}); give the folder that holds the same data`,
    );
  }
  try {
    const description = describe(config, prepared, new Date(info.created));
    const run = new Run(config, prepared, folder, description, observer);
    await run.restore(info.status === 'finished');
    await run.execute();
  } finally {
    prepared.data.train.pending?.abandon();
    await prepared.stepper.release();
  }
}
