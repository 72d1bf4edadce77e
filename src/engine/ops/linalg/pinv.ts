/** Pseudoinverses and ranks: what is left of a matrix without its smallest singular values. */
import type { DType } from '../../dtype';
import { numel } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { full } from '../creation/creation';
import { defineMethods } from '../methods';
import { defineHostOp } from '../op';
import { defineSignatures } from '../signatures';
import { svdOf } from './jacobi';
import { batchOf, checkMatrix, checkSquare, joined, Matrix, matricesOf } from './matrix';
import { svdvals } from './svd';

/** Which singular values count as 0: those up to the larger of `atol` and `rtol` times the largest. */
export interface Tolerances {
  readonly atol?: number;
  /** The number of rows or columns times the precision of the type, by default and without `atol`. */
  readonly rtol?: number;
  /** The matrix is symmetric, and only its lower triangle is read. */
  readonly hermitian?: boolean;
}

const precision = (dtype: DType): number => (dtype === 'float64' ? 2 ** -52 : 2 ** -23);

function bounds(self: Tensor, { atol, rtol, hermitian = false }: Tolerances): Bounds {
  const least = Math.max(self.size(-2), self.size(-1)) * precision(self.dtype);
  return { atol: atol ?? 0, rtol: rtol ?? ((atol ?? 0) > 0 ? 0 : least), symmetric: hermitian };
}

type Bounds = { atol: number; rtol: number; symmetric: boolean };

/** The symmetric matrix that a lower triangle stands for. */
function mirrored(matrix: Matrix): Matrix {
  const result = matrix.copy();
  for (let i = 0; i < matrix.rows; i++)
    for (let j = i + 1; j < matrix.columns; j++) result.set(i, j, matrix.at(j, i));
  return result;
}

/** V diag(1 / s) Uᵀ with the singular values that count. */
function pseudoinverse(matrix: Matrix, { atol, rtol, symmetric }: Bounds): Matrix {
  const { u, s, v } = svdOf(symmetric ? mirrored(matrix) : matrix);
  const least = Math.max(atol, rtol * (s[0] ?? 0));
  const result = new Matrix(matrix.columns, matrix.rows);
  s.forEach((value, k) => {
    if (!(value > least)) return;
    for (let i = 0; i < result.rows; i++) {
      for (let j = 0; j < result.columns; j++) {
        result.set(i, j, result.at(i, j) + (v.at(i, k) * u.at(j, k)) / value);
      }
    }
  });
  return result;
}

const pinvOp = defineHostOp<Bounds>({
  name: 'linalg_pinv',
  formula: 'A⁺',
  infer: ([a]) => {
    const [rows = 0, columns = 0] = a?.shape.slice(-2) ?? [];
    return { shape: [...batchOf(a?.shape ?? []), columns, rows], dtype: a?.dtype ?? 'float32' };
  },
  gradient: {
    name: 'LinalgPinvBackward0',
    saves: () => ({ inputs: [0], output: true }),
    // Golub and Pereyra (1973), arranged as in PyTorch's pinv_backward.
    backward: (grad, { input, output }) => {
      const [a, p, g] = [input(0), output(), grad.mT()];
      if (a.size(-2) <= a.size(-1)) {
        const k = g.matmul(p);
        const kp = k.matmul(p.mT());
        const direct = p.matmul(k).mT().neg().add(kp).sub(a.matmul(p).matmul(kp));
        return [
          direct.add(
            p
              .mT()
              .matmul(p)
              .matmul(g.sub(k.matmul(a))),
          ),
        ];
      }
      const k = p.matmul(g);
      const pk = p.mT().matmul(k);
      const direct = k
        .matmul(p)
        .mT()
        .neg()
        .add(g.sub(a.matmul(k)).matmul(p).matmul(p.mT()));
      return [direct.add(pk).sub(pk.matmul(p).matmul(a))];
    },
  },
  kernel: ([a], attributes, { shape }) =>
    a === undefined
      ? []
      : joined(
          matricesOf(a).map(matrix => pseudoinverse(matrix, attributes).data),
          numel(shape.slice(-2)),
        ),
});

/** The pseudoinverse (Moore-Penrose) of a matrix, or of each of a batch: [*, m, n] → [*, n, m]. */
export function pinv(self: Tensor, options: Tolerances = {}): Tensor {
  (options.hermitian ? checkSquare : checkMatrix)('linalg.pinv', self);
  return apply(pinvOp, [self], bounds(self, options));
}

/** {@link Tolerances}, which may be different for each matrix of a batch. */
export interface RankTolerances extends Omit<Tolerances, 'atol' | 'rtol'> {
  readonly atol?: number | Tensor;
  readonly rtol?: number | Tensor;
}

/** How many singular values count. */
export function matrixRank(self: Tensor, { atol, rtol, hermitian = false }: RankTolerances = {}): Tensor {
  (hermitian ? checkSquare : checkMatrix)('linalg.matrix_rank', self);
  const matrix = self.detach();
  const values = svdvals(hermitian ? matrix.tril().add(matrix.tril(-1).mT()) : matrix);
  if (values.size(-1) === 0) return values.sum(-1).long();
  const least = Math.max(self.size(-2), self.size(-1)) * precision(self.dtype);
  const given = (bound: number | Tensor) => (typeof bound === 'number' ? full([], bound, self) : bound);
  const absolute = given(atol ?? 0);
  // Without `rtol` the precision counts, but not where `atol` is given.
  const relative = rtol === undefined ? absolute.gt(0).logicalNot().mul(least) : given(rtol);
  const bound = values.amax(-1).mul(relative).maximum(absolute.to(values.dtype));
  return values.gt(bound.unsqueeze(-1)).sum(-1);
}

defineMethods({
  pinverse: (self: Tensor, rcond = 1e-15) => pinv(self, { rtol: rcond }),
});

declare module '../../tensor' {
  interface Tensor {
    /** The pseudoinverse of this matrix, or of each of a batch. */
    pinverse(rcond?: number): Tensor;
  }
}

defineSignatures(`
  linalg_pinv(self | atol, rtol, hermitian)
  linalg_matrix_rank(self | atol, rtol, hermitian)
`);
