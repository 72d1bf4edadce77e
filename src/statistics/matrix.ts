/** A tensor taken as a matrix, as people look at it: its last dimension makes the columns, all others the rows. */
import type { TypedArray } from '../engine/dtype';
import type {
  PictureRequest,
  TensorPicture,
  TensorValue,
  TensorValues,
  ValuesRequest,
} from '../protocol/tensors';

/** The size of a matrix. */
export interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
}

/** The matrix that a tensor of this shape is taken as. */
export function matrixOf(shape: readonly number[]): MatrixSize {
  const columns = shape.at(-1) ?? 1;
  return { rows: shape.slice(0, -1).reduce((product, size) => product * size, 1), columns };
}

/** A number as it travels: JSON has no NaN and no infinity. */
export function toValue(value: number): TensorValue {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** What there is of the part of a matrix that was asked for. */
export function partOf(
  data: TypedArray,
  matrix: MatrixSize,
  { row, rows, column, columns }: Omit<ValuesRequest, 'tensor'>,
): TensorValues {
  const height = Math.max(0, Math.min(rows, matrix.rows - row));
  const width = Math.max(0, Math.min(columns, matrix.columns - column));
  const values: TensorValue[] = [];
  for (let y = row; y < row + height; y++) {
    const start = y * matrix.columns + column;
    for (let i = start; i < start + width; i++) values.push(toValue(Number(data[i])));
  }
  return { row, rows: height, column, columns: width, values };
}

/** Of two values the one that must not be missed: what is not finite, else what is further from zero. */
function louder(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return Math.abs(b) > Math.abs(a) ? b : a;
}

/** The whole of a matrix in at most so many rows and columns: each cell shows the loudest of what it stands for. */
export function pictureOf(
  data: TypedArray,
  matrix: MatrixSize,
  most: Omit<PictureRequest, 'tensor'>,
): TensorPicture {
  const rows = Math.min(most.rows, matrix.rows);
  const columns = Math.min(most.columns, matrix.columns);
  const cells = new Float64Array(rows * columns);
  for (let y = 0; y < matrix.rows; y++) {
    const cellRow = Math.floor((y * rows) / matrix.rows) * columns;
    for (let x = 0; x < matrix.columns; x++) {
      const cell = cellRow + Math.floor((x * columns) / matrix.columns);
      cells[cell] = louder(cells[cell] ?? 0, Number(data[y * matrix.columns + x]));
    }
  }
  return { matrix, rows, columns, cells: Array.from(cells, toValue) };
}
