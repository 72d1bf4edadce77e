/**
 * Measuring the weights in a file. The network is that of the run in whose folder the file lies, where its weights are
 * this network's; else it is read off the names and shapes of the weights.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readOptions } from '../data/descent-json';
import type { ImageData } from '../data/image-data';
import type { Tensor } from '../engine';
import { defaultConfig, type RunConfig } from './config';
import { TrainingError } from './errors';
import { type Evaluation, evaluate } from './evaluate';
import { type ClassScore, scoresPerClass } from './metrics';
import { buildModel, type Model, openData } from './models';
import { findPerceptron } from './perceptron-weights';
import { RunFolder } from './run-folder';
import { readWeights } from './run-state';

/** How good a checkpoint is, as `descent evaluate` prints it. */
export interface CheckpointReport extends Evaluation {
  readonly perClass: readonly ClassScore[];
  /** The name of the data that it was measured on. */
  readonly dataset: string;
}

type Weights = ReadonlyMap<string, Tensor>;

/** The settings of the run that a checkpoint belongs to. */
function configOfRun(checkpoint: string): RunConfig | undefined {
  const run = path.resolve(path.dirname(checkpoint), '..');
  return existsSync(path.join(run, 'run.json')) ? RunFolder.open(run).info.config : undefined;
}

const shapesOf = (weights: Weights) =>
  [...weights]
    .map(([name, { shape }]) => `${name} ${shape.join()}`)
    .sort()
    .join(';');

/** The network of the run with these weights; undefined if they are not its weights. */
function modelOfRun(config: RunConfig, weights: Weights, data: ImageData): Model | undefined {
  const model = buildModel(config, data.train.shape, data.classes.length);
  if (shapesOf(model.network.stateDict()) !== shapesOf(weights)) return undefined;
  model.network.loadStateDict(weights);
  return model;
}

/** A network of fully connected layers with these weights, whatever they are called. */
function perceptron(checkpoint: string, weights: Weights, { name, train, classes }: ImageData): Model {
  const { sizes, tensors } = findPerceptron(checkpoint, weights);
  const features = train.shape.reduce((product, size) => product * size, 1);
  if (sizes[0] !== features || sizes.at(-1) !== classes.length) {
    throw new TrainingError(
      `${checkpoint}: the model does not fit the data in ${name}: it takes ${sizes[0]} numbers and knows ` +
        `${sizes.at(-1)} classes, the data has ${features} (${train.shape.join('×')}) and ${classes.length}`,
    );
  }
  const model = buildModel({ ...defaultConfig, hidden: sizes.slice(1, -1) }, train.shape, classes.length);
  const own = [...model.network.stateDict().keys()];
  model.network.loadStateDict(new Map(tensors.map((tensor, i) => [own[i] ?? '', tensor])));
  return model;
}

/** Measures a checkpoint on the folder given, or on that of its run, or on the generated digits. */
export async function evaluateCheckpoint(
  checkpoint: string,
  folder: string | undefined,
  part: 'train' | 'test',
): Promise<CheckpointReport> {
  const weights = await readWeights(checkpoint);
  const config = configOfRun(checkpoint);
  const { model: name } = config ?? defaultConfig;
  const data = await openData(
    name,
    folder ?? config?.dataset ?? undefined,
    folder === undefined ? config?.data : readOptions(folder),
  );
  const split = data[part];
  if (split === undefined) throw new TrainingError(`${data.name}: has no ${part} set`);
  const model = (config && modelOfRun(config, weights, data)) ?? perceptron(checkpoint, weights, data);
  const evaluation = await evaluate(model, { split }, data.classes.length, 'cpu').finally(() =>
    split.pending?.abandon(),
  );
  if (!Number.isFinite(evaluation.loss)) {
    throw new TrainingError(
      `${checkpoint}: the loss is ${evaluation.loss}: the weights are of a run that diverged`,
    );
  }
  return {
    ...evaluation,
    perClass: scoresPerClass(evaluation.confusion, data.classes),
    dataset: data.name,
  };
}
