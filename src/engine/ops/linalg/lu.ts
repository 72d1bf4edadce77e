/** Gaussian elimination with partial pivoting: determinants, inverses and systems of equations. */
import { Matrix } from './matrix';

/** A matrix as a product: rows in another order, a lower and an upper triangle, which lie in one matrix. */
export interface Lu {
  readonly triangles: Matrix;
  /** The row of the matrix that each row of the triangles was. */
  readonly order: readonly number[];
  /** 1, or −1 where the rows were exchanged an odd number of times. */
  readonly sign: number;
  /** The first diagonal element that is 0, if there is one. */
  readonly singularAt: number | undefined;
}

function exchange(matrix: Matrix, a: number, b: number): void {
  for (let j = 0; j < matrix.columns; j++) {
    const kept = matrix.at(a, j);
    matrix.set(a, j, matrix.at(b, j));
    matrix.set(b, j, kept);
  }
}

/** The row at or below the diagonal with the largest element of a column. */
function pivotRow(matrix: Matrix, column: number): number {
  let best = column;
  for (let i = column + 1; i < matrix.rows; i++) {
    if (Math.abs(matrix.at(i, column)) > Math.abs(matrix.at(best, column))) best = i;
  }
  return best;
}

/** Decomposes a square matrix. */
export function decompose(given: Matrix): Lu {
  const triangles = given.copy();
  const order = Array.from({ length: given.rows }, (_, i) => i);
  let sign = 1;
  let singularAt: number | undefined;
  for (let k = 0; k < given.rows; k++) {
    const pivot = pivotRow(triangles, k);
    if (pivot !== k) {
      exchange(triangles, pivot, k);
      [order[k], order[pivot]] = [order[pivot] ?? 0, order[k] ?? 0];
      sign = -sign;
    }
    const head = triangles.at(k, k);
    if (head === 0) {
      singularAt ??= k;
      continue;
    }
    for (let i = k + 1; i < given.rows; i++) {
      const factor = triangles.at(i, k) / head;
      triangles.set(i, k, factor);
      for (let j = k + 1; j < given.rows; j++) {
        triangles.set(i, j, triangles.at(i, j) - factor * triangles.at(k, j));
      }
    }
  }
  return { triangles, order, sign, singularAt };
}

/** The product of the diagonal. */
export function determinant({ triangles, sign }: Lu): number {
  let product = sign;
  for (let i = 0; i < triangles.rows; i++) product *= triangles.at(i, i);
  return product;
}

/** X with A X = B, where A is not singular. */
export function solveWith({ triangles, order }: Lu, b: Matrix): Matrix {
  const n = triangles.rows;
  const x = new Matrix(n, b.columns);
  for (let j = 0; j < b.columns; j++) {
    for (let i = 0; i < n; i++) {
      let sum = b.at(order[i] ?? 0, j);
      for (let k = 0; k < i; k++) sum -= triangles.at(i, k) * x.at(k, j);
      x.set(i, j, sum);
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x.at(i, j);
      for (let k = i + 1; k < n; k++) sum -= triangles.at(i, k) * x.at(k, j);
      x.set(i, j, sum / triangles.at(i, i));
    }
  }
  return x;
}
