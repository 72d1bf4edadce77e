/** Measuring the weights in a file: the network is read off the names and shapes of the weights. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openDataset } from '../data/find';
import type { Tensor } from '../engine';
import { defaultConfig } from './config';
import { TrainingError } from './errors';
import { type Evaluation, evaluate } from './evaluate';
import { type ClassScore, scoresPerClass } from './metrics';
import { buildModel } from './models';
import { RunFolder } from './run-folder';
import { readWeights } from './run-state';

/** How good a checkpoint is, as `descent evaluate --json` prints it. */
export interface CheckpointReport extends Evaluation {
  readonly perClass: readonly ClassScore[];
}

/** The sizes of the layers of a multilayer perceptron: [in, hidden …, out]. */
function layerSizes(file: string, weights: ReadonlyMap<string, Tensor>): number[] {
  const matrices = [...weights].filter(([name, { ndim }]) => name.endsWith('weight') && ndim === 2);
  const others = [...weights].filter(([name]) => !name.endsWith('weight') && !name.endsWith('bias'));
  const sizes = matrices.map(([, { shape }]) => shape);
  const chained = sizes.every(([, columns], i) => i === 0 || columns === sizes[i - 1]?.[0]);
  if (matrices.length === 0 || others.length > 0 || !chained) {
    const found = [...weights].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ');
    throw new TrainingError(
      `${file}: expected the weights of fully connected layers that fit together, found ${found || 'no tensors'}`,
    );
  }
  return [sizes[0]?.[1] ?? 0, ...sizes.map(([rows = 0]) => rows)];
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
  const weights = await readWeights(checkpoint);
  const sizes = layerSizes(checkpoint, weights);
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
  network.loadStateDict(new Map([...weights.values()].map((tensor, i) => [own[i] ?? '', tensor])));
  const evaluation = await evaluate(network, split, classes, 'cpu');
  return { ...evaluation, perClass: scoresPerClass(evaluation.confusion, data.classes) };
}
