/**
 * What a transform is: torchvision's classes for images of 8 bits, under the same names and with the same results. A
 * random one draws from a generator that it is given, so that a sample of a run is always changed in the same way.
 */
import type { Generator } from '../../engine/random/generator';
import type { Call } from './call';

/** How large an image is. */
export interface ImageShape {
  /** 1 for grey, 3 for RGB. */
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** An image of 8 bits: its channels plane after plane, each row by row. It is never changed in place. */
export interface Planes extends ImageShape {
  readonly data: Uint8Array;
}

/** Changes images of 8 bits. */
export interface PixelTransform {
  readonly kind: 'pixels';
  /** As it was written: `RandomCrop(28, padding=4)`. */
  readonly text: string;
  /** Whether it draws random numbers; such a one is for training only. */
  readonly random: boolean;
  /** What a random one leaves to be done outside of training, so that images have the same size there. */
  readonly evaluation?: PixelTransform;
  /**
   * How large the result is.
   * @throws TransformError where it cannot be applied to such images
   */
  shapeOf(from: ImageShape): ImageShape;
  apply(image: Planes, generator: Generator): Planes;
}

/** `ToTensor()`: pixels from 0 to 1. It is done in any case, and last of what is done to pixels of 8 bits. */
export interface ToTensor {
  readonly kind: 'to-tensor';
  readonly text: string;
}

/** `Normalize(mean, std)`: (x − mean) / std in each channel, of pixels from 0 to 1. */
export interface Normalize {
  readonly kind: 'normalize';
  readonly text: string;
  /** A number for each channel, or one for all; undefined to be computed from the training images. */
  readonly statistics: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
}

/** A box in an image. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** `RandomErasing(…)`: puts a value, or noise, into a box, of pixels of 8 bits or of numbers. */
export interface Erasing {
  readonly kind: 'erasing';
  readonly text: string;
  /** A number for each channel, or one for all; `random` for numbers of the standard normal distribution. */
  readonly value: readonly number[] | 'random';
  /** The box to be erased; undefined where nothing is. */
  box(shape: ImageShape, generator: Generator): Box | undefined;
}

/** Any of them. */
export type Transform = PixelTransform | ToTensor | Normalize | Erasing;

/** Makes a transform of the call that names it. */
export type TransformMaker = (call: Call) => Transform;
