/**
 * The messages between the page of a dataset and whoever reads it. The page asks for what it shows, a few samples at
 * a time; it never gets the whole dataset.
 */
import * as z from 'zod/mini';
import type { Side } from './endpoint';

const count = z.int().check(z.nonnegative());

/** The parts of a dataset. */
export const splitNames = ['train', 'test'] as const;

const splitName = z.enum(splitNames);

/** A part of a dataset. */
export type SplitName = z.infer<typeof splitName>;

/** No more samples are asked for at once. */
export const mostSamples = 100;

const splitSummary = z.object({
  name: splitName,
  /** How many samples. */
  samples: count,
  /** How many of each class. */
  perClass: z.array(count),
  /** Of all pixels, from 0 to 255. */
  pixels: z.object({ min: count, max: count, mean: z.number(), std: z.number() }),
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
});

/** What a dataset holds. */
export type DatasetSummary = z.infer<typeof datasetSummary>;

const samplesRequest = z.object({
  split: splitName,
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

/** What the page asks of the host. */
export interface DatasetRequests {
  readonly open: { readonly params: object; readonly result: DatasetSummary };
  readonly samples: { readonly params: SamplesRequest; readonly result: SamplesAnswer };
}

/** What the host takes in. */
export const datasetHostSide: Side<DatasetRequests, object> = {
  requests: {
    /** Reads the dataset, if that has not happened yet. */
    open: { params: z.object({}), result: datasetSummary },
    samples: { params: samplesRequest, result: samplesAnswer },
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
