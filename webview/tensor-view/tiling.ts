/** When a tensor is a set of images, and which of its values make one. */
import type { TensorSubject } from './subject';

/** A tensor as images of one size, one after the other. */
export interface Tiling {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** How many of them are in a row of the tensor taken as a matrix: the colours of a first layer's weights. */
  readonly perRow: number;
}

/** Images smaller than this say nothing. */
const smallest = 5;

/**
 * The images in a tensor: those that it is said to be made of, such as the weights of a first layer, else its last
 * two dimensions where there are four, as the filters and the outputs of a convolution have them. Undefined where
 * there are none: that a number of columns is a square makes no image of them.
 */
export function tilingOf(shape: readonly number[], image: TensorSubject['image']): Tiling | undefined {
  const [last = 0, above = 0] = shape.toReversed();
  const { height, width } = image ?? (shape.length === 4 ? { height: above, width: last } : none);
  const pixels = height * width;
  if (height < smallest || width < smallest) return undefined;
  const all = shape.reduce((product, size) => product * size, 1);
  const asRow = last % pixels === 0;
  if (all % pixels !== 0 || !(asRow || (last === width && above === height))) return undefined;
  return { count: all / pixels, height, width, perRow: asRow ? last / pixels : 1 };
}

const none = { height: 0, width: 0 };

/** How many images are shown at a time: whole rows, and no more than `most` where a row has not more by itself. */
export function tilesPerPage({ perRow }: Tiling, most: number): number {
  return Math.max(1, Math.floor(most / perRow)) * perRow;
}

/** Which rows and columns of the tensor, taken as a matrix, make so many images from `first` on. */
export function rowsOfTiles(
  { height, width }: Tiling,
  columns: number,
  first: number,
  count: number,
): { readonly row: number; readonly rows: number } {
  const rowsEach = (height * width) / columns;
  return { row: first * rowsEach, rows: count * rowsEach };
}
