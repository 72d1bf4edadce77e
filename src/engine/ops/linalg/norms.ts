/** Norms of vectors and matrices, and condition numbers. */
import type { DType } from '../../dtype';
import { EngineError } from '../../errors';
import { formatShape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import type { Dims } from '../reductions/reduction';
import { normBy } from '../reductions/vector-norm';
import { reshapeOp } from '../shapes/views';
import { defineSignatures } from '../signatures';
import { inverseOrNaN } from './inverse';
import { checkMatrix, checkSquare } from './matrix';
import { svdvals } from './svd';

/** Options of the norms. */
export interface NormOptions {
  readonly dtype?: DType;
}

/** The norm of a matrix: of its elements (`fro`), singular values (`nuc`, ±2), columns (±1) or rows (±∞). */
export type MatrixOrder = 'fro' | 'nuc' | number;

const node = 'LinalgVectorNormBackward0';

/** (Σ |x|ᵖ)^(1/p) of all elements, or over dimensions. */
export function vectorNorm(
  self: Tensor,
  ord = 2,
  dim?: Dims,
  keepdim = false,
  { dtype }: NormOptions = {},
): Tensor {
  return normBy(self, { p: ord, dim, keepdim, dtype, node, name: 'linalg.vector_norm' });
}

const largestOrSmallest = (self: Tensor, ord: number, dim: number, keepdim: boolean): Tensor =>
  ord > 0 ? self.amax(dim, keepdim) : self.amin(dim, keepdim);

/** A function of the singular values of the matrices in two dimensions. */
function bySingularValues(
  self: Tensor,
  [row, column]: readonly [number, number],
  keepdim: boolean,
  reduce: (values: Tensor) => Tensor,
  unsqueezed = 'UnsqueezeBackward0',
): Tensor {
  const others = [...self.shape.keys()].filter(dim => dim !== row && dim !== column);
  const order = [...others, row, column];
  const found = reduce(svdvals(self.permute(order)));
  if (!keepdim) return found;
  const shaped = apply(reshapeOp, [found], { shape: [...found.shape, 1], node: unsqueezed });
  return shaped.permute(order.map((_, dim) => order.indexOf(dim)));
}

/** The norm of the matrices in two dimensions. */
export function matrixNorm(
  self: Tensor,
  ord: MatrixOrder = 'fro',
  dim: readonly number[] = [-2, -1],
  keepdim = false,
  { dtype }: NormOptions = {},
): Tensor {
  checkMatrix('linalg.matrix_norm', self);
  const [row = 0, column = 0] = dim.map(one => wrapDim(one, self.ndim));
  if (dim.length !== 2 || row === column) {
    throw new EngineError(
      `linalg.matrix_norm: dim must be a 2-tuple of different dimensions, but got ${formatShape(dim)}`,
    );
  }
  if (ord === 'fro') return vectorNorm(self, 2, [row, column], keepdim, dtype === undefined ? {} : { dtype });
  const a = dtype === undefined ? self : self.to(dtype);
  if (ord === 'nuc') return bySingularValues(a, [row, column], keepdim, values => values.sum(-1, keepdim));
  if (typeof ord !== 'number' || ![1, 2, Number.POSITIVE_INFINITY].includes(Math.abs(ord))) {
    throw new EngineError(`linalg.matrix_norm: Order ${String(ord)} not supported.`);
  }
  if (Math.abs(ord) === 2) {
    return bySingularValues(a, [row, column], keepdim, values => largestOrSmallest(values, ord, -1, keepdim));
  }
  const [summed, picked] = Math.abs(ord) === 1 ? [row, column] : [column, row];
  const sums = vectorNorm(self, 1, summed, keepdim, dtype === undefined ? {} : { dtype });
  return largestOrSmallest(sums, ord, !keepdim && summed < picked ? picked - 1 : picked, keepdim);
}

/** The sum of the singular values of the matrices in two dimensions, as `torch.norm` computes it. */
export function nuclearNorm(self: Tensor, dim: readonly number[], keepdim: boolean): Tensor {
  const [row = 0, column = 0] = dim.map(one => wrapDim(one, self.ndim));
  checkMatrix('nuclear_norm', self);
  if (dim.length !== 2) {
    throw new EngineError(`nuclear_norm requires a 'dim' argument of size 2, but got ${formatShape(dim)}`);
  }
  return bySingularValues(
    self,
    [row, column],
    keepdim,
    values => values.sum(-1, keepdim),
    'UnsqueezeBackward1',
  );
}

/**
 * The norm of a vector, or of a matrix: without `ord` the root of the sum of squares; with one dimension, or a tensor
 * with one, a vector's, with two a matrix's.
 */
export function norm(
  self: Tensor,
  ord?: MatrixOrder | null,
  dim?: Dims,
  keepdim = false,
  options: NormOptions = {},
): Tensor {
  if (ord == null) return vectorNorm(self, 2, dim, keepdim, options);
  const dims = dim === undefined ? [...self.shape.keys()] : typeof dim === 'number' ? [dim] : dim;
  if (dim === undefined && (self.ndim > 2 || self.ndim === 0)) {
    throw new EngineError(
      `linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got ${self.ndim}D.`,
    );
  }
  if (dims.length > 2) {
    throw new EngineError(
      `linalg.norm: If dim is specified, it must be of length 1 or 2. Got ${formatShape(dims)}`,
    );
  }
  if (dims.length === 2) return matrixNorm(self, ord, dims, keepdim, options);
  if (typeof ord === 'string') return matrixNorm(self, ord, dims, keepdim, options);
  return vectorNorm(self, ord, dims, keepdim, options);
}

/**
 * The condition number: the norm of a matrix times that of its inverse (`p` as in {@link matrixNorm}; by default the
 * largest singular value by the smallest). Infinite for a singular matrix.
 */
export function cond(self: Tensor, p?: MatrixOrder | null): Tensor {
  checkMatrix('linalg.cond', self);
  if (p == null || p === 2 || p === -2) {
    const values = svdvals(self);
    const count = values.size(-1);
    const [largest, smallest] = [values.slice(-1, 0, 1), values.slice(-1, count - 1, count)];
    return (p === -2 ? smallest.div(largest) : largest.div(smallest)).squeeze(-1);
  }
  checkSquare('linalg.cond', self);
  if (p === 'nuc') {
    const values = svdvals(self);
    return values.sum(-1).mul(values.reciprocal().sum(-1));
  }
  const inverse = inverseOrNaN(self);
  const none = inverse.detach().isnan().any(-1, true).any(-2, true);
  const masked = inverse.maskedFill(none, Number.POSITIVE_INFINITY);
  return matrixNorm(self, p)
    .mul(matrixNorm(masked, p))
    .nanToNum(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
}

defineSignatures(`
  linalg_norm(self, ord, dim, keepdim)
  linalg_matrix_norm(self, ord, dim, keepdim)
  linalg_vector_norm(self, ord, dim, keepdim)
  linalg_cond(self, p)
`);
