/** Norms as `torch.norm` has them, and vectors divided by theirs. */
import { noGrad } from '../../autograd/grad-mode';
import { type DType, isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { broadcastShapes } from '../../shape';
import type { Tensor } from '../../tensor';
import { nuclearNorm } from '../linalg/norms';
import { defineMethods } from '../methods';
import { promote } from '../pointwise/elementwise';
import { defineSignatures } from '../signatures';
import type { Dims } from './reduction';
import { normBy } from './vector-norm';

/** The Frobenius norm of all elements or over one or two dimensions. */
function frobenius(self: Tensor, dim: Dims, keepdim: boolean): Tensor {
  const dims = dim === undefined ? [] : typeof dim === 'number' ? [dim] : dim;
  if (dims.length > 2) {
    throw new EngineError(`Expected at most 2 dimensions, but got ${dims.length} dimensions instead.`);
  }
  if (dims.length < 2) return normBy(self, { p: 2, dim: dims, keepdim, node: 'NormBackward1', name: 'norm' });
  return self.mul(self).sum(dims, keepdim).sqrt();
}

/** The order of a norm: a number, infinity, or `fro` (as 2) and `nuc` (the sum of the singular values) for matrices. */
export type NormOrder = number | 'fro' | 'nuc';

/** Options of {@link norm}. */
export interface NormOptions {
  readonly dtype?: DType;
}

/** The norm of all elements, or over dimensions (`torch.norm`). `linalg` tells norms of vectors from those of matrices. */
export function norm(
  self: Tensor,
  p: NormOrder | null = 'fro',
  dim?: Dims,
  keepdim = false,
  { dtype }: NormOptions = {},
): Tensor {
  if (typeof p === 'number' || p === null) {
    const node = dtype === undefined ? 'NormBackward1' : 'NormBackward3';
    return normBy(self, { p: p ?? 2, dim, keepdim, dtype, node, name: 'norm' });
  }
  if (dtype !== undefined) {
    throw new EngineError(`dtype argument is not supported in ${p === 'fro' ? 'frobenius' : 'nuclear'} norm`);
  }
  if (p === 'fro') return frobenius(self, dim, keepdim);
  if (p !== 'nuc') throw new EngineError(`only valid string values are 'fro' and 'nuc', found ${String(p)}`);
  const dims = dim === undefined ? [-2, -1] : typeof dim === 'number' ? [dim] : dim;
  return nuclearNorm(self, dims, keepdim);
}

/** Vectors along `dim` divided by their norm, which counts as `eps` where it is smaller (`F.normalize`). */
export function normalize(
  self: Tensor,
  { p = 2, dim = 1, eps = 1e-12 }: { readonly p?: number; readonly dim?: Dims; readonly eps?: number } = {},
): Tensor {
  return self.div(norm(self, p, dim, true).clampMin(eps).expandAs(self));
}

/** The lengths of the vectors along `dim`, at least `eps`. As in PyTorch, the gradient does not know of the bound. */
function lengths(x: Tensor, dim: number, eps: number): Tensor {
  const squares = x.pow(2).sum(dim, true);
  noGrad(() => squares.clampMin_(eps * eps));
  return squares.sqrt();
}

/** The cosines of the angles between vectors along `dim` (`F.cosine_similarity`); the rest is broadcast. */
export function cosineSimilarity(
  x1: Tensor,
  x2: Tensor,
  { dim = 1, eps = 1e-8 }: { readonly dim?: number; readonly eps?: number } = {},
): Tensor {
  const shape = broadcastShapes(x1.shape, x2.shape);
  const type = promote([x1, x2]);
  if (!isFloating(type)) {
    throw new EngineError(`expected common dtype to be floating point, yet common dtype is ${type}`);
  }
  const [a, b] = [x1.to(type).expand(shape), x2.to(type).expand(shape)];
  return a
    .div(lengths(a, dim, eps))
    .mul(b.div(lengths(b, dim, eps)))
    .sum(dim);
}

defineMethods({ norm });
defineSignatures(`
  norm(self, p, dim, keepdim)
  cosine_similarity(x1, x2 | dim, eps)
  normalize(self | p, dim, eps)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The norm of all elements, or over dimensions. */
    norm(p?: NormOrder | null, dim?: Dims, keepdim?: boolean, options?: NormOptions): Tensor;
  }
}
