/**
 * The wire between the extension host and the training process: JSON-RPC over the channel of a forked
 * process. What arrives is checked with these schemas at both ends. A process sees one run through and ends.
 */
import * as z from 'zod/mini';
import { breakpointsSchema } from './breakpoints';
import type { Schema } from './endpoint';
import {
  type PictureRequest,
  pictureSchema,
  type SummaryRequest,
  summarizeSchema,
  type TensorPicture,
  type TensorSummary,
  type TensorValues,
  tensorPictureSchema,
  tensorSummarySchema,
  tensorValuesSchema,
  type ValuesRequest,
  valuesSchema,
} from './tensors';
import type { TrainingEvent } from './training-events';

/** What a run is asked to do, as far as it differs from the defaults. */
export const runSettingsSchema = z.strictObject({
  /** The folder with the data; null stands for the generated digits. */
  dataset: z.nullable(z.string()),
  model: z.optional(z.string()),
  /** A module of a Python file instead of a preset: the file, its text where it is not saved, and the name in it. */
  python: z.optional(z.strictObject({ file: z.string(), name: z.string(), text: z.optional(z.string()) })),
  hidden: z.optional(z.array(z.number())),
  /** How images change, where that is not what a `descent.json` beside them says. */
  data: z.optional(z.strictObject({ transforms: z.array(z.string()) })),
  epochs: z.optional(z.number()),
  batchSize: z.optional(z.number()),
  optimizer: z.optional(z.string()),
  lr: z.optional(z.number()),
  momentum: z.optional(z.number()),
  scheduler: z.optional(z.string()),
  gamma: z.optional(z.nullable(z.number())),
  stepSize: z.optional(z.nullable(z.number())),
  schedulerPatience: z.optional(z.nullable(z.number())),
  weightDecay: z.optional(z.number()),
  l1: z.optional(z.number()),
  maxNorm: z.optional(z.nullable(z.number())),
  dropout: z.optional(z.number()),
  labelSmoothing: z.optional(z.number()),
  patience: z.optional(z.nullable(z.number())),
  minDelta: z.optional(z.number()),
  sampler: z.optional(z.string()),
  validation: z.optional(z.number()),
  seed: z.optional(z.number()),
  device: z.optional(z.string()),
  threads: z.optional(z.number()),
});

/** What a run is asked to do, as far as it differs from the defaults. */
export type RunSettings = z.infer<typeof runSettingsSchema>;

/** Asks for a new run. It is answered when the settings are accepted; what follows are events. */
export const startSchema = z.strictObject({
  settings: runSettingsSchema,
  /** The folder that holds the folders of runs. */
  runs: z.string(),
});

/** Asks to go on with a run. */
export const resumeSchema = z.strictObject({
  /** The folder of the run. */
  run: z.string(),
  changes: z.pick(runSettingsSchema, { epochs: true, lr: true, device: true, threads: true }),
});

/** Asks for a number of steps, after which the run pauses. */
export const stepSchema = z.strictObject({ count: z.int().check(z.positive()) });

/** Asks for another learning rate from the next step on. */
export const learningRateSchema = z.strictObject({ lr: z.number().check(z.positive()) });

/** How far the process is. */
export const trainerPhases = ['idle', 'preparing', 'running', 'paused', 'stopping', 'ended'] as const;

/** How far the process is. */
export type TrainerPhase = (typeof trainerPhases)[number];

/** What a run is prepared by: reading the data, looking at devices, building and compiling the model. */
export const preparationStages = ['data', 'device', 'model'] as const;

/** What a run is being prepared by. */
export type PreparationStage = (typeof preparationStages)[number];

/** The state of the process: the answer to every request. */
export const trainerStateSchema = z.object({
  phase: z.enum(trainerPhases),
  lr: z.nullable(z.number()),
  /** While the run is prepared. */
  stage: z.optional(z.enum(preparationStages)),
});

/** The state of the process. */
export type TrainerState = z.infer<typeof trainerStateSchema>;

/** The requests by name, with what they take. Each is answered with the {@link TrainerState}. */
export const trainerRequests = {
  start: startSchema,
  resume: resumeSchema,
  pause: z.strictObject({}),
  continue: z.strictObject({}),
  step: stepSchema,
  stop: z.strictObject({}),
  setLearningRate: learningRateSchema,
  setBreakpoints: breakpointsSchema,
} as const;

