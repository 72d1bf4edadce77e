/** What a matrix does to space: its singular values and what follows from them, and its eigenvalues. */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { TypedArray } from '../engine/dtype';
import type { MatrixSize } from './matrix';

/** What singular values say of a matrix. */
export interface Spectrum {
  /** From the largest. */
  readonly singularValues: readonly number[];
  /** How many of them are above `tolerance`. */
  readonly rank: number;
  /** The dimension of the null space: directions of the input that make no difference, columns − rank. */
  readonly nullity: number;
  /** The largest singular value over the smallest; null where that is 0 and the condition infinite. */
  readonly condition: number | null;
  /** Singular values up to this count as 0. */
  readonly tolerance: number;
}

/** An eigenvalue. */
export interface Eigenvalue {
  readonly real: number;
  readonly imaginary: number;
}

function toMatrix(data: TypedArray, { rows, columns }: MatrixSize): Matrix {
  const matrix = new Matrix(rows, columns);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const value = Number(data[i]);
      if (!Number.isFinite(value)) throw new Error('the matrix holds values that are not finite');
      matrix.set(row, column, value);
    }
  }
  return matrix;
}

/**
 * The singular values of a matrix and what follows from them.
 *
 * @param data row by row
 * @param epsilon of the type that the numbers were stored as. The tolerance is that of `torch.linalg.matrix_rank`:
 *   the larger side of the matrix times epsilon times the largest singular value.
 * @throws Error where a value is not finite
 */
export function spectrumOf(data: TypedArray, size: MatrixSize, epsilon: number): Spectrum {
  const options = {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  };
  const decomposition = new SingularValueDecomposition(toMatrix(data, size), options);
  const singularValues = [...decomposition.diagonal].sort((a, b) => b - a);
  const [largest = 0] = singularValues;
  const smallest = singularValues.at(-1) ?? 0;
  const tolerance = Math.max(size.rows, size.columns) * epsilon * largest;
  const rank = singularValues.filter(value => value > tolerance).length;
  const condition = smallest === 0 ? null : largest / smallest;
  return { singularValues, rank, nullity: size.columns - rank, condition, tolerance };
}

/**
 * The eigenvalues of a square matrix, from the one furthest from zero.
 *
 * @throws Error where a value is not finite
 */
export function eigenvaluesOf(data: TypedArray, side: number): Eigenvalue[] {
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(
    toMatrix(data, { rows: side, columns: side }),
  );
  return realEigenvalues
    .map((real, i) => ({ real, imaginary: imaginaryEigenvalues[i] ?? 0 }))
    .sort((a, b) => Math.hypot(b.real, b.imaginary) - Math.hypot(a.real, a.imaginary));
}

/** The distance from 1 to the next number, by PyTorch's name of a type; integers are taken for float32. */
export function epsilonOf(dtype: string): number {
  return { float64: 2 ** -52, complex128: 2 ** -52, float16: 2 ** -10, bfloat16: 2 ** -7 }[dtype] ?? 2 ** -23;
}
