/** What a person may choose about a folder of data: on the command line, or in a `descent.json` beside the data. */
import { z } from 'zod';

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

/** The choices, all of them optional. The descriptions are what the editor shows in a `descent.json`. */
export const dataOptionsSchema = z.strictObject({
  format: z
    .enum(formatNames)
    .describe('How the folder is to be read where several readings are possible.')
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
  onBadFile: z
    .enum(['stop', 'skip'])
    .describe('Whether an unreadable file or row ends the run, or is left out and counted.')
    .optional(),
});

/** The choices of a person about a folder of data. */
export type DataOptions = z.infer<typeof dataOptionsSchema>;
