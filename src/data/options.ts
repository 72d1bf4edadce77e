/** What a person may choose about a folder of data: on the command line, or in a `descent.json` beside the data. */
import * as z from 'zod';
import { planTransforms } from './transforms/plan';
import { TransformError } from './transforms/transform-error';

/** The ways in which a folder can hold a data set. */
export const formatNames = [
  'idx',
  'class-folders',
  'annotations',
  'indexed-images',
  'csv',
  'npz',
  'npy',
] as const;

/** A way in which a folder can hold a data set. */
export type FormatName = (typeof formatNames)[number];

/** The largest side of an image that a network gets. */
const MOST_SIDE = 4096;
const side = z.int().min(1).max(MOST_SIDE);
const column = z.union([z.string().min(1), z.int().min(1)]);

/** What is wrong with some transforms; undefined if nothing is. */
function problemOf(texts: readonly string[]): string | undefined {
  try {
    planTransforms(texts);
    return undefined;
  } catch (error) {
    if (error instanceof TransformError) return error.message;
    throw error;
  }
}

/** What the editor offers to write. */
const examples = [
  'RandomCrop(28, padding=4)',
  'RandomHorizontalFlip()',
  "RandomRotation(10, 'bilinear')",
  'RandomAffine(10, translate=(0.1, 0.1), scale=(0.9, 1.1))',
  'RandomErasing()',
  'Normalize()',
  'Resize(64)',
  'CenterCrop(56)',
  'Grayscale()',
];

/** Transforms as one writes them in Python, in their order. */
export const transformsSchema = z
  .array(z.string().min(1).meta({ examples }))
  .superRefine((texts, context) => {
    const problem = problemOf(texts);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** The choices, all of them optional. The descriptions are what the editor shows in a `descent.json`. */
export const dataOptionsSchema = z.strictObject({
  format: z
    .enum(formatNames)
    .describe('How the folder is to be read where several readings are possible.')
    .optional(),
  file: z
    .string()
    .min(1)
    .refine(
      name => !name.split(/[\\/]/).includes('..') && !/^([\\/]|[a-z]:)/i.test(name),
      'expected a file in the folder',
    )
    .describe(
      'The file in the folder that is read where several could be: a table, an archive, training images.',
    )
    .optional(),
  imageSize: z
    .union([side, z.tuple([side, side])])
    .describe('Height and width to which images are resized; one number for both.')
    .optional(),
  colour: z
    .enum(['grey', 'rgb'])
    .describe('Whether images are taken as grey or in colour; by what they are unless told.')
    .optional(),
  labelColumn: column.describe('The column with the label, by name or by number from 1.').optional(),
  fileColumn: column
    .describe('The column with the file names of images, by name or by number from 1.')
    .optional(),
  header: z
    .boolean()
    .describe('Whether the first row of a CSV file holds the names of its columns.')
    .optional(),
  transforms: transformsSchema
    .describe(
      "What is done with images, by torchvision's names and in this order: RandomCrop(28, padding=4). Random ones are for training only.",
    )
    .optional(),
  targetTransform: z
    .record(z.string().min(1), z.array(z.string()))
    .describe('Classes that others become: { "even": ["0", "2", "4", "6", "8"] }. A class not named stays.')
    .optional(),
  onBadFile: z
    .enum(['stop', 'skip'])
    .describe('Whether an unreadable file or row ends the run, or is left out and counted.')
    .optional(),
});

/** The choices of a person about a folder of data. */
export type DataOptions = z.infer<typeof dataOptionsSchema>;

/** The choices, and who follows the reading of many files. They go through every format as one. */
export interface OpeningOptions extends DataOptions {
  /** Called while images are decoded with how many of them are. */
  readonly onProgress?: (done: number, total: number) => void;
}
