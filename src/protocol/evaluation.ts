/**
 * How good a model is on a part of a dataset, in full: what `descent evaluate --json` prints, what is kept with a run,
 * and what pages show. What a model gives for each sample is kept too, so that everything else can be found from it.
 */
import * as z from 'zod/mini';
import { splitNames } from './dataset';

const finite = z.number();
const count = z.int().check(z.nonnegative());
const share = z.number().check(z.nonnegative(), z.lte(1));

const classScore = z.object({
  label: z.string(),
  /** Of the samples that were taken for this class, the share that is of it. */
  precision: share,
  /** Of the samples of this class, the share that was taken for it. */
  recall: share,
  /** The harmonic mean of the two. */
  f1: share,
  /** Samples of this class. */
  support: count,
});

/** How well one class is known. */
export type ClassScore = z.infer<typeof classScore>;

const calibrationBin = z.object({
  /** Samples whose confidence is above `from` and at most `to`; of the first bin also those at `from`. */
  from: share,
  to: share,
  count,
  /** The mean confidence in the bin; null where it is empty. */
  confidence: z.nullable(share),
  /** The share of its samples that are right; null where it is empty. */
  accuracy: z.nullable(share),
});

/** Samples of which a model is about equally sure. */
export type CalibrationBin = z.infer<typeof calibrationBin>;

const calibration = z.object({
  bins: z.array(calibrationBin),
  /** The expected calibration error: the mean distance of confidence and accuracy, bins weighted by their samples. */
  expectedError: share,
  /** The largest such distance. */
  maximumError: share,
});

/** Whether a model is as often right as it is sure. */
export type Calibration = z.infer<typeof calibration>;

const mistake = z.object({
  /** Where the sample stands in its part of the dataset. */
  index: count,
  /** Indices into the classes. */
  actual: count,
  predicted: count,
  /** The probability that the model gives to the class it takes the sample for. */
  confidence: share,
});

/** A sample that was taken for something else. */
export type Mistake = z.infer<typeof mistake>;

const assumption = z.object({
  about: z.enum(['architecture', 'activation', 'input', 'output']),
  /** What is taken for granted, as a sentence. */
  text: z.string(),
});

/** Something that the file does not say. */
export type Assumption = z.infer<typeof assumption>;

const attempt = z.object({
  /** How the model was understood, as `pixels from 0 to 1`. */
  text: z.string(),
  accuracy: share,
  loss: z.nullable(finite),
  chosen: z.boolean(),
});

/** A way to understand a model, and how good it is so. */
export type Attempt = z.infer<typeof attempt>;

/** Numbers below 65536, 16 bits each, the lower byte first, in base 64. */
const packed = z.base64();

const predictions = z.object({
  /** For each sample the index of its class. */
  actual: packed,
  /** For each sample the class that it was taken for. */
  predicted: packed,
  /** For each sample how sure of that the model is, in 65535ths. */
  confidence: packed,
});

/** What a model gives for each sample. */
export type Predictions = z.infer<typeof predictions>;

/** How a model measures up to a part of a dataset. */
export const evaluationSchema = z.object({
  format: z.literal(1),
  /** When it was measured, as ISO 8601. */
  created: z.string(),
  checkpoint: z.object({
    /** The path of the file. */
    file: z.string(),
    /** SHA-256 of its content, in hexadecimal. */
    sha256: z.string(),
  }),
  dataset: z.object({
    name: z.string(),
    /** Null for the generated digits. */
    folder: z.nullable(z.string()),
    split: z.enum(splitNames),
    /** The fingerprint of the whole dataset. */
    fingerprint: z.string(),
    /** The shape of a sample: `[28, 28]`. */
    shape: z.array(count),
    classes: z.array(z.string()),
  }),
  /** Such as `mnist-mlp 784-256-10`. */
  model: z.string(),
  seconds: finite,
  assumptions: z.array(assumption),
  /** What was tried to find the assumptions, and on how many samples of the training set; empty where nothing was. */
  tried: z.object({ samples: count, attempts: z.array(attempt) }),
  /** Null where it is none: infinite or NaN. */
  loss: z.nullable(finite),
  accuracy: share,
  correct: count,
  total: count,
  /** For each true class (row) how often each class was predicted (column). */
  confusion: z.array(z.array(count)),
  perClass: z.array(classScore),
  calibration,
  /** The most confident first. */
  mistakes: z.array(mistake),
  predictions,
  /** Why the report is not kept with the run, as a sentence; missing where it is, or where there is no run. */
  notKept: z.optional(z.string()),
});

/** How a model measures up to a part of a dataset. */
export type EvaluationReport = z.infer<typeof evaluationSchema>;

/** The folder in that of a run in which its evaluations are kept, a file each. */
export const evaluationsFolder = 'evaluations';
