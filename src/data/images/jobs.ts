/** What the threads that read images are asked, and what they answer. */
import type { Channels } from './picture';
import type { Size } from './resize';

/** What image files are decoded to. */
export interface ImageForm {
  /** The size that all images get; what comes out otherwise is resized to it. */
  readonly size: Size;
  /** The channels that all images have in the end. */
  readonly channels: Channels;
  /** Transforms that images go through in the size and colour that they have, before they are resized. */
  readonly transforms?: {
    readonly texts: readonly string[];
    /** The channels that they are given. */
    readonly channels: Channels;
  };
}

/** Read these files, and decode them to one size and number of channels. */
export interface DecodeJob extends ImageForm {
  readonly kind: 'decode';
  readonly files: readonly string[];
}

/** Read these files to find out what they are. */
export interface SurveyJob {
  readonly kind: 'survey';
  readonly files: readonly string[];
}

/** Of which age and length these files are. */
export interface StampJob {
  readonly kind: 'stamp';
  readonly files: readonly string[];
}

/** How large the images in these files are, by their first bytes. */
export interface MeasureJob {
  readonly kind: 'measure';
  readonly files: readonly string[];
}

/** What a thread is asked. */
export type ImageJob = DecodeJob | SurveyJob | StampJob | MeasureJob;

/** A file that cannot be used. */
export interface BadFile {
  /** Where it stands in the job. */
  readonly index: number;
  readonly reason: string;
}

/** Decoded images. */
export interface Decoded {
  /** Channels × height × width bytes for each file, one after the other; zeros for a bad one. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly bad: readonly BadFile[];
  /** Which of them had another size and were resized. */
  readonly resized: readonly number[];
  /** See {@link Stamps}. */
  readonly stamps: Float64Array<ArrayBuffer>;
}

/** What an image file is; `reason` where it cannot be used. */
export type Surveyed =
  | { readonly width: number; readonly height: number; readonly grey: boolean }
  | { readonly reason: string };

/** For each file its length in bytes and the time of its last change in milliseconds; −1 for one that is not there. */
export type Stamps = Float64Array<ArrayBuffer>;

/** What a job comes to. */
export interface Answers {
  readonly decode: Decoded;
  readonly survey: readonly Surveyed[];
  readonly stamp: Stamps;
  /** For each file width and height; 0 where it cannot be read. */
  readonly measure: Int32Array<ArrayBuffer>;
}