/** The name of a request. */
export type TrainerRequest = keyof typeof trainerRequests;

/** What a request takes. */
export type TrainerParams<R extends TrainerRequest> = z.infer<(typeof trainerRequests)[R]>;

/** A question about the tensors of a run that rests: what it takes, and what it is answered with. */
export interface TrainerQuery<Params, Result> {
  readonly name: string;
  readonly params: Schema<Params>;
  readonly result: Schema<Result>;
}

/** What a tensor comes to. */
export const summarizeQuery: TrainerQuery<SummaryRequest, TensorSummary> = {
  name: 'summarize',
  params: summarizeSchema,
  result: tensorSummarySchema,
};

/** A part of a tensor's values. */
export const valuesQuery: TrainerQuery<ValuesRequest, TensorValues> = {
  name: 'values',
  params: valuesSchema,
  result: tensorValuesSchema,
};

/** The whole of a tensor, made small. */
export const pictureQuery: TrainerQuery<PictureRequest, TensorPicture> = {
  name: 'picture',
  params: pictureSchema,
  result: tensorPictureSchema,
};

/** The name under which a request or a question travels. */
export function methodOf(request: string): string {
  return `descent/${request}`;
}

/** Notification: {@link eventsSchema}, at most 20 a second. */
export const eventsMethod = 'descent/events';

/** Notification: a {@link TrainerState} that nobody asked for, such as a pause after the last single step. */
export const stateMethod = 'descent/state';

/** The code of an error that says in its message what the person can do about it. */
export const userErrorCode = 1;

const datasetSchema = z.object({
  name: z.string(),
  train: z.number(),
  validation: z.number(),
  test: z.number(),
  shape: z.array(z.number()),
  classes: z.array(z.string()),
  reading: z.optional(z.string()),
  notes: z.optional(z.array(z.string())),
  skipped: z.optional(z.array(z.object({ file: z.string(), reason: z.string() }))),
});

/** A loss may be infinite or NaN, which JSON writes as null. */
const measured = z.nullable(z.number());

const startEventSchema = z.looseObject({
  event: z.literal('start'),
  run: z.string(),
  model: z.string(),
  parameters: z.number(),
  device: z.string(),
  deviceReason: z.string(),
  dataset: datasetSchema,
  epochs: z.number(),
  stepsPerEpoch: z.number(),
  learning: z.array(z.string()),
  step: z.number(),
});

const stepEventSchema = z.looseObject({
  event: z.literal('step'),
  step: z.number(),
  epoch: z.number(),
  loss: z.number(),
  learningRate: z.number(),
});

const epochEventSchema = z.looseObject({
  event: z.literal('epoch'),
  epoch: z.number(),
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  validationLoss: measured,
  validationAccuracy: measured,
  seconds: z.number(),
  samplesPerSecond: z.number(),
});

const endEventSchema = z.looseObject({
  event: z.literal('end'),
  testLoss: measured,
  testAccuracy: measured,
  bestEpoch: z.number(),
  stoppedEarly: z.boolean(),
  checkpoint: z.string(),
  run: z.string(),
  seconds: z.number(),
});

const stoppedEventSchema = z.looseObject({
  event: z.literal('stopped'),
  epoch: z.number(),
  step: z.number(),
  checkpoint: z.string(),
  run: z.string(),
});

const breakpointEventSchema = z.looseObject({
  event: z.literal('breakpoint'),
  epoch: z.number(),
  step: z.number(),
  reason: z.string(),
  node: z.nullable(z.number()),
  of: z.nullable(z.enum(['value', 'gradient', 'update'])),
  name: z.nullable(z.string()),
});

const errorEventSchema = z.looseObject({
  event: z.literal('error'),
  message: z.string(),
  question: z.optional(
    z.object({
      folder: z.string(),
      choices: z.array(
        z.object({
          label: z.string(),
          description: z.optional(z.string()),
          options: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
  ),
});

/** A {@link TrainingEvent} as it arrives from the process. */
export const trainingEventSchema = z.discriminatedUnion('event', [
  startEventSchema,
  stepEventSchema,
  epochEventSchema,
  endEventSchema,
  stoppedEventSchema,
  breakpointEventSchema,
  errorEventSchema,
]) satisfies z.ZodMiniType<TrainingEvent>;

/** Events in the order in which they happened. */
export const eventsSchema = z.object({ events: z.array(trainingEventSchema) });
