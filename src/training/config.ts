/** What a run is asked to do. The same object is written to `run.json` and read when the run is resumed. */
import { z } from 'zod';
import { modelNames } from '../protocol/choices';

/** The names of the optimizers. */
export const optimizerNames = ['sgd', 'adam', 'adamw'] as const;

/** The name of an optimizer. */
export type OptimizerName = (typeof optimizerNames)[number];

/**
 * A learning rate that suits the optimizer, where the user gives none. With momentum each gradient acts
 * 1 / (1 − momentum) times in all, so that much smaller a rate goes equally far.
 */
export function defaultLearningRate(optimizer: OptimizerName, momentum: number): number {
  return optimizer === 'sgd' ? Number((0.5 * (1 - momentum)).toPrecision(6)) : 0.001;
}

/** The momentum where the user gives none: Adam and its family have their own. */
export function defaultMomentum(optimizer: OptimizerName): number {
  return optimizer === 'sgd' ? 0.9 : 0;
}

/** The weight decay where the user gives none: PyTorch's. */
export function defaultWeightDecay(optimizer: OptimizerName): number {
  return optimizer === 'adamw' ? 0.01 : 0;
}

const settings = z.strictObject({
  /** The folder with the data; null stands for the generated digits. */
  dataset: z.string().nullable(),
  model: z.enum(modelNames),
  /** Sizes of the hidden layers. */
  hidden: z.array(z.int().positive()),
  epochs: z.int().positive(),
  batchSize: z.int().positive(),
  lr: z.number().positive(),
  optimizer: z.enum(optimizerNames),
  momentum: z.number().min(0),
  weightDecay: z.number().min(0),
  /** The probability with which a hidden unit is zeroed in training. */
  dropout: z.number().min(0).lt(1),
  /** The share of the training set that is held out for validation. */
  validation: z.number().min(0).lt(1),
  seed: z.int(),
  device: z.enum(['auto', 'cpu', 'webgpu']),
  threads: z.int().positive(),
});

/** What a person may choose; what they leave open is filled in by `completeConfig`. */
export const runChoicesSchema = settings.partial();

/** The settings of a run. Those that older runs did not know are as they were then. */
export const runConfigSchema = settings.extend({
  dropout: settings.shape.dropout.default(0),
});

/** The settings of a run. */
export type RunConfig = z.infer<typeof runConfigSchema>;

/** Settings that give a good result on MNIST in seconds. */
export const defaultConfig: RunConfig = {
  dataset: null,
  model: 'mnist-mlp',
  hidden: [256],
  epochs: 5,
  batchSize: 64,
  lr: defaultLearningRate('sgd', defaultMomentum('sgd')),
  optimizer: 'sgd',
  momentum: defaultMomentum('sgd'),
  weightDecay: 0,
  dropout: 0,
  validation: 0.1,
  seed: 0,
  device: 'auto',
  threads: 2,
};
