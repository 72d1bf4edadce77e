/** Reflections that make columns zero below the diagonal: the QR decomposition, with LAPACK's signs. */
import { Matrix } from './matrix';

/** Reflects the rows of `target` from `start` on at the plane that `normal` stands upright on. */
function reflect(target: Matrix, normal: readonly number[], start: number): void {
  const square = normal.reduce((sum, x) => sum + x * x, 0);
  if (square === 0) return;
  for (let j = 0; j < target.columns; j++) {
    let dot = 0;
    normal.forEach((x, i) => {
      dot += x * target.at(start + i, j);
    });
    const factor = (2 * dot) / square;
    normal.forEach((x, i) => {
      target.set(start + i, j, target.at(start + i, j) - factor * x);
    });
  }
}

/** The normal of the reflection that leaves only the first element of a column from `row` on. */
function normalOf(matrix: Matrix, row: number, column: number): number[] {
  const part = Array.from({ length: matrix.rows - row }, (_, i) => matrix.at(row + i, column));
  const rest = part.slice(1).reduce((sum, x) => sum + x * x, 0);
  // LAPACK leaves a column alone that has nothing below the diagonal.
  if (rest === 0) return part.map(() => 0);
  const [head = 0] = part;
  const length = Math.sqrt(head * head + rest);
  return [head + (head < 0 ? -length : length), ...part.slice(1)];
}

/** An orthogonal Q [m, m] and an upper triangular R [m, n] with A = Q R. */
export function qrOf(matrix: Matrix): { readonly q: Matrix; readonly r: Matrix } {
  const r = matrix.copy();
  const normals: number[][] = [];
  for (let k = 0; k < Math.min(matrix.rows, matrix.columns); k++) {
    const normal = normalOf(r, k, k);
    reflect(r, normal, k);
    for (let i = k + 1; i < matrix.rows; i++) r.set(i, k, 0);
    normals.push(normal);
  }
  const q = Matrix.identity(matrix.rows);
  for (let k = normals.length - 1; k >= 0; k--) reflect(q, normals[k] ?? [], k);
  return { q, r };
}

/** A matrix with the same eigenvalues that is zero below the first diagonal under the main one. */
export function hessenberg(given: Matrix): Matrix {
  let h = given.copy();
  for (let k = 0; k + 2 < given.rows; k++) {
    const normal = normalOf(h, k + 1, k);
    reflect(h, normal, k + 1);
    h = h.transposed();
    reflect(h, normal, k + 1);
    h = h.transposed();
  }
  return h;
}
