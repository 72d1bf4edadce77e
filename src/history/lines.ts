/**
 * What the files of a run say, checked: `run.json`, and the lines of `metrics.jsonl`. More may stand there than
 * is read here, and what older runs did not write may be missing.
 */
import * as z from 'zod/mini';

const loss = z.nullable(z.number());

const infoSchema = z.object({
  config: z.object({
    epochs: z.number(),
    batchSize: z.number().check(z.positive()),
    lr: z.optional(z.number()),
    optimizer: z.optional(z.string()),
    momentum: z.optional(z.number()),
    weightDecay: z.optional(z.number()),
    scheduler: z.optional(z.string()),
    l1: z.optional(z.number()),
    maxNorm: z.optional(z.nullable(z.number())),
    dropout: z.optional(z.number()),
    labelSmoothing: z.optional(z.number()),
    patience: z.optional(z.nullable(z.number())),
    validation: z.optional(z.number()),
    seed: z.optional(z.number()),
  }),
  created: z.string().check(z.refine(text => !Number.isNaN(Date.parse(text)))),
  status: z.enum(['running', 'paused', 'stopped', 'finished', 'failed']),
  model: z.string(),
  parameters: z.number(),
  device: z.string(),
  deviceReason: z._default(z.string(), ''),
  dataset: z.object({ name: z.string(), train: z.number() }),
  testLoss: z._default(z.nullable(z.number()), null),
  testAccuracy: z._default(z.nullable(z.number()), null),
  error: z._default(z.nullable(z.string()), null),
});

/** What `run.json` says of a run. */
export type StoredInfo = z.infer<typeof infoSchema>;

const stepsSchema = z.object({
  event: z.literal('steps'),
  /** The last of the steps. */
  step: z.number(),
  epoch: z.number(),
  /** null where a loss was not finite, which JSON cannot say. */
  losses: z.array(loss),
  /** Seconds of training up to the last of the steps. */
  seconds: z.optional(z.number()),
  learningRate: z.optional(z.number()),
  /** The norm of the whole gradient, of each step or of the last. */
  gradientNorms: z.optional(z.array(loss)),
});

const epochSchema = z.object({
  event: z.literal('epoch'),
  step: z.number(),
  epoch: z.number(),
  trainLoss: loss,
  trainAccuracy: loss,
  validationLoss: loss,
  validationAccuracy: loss,
  seconds: z.number(),
  samplesPerSecond: z.number(),
});

const endSchema = z.object({
  event: z.literal('end'),
  step: z.number(),
  testLoss: loss,
  testAccuracy: loss,
  bestEpoch: z.number(),
  stoppedEarly: z.optional(z.boolean()),
});

const stoppedSchema = z.object({ event: z.literal('stopped'), step: z.number() });

/** What any line says. */
export const lineSchema = z.discriminatedUnion('event', [stepsSchema, epochSchema, endSchema, stoppedSchema]);

/** A line of `metrics.jsonl`. */
export type MetricsLine = z.infer<typeof lineSchema>;
/** The line of an epoch. */
export type EpochLine = z.infer<typeof epochSchema>;
/** The line of some steps. */
export type StepsLine = z.infer<typeof stepsSchema>;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const areNumbers = (value: unknown) =>
  Array.isArray(value) && value.every(each => each === null || isNumber(each));

/**
 * What the schema of such lines says, by hand: of a million lines nearly all are of steps, and the schema would
 * take several times as long as all the rest.
 */
function isStepsLine(value: unknown): value is StepsLine {
  return (
    typeof value === 'object' &&
    value !== null &&
    'event' in value &&
    value.event === 'steps' &&
    'step' in value &&
    isNumber(value.step) &&
    'epoch' in value &&
    isNumber(value.epoch) &&
    'losses' in value &&
    areNumbers(value.losses) &&
    (!('seconds' in value) || isNumber(value.seconds)) &&
    (!('learningRate' in value) || isNumber(value.learningRate)) &&
    (!('gradientNorms' in value) || areNumbers(value.gradientNorms))
  );
}

/** Reads a line; undefined if it was cut off or says something that is not known here. */
export function readLine(text: string): MetricsLine | undefined {
  const value = parse(text);
  return isStepsLine(value) ? value : lineSchema.safeParse(value).data;
}

/** Reads `run.json`; undefined if it is none. */
export function readInfo(text: string): StoredInfo | undefined {
  return infoSchema.safeParse(parse(text)).data;
}
