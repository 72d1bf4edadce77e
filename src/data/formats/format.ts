/** What a folder format is: it looks at a folder and says whether, and how, that could be read as a data set. */
import type { Listing } from '../folder';
import type { ImageData } from '../image-data';
import type { DataOptions, FormatName } from '../options';

/** One way in which a folder can be read. */
export interface Reading {
  readonly format: FormatName;
  /** What was found, as a person reads it: "images in 10 class folders under train/". */
  readonly reason: string;
  /**
   * How sure it is, among readings of one folder: 3 where names say so, 2 where everything fits, 1 where it could be.
   * The surest is taken; of several equally sure ones the person chooses.
   */
  readonly sureness: 1 | 2 | 3;
  /** The file that tells it from other readings of the same format. */
  readonly file?: string;
  open(options: DataOptions): Promise<ImageData>;
}

/** What a format finds in a folder. */
export interface Findings {
  readonly readings: readonly Reading[];
  /** Why something that could have been data of this kind is none. */
  readonly doubts: readonly string[];
}

/** A way in which folders can hold data sets. */
export interface FolderFormat {
  readonly name: FormatName;
  /** What such a folder holds, as an error lists it. */
  readonly expected: string;
  /**
   * Looks at a folder, or at one file that was chosen in place of a folder. A folder that is of the kind and broken
   * is a DataError.
   */
  find(place: Place, options: DataOptions): Promise<Findings> | Findings;
}

/** What is looked at. */
export interface Place {
  readonly folder: string;
  readonly listing: Listing;
  /** The one file that was chosen. */
  readonly file?: string;
}

/** Nothing of the kind. */
export const nothing: Findings = { readings: [], doubts: [] };
