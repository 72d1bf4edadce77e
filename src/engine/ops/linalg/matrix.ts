/** Matrices of 64-bit floating point on the host, and batches of them in the kernels of linear algebra. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Meta } from '../../expr';
import { formatShape, numel, type Shape } from '../../shape';
import type { Values } from '../op';

/** A matrix, row-major. */
export class Matrix {
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly data = new Float64Array(rows * columns),
  ) {}

  static identity(size: number): Matrix {
    const matrix = new Matrix(size, size);
    for (let i = 0; i < size; i++) matrix.set(i, i, 1);
    return matrix;
  }

  at(row: number, column: number): number {
    return this.data[row * this.columns + column] ?? 0;
  }

  set(row: number, column: number, value: number): void {
    this.data[row * this.columns + column] = value;
  }

  copy(): Matrix {
    return new Matrix(this.rows, this.columns, this.data.slice());
  }

  transposed(): Matrix {
    const result = new Matrix(this.columns, this.rows);
    for (let i = 0; i < this.rows; i++)
      for (let j = 0; j < this.columns; j++) result.set(j, i, this.at(i, j));
    return result;
  }

  /** The first columns. */
  firstColumns(count: number): Matrix {
    const result = new Matrix(this.rows, count);
    for (let i = 0; i < this.rows; i++) for (let j = 0; j < count; j++) result.set(i, j, this.at(i, j));
    return result;
  }

  times(other: Matrix): Matrix {
    const result = new Matrix(this.rows, other.columns);
    for (let i = 0; i < this.rows; i++) {
      for (let k = 0; k < this.columns; k++) {
        const factor = this.at(i, k);
        for (let j = 0; j < other.columns; j++) {
          result.set(i, j, result.at(i, j) + factor * other.at(k, j));
        }
      }
    }
    return result;
  }
}

/** The matrices of a batch, in their order. */
export function matricesOf({ shape, data }: Values): Matrix[] {
  const [rows = 0, columns = 0] = shape.slice(-2);
  const count = numel(shape.slice(0, -2));
  const size = rows * columns;
  return Array.from(
    { length: count },
    (_, i) => new Matrix(rows, columns, data.slice(i * size, (i + 1) * size)),
  );
}

/** The elements of matrices or lists one after another. */
export function joined(parts: readonly ArrayLike<number>[], size: number): Float64Array {
  const result = new Float64Array(parts.length * size);
  parts.forEach((part, i) => {
    result.set(part, i * size);
  });
  return result;
}

/** A function that remembers its last result: the parts of a decomposition ask for it one after another. */
export function remembering<T>(decompose: (matrix: Matrix) => T): (values: Values) => T[] {
  let last: { readonly values: Values; readonly results: T[] } | undefined;
  return values => {
    const known = last;
    const same =
      known !== undefined &&
      known.values.shape.join() === values.shape.join() &&
      known.values.data.every((x, i) => Object.is(x, values.data[i]));
    if (known !== undefined && same) return known.results;
    last = { values, results: matricesOf(values).map(decompose) };
    return last.results;
  };
}

/** Throws unless this is a matrix, or a batch of them, of floating point numbers. */
export function checkMatrix(name: string, { shape, dtype }: Meta): void {
  if (shape.length < 2) {
    throw new EngineError(
      `${name}: The input tensor A must have at least 2 dimensions, but got ${formatShape(shape)}.`,
    );
  }
  if (!isFloating(dtype)) {
    throw new EngineError(`${name}: Expected a floating point or complex tensor as input. Got ${dtype}`);
  }
}

/** {@link checkMatrix}, and as many rows as columns. */
export function checkSquare(name: string, meta: Meta): void {
  checkMatrix(name, meta);
  const [rows, columns] = meta.shape.slice(-2);
  if (rows !== columns) {
    throw new EngineError(
      `${name}: A must be batches of square matrices, but they are ${rows} by ${columns} matrices`,
    );
  }
}

/** The dimensions in front of those of the matrices. */
export const batchOf = (shape: Shape): Shape => shape.slice(0, -2);
