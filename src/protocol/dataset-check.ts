/** What is found when all samples of a dataset are looked at: duplicates, files that cannot be read, and sizes. */
import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());

/** The parts of a dataset as it lies on disk. */
export const partNames = ['train', 'validation', 'test'] as const;

const partName = z.enum(partNames);

/** A part of a dataset as it lies on disk. */
export type PartName = z.infer<typeof partName>;

const member = z.object({
  part: partName,
  index: count,
  label: count,
  /** The name of its file in the folder, where it has one. */
  file: z.nullable(z.string()),
});

/** A sample that is equal to others. */
export type DuplicateMember = z.infer<typeof member>;

const group = z.object({
  /** How many samples are equal. */
  size: count,
  /** The first of them. */
  members: z.array(member),
  /** The pixels of each of them, 8 bits in base 64. */
  pixels: z.string(),
});

/** Samples that are equal. */
export type DuplicateGroup = z.infer<typeof group>;

const partCount = z.object({ part: partName, count });

/** What was found. */
export const datasetFindings = z.object({
  /** Samples that were compared with each other. */
  compared: count,
  /** Samples outside of the training set that are in it, too. */
  leaked: z.array(partCount),
  /** Samples that could be left out of a part, since an equal one stays. */
  repeated: z.array(partCount),
  /** Groups of equal samples with several labels. */
  contradicting: count,
  /** Groups of equal samples. */
  groups: count,
  /** Some of them: those with several labels first, then those across parts. */
  shown: z.array(group),
  /** Files that cannot be read, and how many there are in all. */
  unreadable: z.array(z.object({ file: z.string(), reason: z.string() })),
  unreadableCount: count,
  /** Sizes of the images in files, the most frequent first; the same as `open` says where there are no files. */
  sizes: z.array(z.object({ width: count, height: count, count, example: z.string() })),
  /** How many sizes there are in all. */
  sizeCount: count,
});

/** What was found. */
export type DatasetFindings = z.infer<typeof datasetFindings>;

/** How far the search is, or what it has found. */
export const checkAnswer = z.discriminatedUnion('state', [
  z.object({ state: z.literal('working'), share: z.number(), what: z.string() }),
  z.object({ state: z.literal('done'), findings: datasetFindings }),
]);

/** How far the search is, or what it has found. */
export type CheckAnswer = z.infer<typeof checkAnswer>;
