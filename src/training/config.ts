/** What a run is asked to do. The same object is written to `run.json` and read when the run is resumed. */
import * as z from 'zod';
import { dataOptionsSchema } from '../data/options';
import { modelNames, optimizerNames, pythonModel, samplerNames, schedulerNames } from '../protocol/choices';
import { pythonChoiceSchema, pythonSourceSchema } from './models/python/source';

const settings = z.strictObject({
  /** The folder with the data; null stands for the generated digits. */
  dataset: z.string().nullable(),
  /** How the folder is read. */
  data: dataOptionsSchema,
  model: z.enum([...modelNames, pythonModel]),
  /** The module that is trained, where it is one of a Python file. */
  python: pythonSourceSchema.nullable(),
  /** Sizes of the hidden layers. */
  hidden: z.array(z.int().positive()),
  epochs: z.int().positive(),
  batchSize: z.int().positive(),
  /** The learning rate: the one that a schedule begins with, or the highest of one cycle. */
  lr: z.number().positive(),
  optimizer: z.enum(optimizerNames),
  /** Of sgd and rmsprop. */
  momentum: z.number().min(0).lt(1),
  /** What else an optimizer can be given, by PyTorch's names, such as `nesterov` and `betas`. */
  optimizerOptions: z.record(z.string(), z.union([z.number(), z.boolean(), z.array(z.number())])),
  scheduler: z.enum(schedulerNames),
  /** What else a schedule can be given, by PyTorch's names, such as `milestones` and `eta_min`. */
  schedulerOptions: z.record(z.string(), z.union([z.number(), z.array(z.number())])),
  /** What the learning rate is multiplied by: of the schedules step, multistep, exponential and plateau. */
  gamma: z.number().positive().nullable(),
  /** Epochs between two steps: of the schedule step. */
  stepSize: z.int().positive().nullable(),
  /** Epochs without a better validation loss that the schedule plateau bears. */
  schedulerPatience: z.int().min(0).nullable(),
  /** L2: the pull of weights towards zero, as PyTorch's optimizers understand it. */
  weightDecay: z.number().min(0),
  /** L1: the factor of the sum of all weights' distances from zero in what is minimised. */
  l1: z.number().min(0),
  /** The most that the weights into one unit may come to (L2 norm) after a step; null for no bound. */
  maxNorm: z.number().positive().nullable(),
  /** The probability with which a hidden unit is zeroed in training. */
  dropout: z.number().min(0).lt(1),
  /** The share of certainty that the training loss takes from the true class and spreads over all. */
  labelSmoothing: z.number().min(0).lt(1),
  /** Epochs without improvement after which a run ends; null for never. */
  patience: z.int().positive().nullable(),
  /** The smallest improvement that counts for {@link patience}. */
  minDelta: z.number().min(0),
  /** The share of the training set that is held out for validation. */
  validation: z.number().min(0).lt(1),
  /** The order of the training samples: each once at random, all classes equally often, or as they lie. */
  sampler: z.enum(samplerNames),
  seed: z.int(),
  device: z.enum(['auto', 'cpu', 'webgpu']),
  threads: z.int().positive(),
});

/** What a person may choose; what they leave open is filled in by `completeConfig`. */
export const runChoicesSchema = settings.partial().extend({ python: pythonChoiceSchema.nullish() });

/** Settings that older runs did not know: they did without. */
const without = {
  python: null,
  optimizerOptions: {},
  sampler: 'random',
  data: {},
  scheduler: 'none',
  schedulerOptions: {},
  gamma: null,
  stepSize: null,
  schedulerPatience: null,
  l1: 0,
  maxNorm: null,
  dropout: 0,
  labelSmoothing: 0,
  patience: null,
  minDelta: 0,
} as const;

const { shape } = settings;

/** The settings of a run. */
export const runConfigSchema = settings.extend({
  data: shape.data.default(without.data),
  python: shape.python.default(without.python),
  optimizerOptions: shape.optimizerOptions.default(without.optimizerOptions),
  sampler: shape.sampler.default(without.sampler),
  scheduler: shape.scheduler.default(without.scheduler),
  schedulerOptions: shape.schedulerOptions.default(without.schedulerOptions),
  gamma: shape.gamma.default(without.gamma),
  stepSize: shape.stepSize.default(without.stepSize),
  schedulerPatience: shape.schedulerPatience.default(without.schedulerPatience),
  l1: shape.l1.default(without.l1),
  maxNorm: shape.maxNorm.default(without.maxNorm),
  dropout: shape.dropout.default(without.dropout),
  labelSmoothing: shape.labelSmoothing.default(without.labelSmoothing),
  patience: shape.patience.default(without.patience),
  minDelta: shape.minDelta.default(without.minDelta),
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
  lr: 0.05,
  optimizer: 'sgd',
  momentum: 0.9,
  weightDecay: 0,
  ...without,
  validation: 0.1,
  seed: 0,
  device: 'auto',
  threads: 2,
};
