/**
 * Jacobi's methods: planes are rotated one after another until a matrix is diagonal (eigenvalues of symmetric ones) or
 * its columns are orthogonal (singular values; Hestenes, 1958). Slow for large matrices, and as exact as can be.
 */

import { qrOf } from './householder';
import { Matrix } from './matrix';

const sweeps = 60;

/** Cosine and sine of the rotation that makes [[a, b], [b, c]] diagonal. */
function rotation(a: number, b: number, c: number): [number, number] {
  const ratio = (c - a) / (2 * b);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(1, ratio));
  const cosine = 1 / Math.hypot(1, tangent);
  return [cosine, tangent * cosine];
}

/** Rotates two columns. */
function rotateColumns(matrix: Matrix, p: number, q: number, cosine: number, sine: number): void {
  for (let i = 0; i < matrix.rows; i++) {
    const [x, y] = [matrix.at(i, p), matrix.at(i, q)];
    matrix.set(i, p, cosine * x - sine * y);
    matrix.set(i, q, sine * x + cosine * y);
  }
}

function rotateRows(matrix: Matrix, p: number, q: number, cosine: number, sine: number): void {
  for (let j = 0; j < matrix.columns; j++) {
    const [x, y] = [matrix.at(p, j), matrix.at(q, j)];
    matrix.set(p, j, cosine * x - sine * y);
    matrix.set(q, j, sine * x + cosine * y);
  }
}

/** The columns of a matrix in another order. */
function reordered(matrix: Matrix, order: readonly number[]): Matrix {
  const result = new Matrix(matrix.rows, order.length);
  order.forEach((from, to) => {
    for (let i = 0; i < matrix.rows; i++) result.set(i, to, matrix.at(i, from));
  });
  return result;
}

/** Eigenvalues in ascending order, and eigenvectors in the columns. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: Matrix;
}

/** The eigenvalues of a symmetric matrix, of which only the lower triangle is read. */
export function symmetricEigen(given: Matrix): Eigen {
  const n = given.rows;
  const a = new Matrix(n, n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) a.set(i, j, given.at(Math.max(i, j), Math.min(i, j)));
  const vectors = Matrix.identity(n);
  for (let sweep = 0, changed = true; changed && sweep < sweeps; sweep++) {
    changed = false;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const b = a.at(p, q);
        const size = Math.sqrt(Math.abs(a.at(p, p) * a.at(q, q)));
        if (b === 0 || Math.abs(b) <= 1e-17 * size) continue;
        changed = true;
        const [cosine, sine] = rotation(a.at(p, p), b, a.at(q, q));
        rotateColumns(a, p, q, cosine, sine);
        rotateRows(a, p, q, cosine, sine);
        a.set(p, q, 0);
        a.set(q, p, 0);
        rotateColumns(vectors, p, q, cosine, sine);
      }
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a.at(i, i) - a.at(j, j));
  return { values: order.map(i => a.at(i, i)), vectors: reordered(vectors, order) };
}

/** A matrix as U diag(s) Vᵀ, with descending s; U and V are square. */
export interface Svd {
  readonly u: Matrix;
  readonly s: readonly number[];
  readonly v: Matrix;
}

/** Columns of length 1 that stand upright on each other, of which the first ones are given. */
function completed(given: readonly (readonly number[])[], size: number): Matrix {
  const start = new Matrix(size, given.length);
  given.forEach((column, j) => {
    column.forEach((x, i) => {
      start.set(i, j, x);
    });
  });
  const { q } = qrOf(start);
  given.forEach((column, j) => {
    column.forEach((x, i) => {
      q.set(i, j, x);
    });
  });
  return q;
}

/** Rotates columns until they are orthogonal; `v` takes part. */
function orthogonalise(w: Matrix, v: Matrix): void {
  for (let sweep = 0, changed = true; changed && sweep < sweeps; sweep++) {
    changed = false;
    for (let p = 0; p < w.columns; p++) {
      for (let q = p + 1; q < w.columns; q++) {
        let [a, b, c] = [0, 0, 0];
        for (let i = 0; i < w.rows; i++) {
          const [x, y] = [w.at(i, p), w.at(i, q)];
          a += x * x;
          b += x * y;
          c += y * y;
        }
        if (b === 0 || !(Math.abs(b) > 1e-16 * Math.sqrt(a * c))) continue;
        changed = true;
        const [cosine, sine] = rotation(a, b, c);
        rotateColumns(w, p, q, cosine, sine);
        rotateColumns(v, p, q, cosine, sine);
      }
    }
  }
}

/** The singular values of any matrix. */
export function svdOf(given: Matrix): Svd {
  if (given.rows < given.columns) {
    const { u, s, v } = svdOf(given.transposed());
    return { u: v, s, v: u };
  }
  const w = given.copy();
  const v = Matrix.identity(given.columns);
  orthogonalise(w, v);
  const columns = Array.from({ length: w.columns }, (_, j) =>
    Array.from({ length: w.rows }, (_row, i) => w.at(i, j)),
  );
  const lengths = columns.map(column => Math.hypot(...column));
  const order = lengths.map((_, i) => i).sort((i, j) => (lengths[j] ?? 0) - (lengths[i] ?? 0));
  const largest = Math.max(0, ...lengths);
  // A column that is nothing but rounding has no direction.
  const directed = order.filter(i => (lengths[i] ?? 0) > largest * 1e-15 * w.rows);
  const given1 = directed.map(i => (columns[i] ?? []).map(x => x / (lengths[i] ?? 1)));
  return { u: completed(given1, w.rows), s: order.map(i => lengths[i] ?? 0), v: reordered(v, order) };
}
