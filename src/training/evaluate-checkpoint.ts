/** Measuring the weights in a file: the network is read off the names and shapes of the weights. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openDataset } from '../data/find';
import { defaultConfig } from './config';
import { TrainingError } from './errors';
import { type Evaluation, evaluate } from './evaluate';
import { type ClassScore, scoresPerClass } from './metrics';
import { buildModel } from './models';
import { findPerceptron } from './perceptron-weights';
import { RunFolder } from './run-folder';
import { readWeights } from './run-state';

/** How good a checkpoint is, as `descent evaluate` prints it. */
export interface CheckpointReport extends Evaluation {
  readonly perClass: readonly ClassScore[];
  /** The name of the data that it was measured on. */
  readonly dataset: string;
}

/** The folder of data that a checkpoint's run was trained on; undefined for generated digits. */
function datasetOfRun(checkpoint: string): string | undefined {
  const run = path.resolve(path.dirname(checkpoint), '..');
  if (!existsSync(path.join(run, 'run.json'))) return undefined;
  return RunFolder.open(run).info.config.dataset ?? undefined;
}

/** Measures a checkpoint on the folder given, or on that of its run, or on the generated digits. */
export async function evaluateCheckpoint(
  checkpoint: string,
  folder: string | undefined,
  part: 'train' | 'test',
): Promise<CheckpointReport> {
  const { sizes, tensors } = findPerceptron(checkpoint, await readWeights(checkpoint));
  const data = await openDataset(folder ?? datasetOfRun(checkpoint));
  const split = data[part];
  if (split === undefined) throw new TrainingError(`${data.name}: has no ${part} set`);
  const classes = data.classes.length;
  const features = split.shape.reduce((product, size) => product * size, 1);
  if (sizes[0] !== features || sizes.at(-1) !== classes) {
    throw new TrainingError(
      `${checkpoint}: the model does not fit the data in ${data.name}: it takes ${sizes[0]} numbers and knows ` +
        `${sizes.at(-1)} classes, the data has ${features} (${split.shape.join('×')}) and ${classes}`,
    );
  }
  const { network } = buildModel({ ...defaultConfig, hidden: sizes.slice(1, -1) }, split.shape, classes);
  const own = [...network.stateDict().keys()];
  network.loadStateDict(new Map(tensors.map((tensor, i) => [own[i] ?? '', tensor])));
  const evaluation = await evaluate(network, split, classes, 'cpu');
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
