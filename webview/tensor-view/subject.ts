/** A tensor that is on show, whoever holds its numbers: a run that rests, or a file. */
import type {
  PictureRequest,
  TensorPicture,
  TensorSummary,
  TensorValues,
  ValuesRequest,
} from '../../src/protocol/tensors';

/** Which part of the values. */
export type Part = Omit<ValuesRequest, 'tensor'>;

/** A tensor that is on show. */
export interface TensorSubject {
  /** Such as `fc1.weight`. */
  readonly title: string;
  readonly shape: readonly number[];
  /** The size of the images that its values make, one after the other; null where nobody says so. */
  readonly image: { readonly height: number; readonly width: number } | null;
  /** Whether its images are photographs, which are grey; else what is below zero is red, and above it blue. */
  readonly photograph: boolean;
  values(part: Part): Promise<TensorValues>;
  picture(size: Omit<PictureRequest, 'tensor'>): Promise<TensorPicture>;
}

/** What a tensor comes to in numbers. */
export type Figures = Pick<TensorSummary, 'statistics' | 'histogram'>;
