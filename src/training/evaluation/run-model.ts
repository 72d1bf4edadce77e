/** The network of a run with the weights of one of its checkpoints: nothing has to be assumed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inputShape } from '../../data/image-data';
import type { Tensor } from '../../engine';
import type { RunConfig } from '../config';
import { buildModel } from '../models';
import { RunFolder } from '../run-folder';
import { nothingTried, type OpenedModel, type OpeningContext } from './opened-model';
import { networkScorer } from './scorer';

/** The run in whose folder a checkpoint lies. */
export interface RunOfCheckpoint {
  readonly folder: string;
  readonly config: RunConfig;
}

/** The run that a checkpoint belongs to; undefined where it lies in no folder of one. */
export function runOf(checkpoint: string): RunOfCheckpoint | undefined {
  const folder = path.resolve(path.dirname(checkpoint), '..');
  if (!existsSync(path.join(folder, 'run.json'))) return undefined;
  return { folder, config: RunFolder.open(folder).info.config };
}

type Weights = ReadonlyMap<string, Tensor>;

const shapesOf = (weights: Weights) =>
  [...weights]
    .map(([name, { shape }]) => `${name} ${shape.join()}`)
    .sort()
    .join(';');

/** The network of the run with these weights; undefined if they are not its weights. */
export function modelOfRun(
  config: RunConfig,
  weights: Weights,
  { data }: OpeningContext,
): OpenedModel | undefined {
  const { network, task, description } = buildModel(config, inputShape(data), data.classes.length);
  if (shapesOf(network.stateDict()) !== shapesOf(weights)) return undefined;
  network.loadStateDict(weights);
  return {
    scorer: networkScorer(network, 'cpu', data.transforms),
    task,
    description,
    assumptions: [],
    tried: nothingTried,
  };
}
