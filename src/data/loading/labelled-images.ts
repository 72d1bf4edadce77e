/** Lists of image files with their labels: what the formats find in a folder of images. */

/** One part of a data set of image files. */
export interface LabelledFiles {
  readonly files: readonly string[];
  /** For each file the index of its class. */
  readonly labels: ArrayLike<number>;
}

/** The image files of a data set. */
export interface LabelledImages {
  readonly name: string;
  readonly classes: readonly string[];
  readonly train: LabelledFiles;
  readonly validation?: LabelledFiles | undefined;
  readonly test?: LabelledFiles | undefined;
  readonly reading: string;
  readonly notes: readonly string[];
}

/** The parts of a data set, in their order. */
export const partNames = ['train', 'validation', 'test'] as const;

/** A part of a data set. */
export type PartName = (typeof partNames)[number];
