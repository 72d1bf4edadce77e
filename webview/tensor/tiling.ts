/** When a tensor is a set of images, and which of its values make one. */

/** A tensor as images of one size, one after the other. */
export interface Tiling {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** Images smaller than this say nothing. */
const smallest = 5;

/**
 * The images in a tensor: its last two dimensions where there are three or more, else the rows of a matrix that are as
 * long as a square image has pixels (the weights of a first layer). Undefined where there are none.
 */
export function tilingOf(shape: readonly number[]): Tiling | undefined {
  const [height = 0, width = 0] = shape.slice(-2);
  if (shape.length >= 3 && height >= smallest && width >= smallest) {
    return { count: shape.slice(0, -2).reduce((product, size) => product * size, 1), height, width };
  }
  const side = Math.sqrt(shape[1] ?? 0);
  if (shape.length !== 2 || !Number.isInteger(side) || side < smallest) return undefined;
  return { count: shape[0] ?? 0, height: side, width: side };
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
