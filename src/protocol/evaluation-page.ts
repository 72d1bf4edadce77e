/**
 * The messages between the page of an evaluation and the process that computes for it. The editor only carries them:
 * it starts the process when the page opens, and ends it with the page.
 */
import * as z from 'zod/mini';
import { activationNames, scalingNames } from './choices';
import { type SplitName, splitNames } from './dataset';
import type { Side } from './endpoint';
import { type EvaluationReport, evaluationSchema } from './evaluation';

const count = z.int().check(z.nonnegative());
const split = z.enum(splitNames);

/** No more samples are asked for at once. */
export const mostEvaluationSamples = 100;

/** What a page is about. */
export const evaluationSubjectSchema = z.object({
  /** The file of the model. */
  file: z.string(),
  /** The folder of the data; null for the generated digits, missing for the data of the checkpoint's run. */
  folder: z.optional(z.nullable(z.string())),
  choices: z.optional(
    z.object({
      activation: z.optional(z.enum(activationNames)),
      scaling: z.optional(z.enum(scalingNames)),
    }),
  ),
});

/** What a page is about. */
export type PageSubject = z.infer<typeof evaluationSubjectSchema>;

const openedModel = z.object({
  subject: evaluationSubjectSchema,
  model: z.string(),
  dataset: z.object({
    name: z.string(),
    folder: z.nullable(z.string()),
    /** Of an image; null where samples are no images that can be shown. */
    image: z.nullable(z.object({ height: count, width: count, channels: count })),
    classes: z.array(z.string()),
    /** How many samples each part has. */
    samples: z.object({ train: count, test: count }),
  }),
  /** The evaluation of this very file on the test set that is kept with its run; null where there is none. */
  kept: z.nullable(evaluationSchema),
});

/** A model and a dataset that can be asked. */
export type OpenedEvaluation = z.infer<typeof openedModel>;

const samplesRequest = z.object({
  split,
  indices: z.array(count).check(z.maxLength(mostEvaluationSamples)),
});

const samplesAnswer = z.object({
  /** Their pixels one after the other, 8 bits each, in base 64. */
  pixels: z.base64(),
  /** The classes that they are of. */
  labels: z.array(count),
});

/** Pixels of samples, and their classes. */
export type EvaluationSamples = z.infer<typeof samplesAnswer>;

const probabilities = z.object({
  /** Of each class. */
  probabilities: z.array(z.number()),
  /** What computing them has taken. */
  milliseconds: z.number(),
});

/** What a model says of an image. */
export type Prediction = z.infer<typeof probabilities>;

/** What the page asks of the process. */
export interface EvaluationRequests {
  readonly open: { readonly params: object; readonly result: OpenedEvaluation };
  readonly evaluate: { readonly params: { readonly split: SplitName }; readonly result: EvaluationReport };
  readonly progress: { readonly params: object; readonly result: { readonly share: number } };
  readonly cancel: { readonly params: object; readonly result: object };
  readonly samples: {
    readonly params: { readonly split: SplitName; readonly indices: number[] };
    readonly result: EvaluationSamples;
  };
  readonly predict: { readonly params: { readonly pixels: string }; readonly result: Prediction };
}

/** What the process takes in. */
export const evaluationHostSide: Side<EvaluationRequests, object> = {
  requests: {
    /** Opens model and data, if that has not happened yet. */
    open: { params: z.object({}), result: openedModel },
    /** Measures the model on a part of the data; fails when it is cancelled. */
    evaluate: { params: z.object({ split }), result: evaluationSchema },
    /** How much of the evaluation that goes on is done. */
    progress: { params: z.object({}), result: z.object({ share: z.number() }) },
    cancel: { params: z.object({}), result: z.object({}) },
    samples: { params: samplesRequest, result: samplesAnswer },
    /** Says what an image of the data's size is: 8 bits a pixel, in base 64. */
    predict: { params: z.object({ pixels: z.base64() }), result: probabilities },
  },
  events: {},
};

/** What the page is told. */
export interface EvaluationEvents {
  /** What was answered before may not be so any more. */
  readonly changed: object;
  /** Nobody answers what was asked. */
  readonly failed: { readonly message: string };
}

/** What the page takes in. */
export const evaluationPageSide: Side<object, EvaluationEvents> = {
  requests: {},
  events: {
    changed: z.object({}),
    failed: z.object({ message: z.string() }),
  },
};

/** What the page tells the editor itself, past the process. */
export const editorOrderSchema = z.discriminatedUnion('kind', [
  /** The person wants other data. */
  z.object({ kind: z.literal('choose-data') }),
  /** The person wants to say how the model is meant. */
  z.object({ kind: z.literal('choose-reading') }),
]);

/** What the page tells the editor itself. */
export type EditorOrder = z.infer<typeof editorOrderSchema>;
