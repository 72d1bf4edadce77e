/**
 * The messages between the page of a dataset and whoever reads it. The page asks for what it shows, a few samples at
 * a time; it never gets the whole dataset.
 */
import * as z from 'zod/mini';
import { type CheckAnswer, checkAnswer, type PartName, partNames } from './dataset-check';
import {
  keepRequest,
  type PreviewAnswer,
  type PreviewRequest,
  previewAnswer,
  previewRequest,
} from './dataset-transforms';
import type { Side } from './endpoint';
import {
  type TensorPicture,
  type TensorSummary,
  type TensorValues,
  tensorPictureSchema,
  tensorSummarySchema,
  tensorValuesSchema,
} from './tensors';

const count = z.int().check(z.nonnegative());

/** The parts of a dataset that a model can be measured on. */
export const splitNames = ['train', 'test'] as const;

/** A part of a dataset that a model can be measured on. */
export type SplitName = (typeof splitNames)[number];

const partName = z.enum(partNames);

/** No more samples are asked for at once. */
export const mostSamples = 100;

const pixelFigures = z.object({ min: count, max: count, mean: z.number(), std: z.number() });

const splitSummary = z.object({
  name: partName,
  /** How many samples. */
  samples: count,
  /** How many of each class. */
  perClass: z.array(count),
  /** Of all pixels, from 0 to 255. */
  pixels: pixelFigures,
  /** Of each channel. */
  channels: z.array(pixelFigures),
});

/** What a part of a dataset holds. */
export type SplitSummary = z.infer<typeof splitSummary>;

const datasetSummary = z.object({
  name: z.string(),
  /** Null for the generated digits, which lie in no folder. */
  folder: z.nullable(z.string()),
  height: z.int().check(z.positive()),
  width: z.int().check(z.positive()),
  /** 1 for grey images, 3 for coloured ones, whose planes of red, green and blue follow one another. */
  channels: z.union([z.literal(1), z.literal(3)]),
  /** How the folder was read, and what to know of it. */
  reading: z.optional(z.string()),
  notes: z.array(z.string()),
  /** Files and rows that were left out, and why. */
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  classes: z.array(z.string()),
  splits: z.array(splitSummary),
  /** The transforms that are kept beside the data. The samples are shown without them. */
  transforms: z.array(z.string()),
});

/** What a dataset holds. */
export type DatasetSummary = z.infer<typeof datasetSummary>;

const samplesRequest = z.object({
  split: partName,
  /** An index into the classes. */
  label: count,
  /** How many of the class to pass over. */
  from: count,
  count: z.int().check(z.positive(), z.lte(mostSamples)),
  /** The samples are shuffled with it; null for their order in the file. */
  seed: z.nullable(count.check(z.lt(2 ** 32))),
});

/** A look at some samples of a class. */
export type SamplesRequest = z.infer<typeof samplesRequest>;

const samplesAnswer = z.object({
  /** Where the samples stand in their part of the dataset. Fewer than asked for where they are large, or at the end. */
  indices: z.array(count),
  /** Their pixels one after the other, 8 bits each, in base 64. */
  pixels: z.string(),
});

/** Some samples of a class. */
export type SamplesAnswer = z.infer<typeof samplesAnswer>;

/** How far the reading is: so many images of so many; null where that takes no time, or it has not begun. */
const progressAnswer = z.object({ done: z.nullable(count), total: count });

/** How far the reading is. */
export type ProgressAnswer = z.infer<typeof progressAnswer>;

/** What the images of each class are on average: their pixels one after the other, in base 64. */
const meansAnswer = z.object({ pixels: z.string() });

/** A sample, as a tensor of numbers from 0 to 1, `[channels, height, width]`. */
const sampleRef = z.object({ split: partName, index: count });

/** A sample as a tensor. */
export type SampleRef = z.infer<typeof sampleRef>;

const sampleTensor = z.object({
  ...tensorSummarySchema.shape,
  /** The name of its file in the folder, where it has one. */
  file: z.nullable(z.string()),
});

/** A sample as a tensor, and where it lies. */
export type SampleTensor = TensorSummary & { readonly file: string | null };

const questionChoice = z.object({ label: z.string(), description: z.optional(z.string()) });

/** An answer to how the data is to be read. */
export type QuestionChoice = z.infer<typeof questionChoice>;

const side = z.int().check(z.positive(), z.lte(4096));
const valuesRequest = z.object({ ...sampleRef.shape, row: count, rows: side, column: count, columns: side });
const pictureRequest = z.object({ ...sampleRef.shape, rows: side, columns: side });

/** What the page asks of the host. */
export interface DatasetRequests {
  readonly open: { readonly params: object; readonly result: DatasetSummary };
  readonly progress: { readonly params: object; readonly result: ProgressAnswer };
  readonly samples: { readonly params: SamplesRequest; readonly result: SamplesAnswer };
  readonly means: {
    readonly params: { readonly split: PartName };
    readonly result: { readonly pixels: string };
  };
  readonly check: { readonly params: object; readonly result: CheckAnswer };
  readonly tensor: { readonly params: SampleRef; readonly result: SampleTensor };
  readonly values: { readonly params: z.infer<typeof valuesRequest>; readonly result: TensorValues };
  readonly picture: { readonly params: z.infer<typeof pictureRequest>; readonly result: TensorPicture };
  readonly preview: { readonly params: PreviewRequest; readonly result: PreviewAnswer };
  readonly question: { readonly params: object; readonly result: { readonly choices: QuestionChoice[] } };
  readonly answer: { readonly params: { readonly choice: number }; readonly result: object };
  readonly keep: { readonly params: z.infer<typeof keepRequest>; readonly result: object };
}

/** What the host takes in. */
export const datasetHostSide: Side<DatasetRequests, object> = {
  requests: {
    /** Reads the dataset, if that has not happened yet. */
    open: { params: z.object({}), result: datasetSummary },
    progress: { params: z.object({}), result: progressAnswer },
    samples: { params: samplesRequest, result: samplesAnswer },
    means: { params: z.object({ split: partName }), result: meansAnswer },
    /** Begins to look at all samples, or goes on; answers soon, and is to be asked again until that is done. */
    check: { params: z.object({}), result: checkAnswer },
    tensor: { params: sampleRef, result: sampleTensor },
    values: { params: valuesRequest, result: tensorValuesSchema },
    picture: { params: pictureRequest, result: tensorPictureSchema },
    preview: { params: previewRequest, result: previewAnswer },
    /** What only the person can tell, where that is why the dataset could not be read; nothing otherwise. */
    question: { params: z.object({}), result: z.object({ choices: z.array(questionChoice) }) },
    /** Keeps the answer beside the data. */
    answer: { params: z.object({ choice: count }), result: z.object({}) },
    /** Keeps transforms in the `descent.json` beside the data. */
    keep: { params: keepRequest, result: z.object({}) },
  },
  events: {},
};

/** What the host tells the page. */
export interface DatasetEvents {
  readonly changed: object;
  readonly failed: { readonly message: string };
}

/** What the page takes in. */
export const datasetPageSide: Side<object, DatasetEvents> = {
  requests: {},
  events: {
    /** What was read before may not be what there is now. */
    changed: z.object({}),
    /** Whoever reads is gone, and answers nothing of what was asked. */
    failed: z.object({ message: z.string() }),
  },
};
