/** Eigenvalues: real ones with eigenvectors of symmetric matrices, complex ones of any. */
import { EngineError } from '../../errors';
import { numel } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply, applyJoint, part } from '../apply';
import { eye } from '../creation/creation';
import { defineHostOp, type JointGradient } from '../op';
import type { NoAttributes } from '../pointwise/elementwise';
import { defineSignatures } from '../signatures';
import { eigenvaluesOf } from './eigenvalues';
import { symmetricEigen } from './jacobi';
import { batchOf, checkSquare, joined, matricesOf, remembering } from './matrix';

type Triangle = { upper: boolean };

const lower = remembering(symmetricEigen);
const upper = remembering(matrix => symmetricEigen(matrix.transposed()));
const decomposed = ({ upper: isUpper }: Triangle) => (isUpper ? upper : lower);

const valuesOp = defineHostOp<Triangle>({
  name: 'linalg_eigh_values',
  infer: ([a]) => ({ shape: a?.shape.slice(0, -1) ?? [], dtype: a?.dtype ?? 'float32' }),
  kernel: ([a], attributes) =>
    a === undefined
      ? []
      : joined(
          decomposed(attributes)(a).map(({ values }) => values),
          a.shape.at(-1) ?? 0,
        ),
});

const vectorsOp = defineHostOp<Triangle>({
  name: 'linalg_eigh_vectors',
  infer: ([a]) => ({ shape: a?.shape ?? [], dtype: a?.dtype ?? 'float32' }),
  kernel: ([a], attributes) =>
    a === undefined
      ? []
      : joined(
          decomposed(attributes)(a).map(({ vectors }) => vectors.data),
          numel(a.shape.slice(-2)),
        ),
});

/** Giles (2008): V (diag(g) + (Vᵀ G) / gaps) Vᵀ. */
const gradient: JointGradient<Triangle> = {
  name: 'LinalgEighBackward0',
  saves: () => ({ outputs: [0, 1] }),
  backward: ([gValues, gVectors], { output }) => {
    const [values, vectors] = [output(0), output(1)];
    const own = gValues?.diagEmbed();
    if (gVectors === undefined)
      return [vectors.matmul(own ?? values.mul(0).diagEmbed()).matmul(vectors.mT())];
    const identity = eye(values.size(-1), undefined, { dtype: values.dtype, device: values.device });
    const gaps = values.unsqueeze(-2).sub(values.unsqueeze(-1)).add(identity);
    const within = vectors.mT().matmul(gVectors);
    // Orthogonal matrices turn only in directions that are skew.
    const turned = within.sub(within.mT()).mul(0.5).div(gaps);
    return [vectors.matmul(own === undefined ? turned : turned.add(own)).matmul(vectors.mT())];
  },
};

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface EighFactors {
  readonly eigenvalues: Tensor;
  /** In the columns; their signs are free. */
  readonly eigenvectors: Tensor;
}

/** The eigenvalues of symmetric matrices in ascending order, and their eigenvectors; only one triangle is read. */
export function eigh(self: Tensor, uplo: 'L' | 'U' = 'L'): EighFactors {
  checkSquare('linalg.eigh', self);
  if (uplo !== 'L' && uplo !== 'U') {
    throw new EngineError(`Expected UPLO argument to be 'L' or 'U', but got ${String(uplo)}`);
  }
  const settings = { upper: uplo === 'U' };
  const [eigenvalues, eigenvectors] = applyJoint(gradient, [self], settings, [
    part(valuesOp, settings),
    part(vectorsOp, settings),
  ]);
  if (eigenvalues === undefined || eigenvectors === undefined) throw new Error('eigh gives two tensors');
  return { eigenvalues, eigenvectors };
}

const eigvalsOp = defineHostOp<NoAttributes>({
  name: 'linalg_eigvals',
  infer: ([a]) => ({
    shape: [...batchOf(a?.shape ?? []), a?.shape.at(-1) ?? 0, 2],
    dtype: a?.dtype ?? 'float32',
  }),
  kernel: ([a]) =>
    a === undefined
      ? []
      : joined(
          matricesOf(a).map(matrix => eigenvaluesOf(matrix).flat()),
          2 * (a.shape.at(-1) ?? 0),
        ),
});

/**
 * The eigenvalues of square matrices [*, n, n], which may be complex: [*, n, 2], real and imaginary parts in the last
 * dimension, as `torch.view_as_real` gives them. In no particular order, and without a gradient.
 */
export function eigvals(self: Tensor): Tensor {
  checkSquare('linalg.eigvals', self);
  return apply(eigvalsOp, [self], {});
}

defineSignatures(`
  linalg_eigh(self, UPLO)
`);
