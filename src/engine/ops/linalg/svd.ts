/** Singular values. Their signs are free: another library may give other signs to columns of U and V together. */
import type { Meta } from '../../expr';
import { numel, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { applyJoint, part } from '../apply';
import { eye } from '../creation/creation';
import { defineHostOp, type JointGradient } from '../op';
import { defineSignatures } from '../signatures';
import { svdOf } from './jacobi';
import { batchOf, checkMatrix, joined, type Matrix, remembering } from './matrix';

type Full = { full: boolean };

const decomposed = remembering(svdOf);

const sizes = (shape: Shape) => {
  const [rows = 0, columns = 0] = shape.slice(-2);
  return { rows, columns, count: Math.min(rows, columns) };
};

/** An orthogonal factor, or the columns of it that belong to singular values. */
const columns = (factor: Matrix, full: boolean, count: number) =>
  full ? factor : factor.firstColumns(count);

const uOp = defineHostOp<Full>({
  name: 'linalg_svd_u',
  infer: ([a], { full }) => {
    const { rows, count } = sizes(a?.shape ?? []);
    return { shape: [...batchOf(a?.shape ?? []), rows, full ? rows : count], dtype: a?.dtype ?? 'float32' };
  },
  kernel: ([a], { full }, { shape }) => {
    if (a === undefined) return [];
    const { count } = sizes(a.shape);
    return joined(
      decomposed(a).map(({ u }) => columns(u, full, count).data),
      numel(shape.slice(-2)),
    );
  },
});

const sOp = defineHostOp<Full>({
  name: 'linalg_svd_s',
  infer: ([a]) => ({
    shape: [...batchOf(a?.shape ?? []), sizes(a?.shape ?? []).count],
    dtype: a?.dtype ?? 'float32',
  }),
  kernel: ([a]) =>
    a === undefined
      ? []
      : joined(
          decomposed(a).map(({ s }) => s),
          sizes(a.shape).count,
        ),
});

const vhOp = defineHostOp<Full>({
  name: 'linalg_svd_vh',
  infer: ([a], { full }) => {
    const { columns: width, count } = sizes(a?.shape ?? []);
    return { shape: [...batchOf(a?.shape ?? []), full ? width : count, width], dtype: a?.dtype ?? 'float32' };
  },
  kernel: ([a], { full }, { shape }) => {
    if (a === undefined) return [];
    const { count } = sizes(a.shape);
    return joined(
      decomposed(a).map(({ v }) => columns(v, full, count).transposed().data),
      numel(shape.slice(-2)),
    );
  },
});

const skew = (x: Tensor) => x.sub(x.mT());

/** x where it is, times a diagonal of y's from the right. */
const scaleColumns = (x: Tensor, y: Tensor) => x.mul(y.unsqueeze(-2));
const scaleRows = (x: Tensor, y: Tensor) => x.mul(y.unsqueeze(-1));

/** What a factor's gradient adds that leads out of the space of its columns: (1 − Q Qᵀ) g. */
const outside = (q: Tensor, g: Tensor) => g.sub(q.matmul(q.mT().matmul(g)));

/**
 * The gradient of a matrix by those of its singular values and vectors, as PyTorch computes it
 * (torch/csrc/autograd/FunctionsManual.cpp, svd_backward; derived in Giles, 2008).
 */
function svdGradient(
  [gU, gS, gVh]: readonly (Tensor | undefined)[],
  [u, s, vh]: readonly [Tensor, Tensor, Tensor],
): Tensor {
  const k = s.size(-1);
  const identity = eye(k, undefined, { dtype: s.dtype, device: s.device });
  if (gU === undefined && gVh === undefined) {
    return scaleColumns(u, gS ?? s.mul(0)).matmul(vh);
  }
  const squares = s.mul(s);
  // 1 where it would be 0 / 0.
  const gaps = squares.unsqueeze(-2).sub(squares.unsqueeze(-1)).add(identity);
  let middle = gS === undefined ? s.mul(0).diagEmbed() : gS.diagEmbed();
  if (gU !== undefined) middle = middle.add(scaleColumns(skew(u.mT().matmul(gU)).div(gaps), s));
  const gV = gVh?.mT();
  const v = vh.mT();
  if (gV !== undefined) middle = middle.add(scaleRows(skew(v.mT().matmul(gV)).div(gaps), s));
  let result = u.matmul(middle).matmul(vh);
  if (gU !== undefined && u.size(-2) > k) {
    result = result.add(scaleColumns(outside(u, gU), s.reciprocal()).matmul(vh));
  }
  if (gV !== undefined && vh.size(-1) > k) {
    result = result.add(scaleColumns(u, s.reciprocal()).matmul(outside(v, gV).mT()));
  }
  return result;
}

const gradient: JointGradient<Full> = {
  name: 'LinalgSvdBackward0',
  saves: () => ({ outputs: [0, 1, 2] }),
  backward: ([gU, gS, gVh], { output, attributes, outputMeta }) => {
    const k = outputMeta[1]?.shape.at(-1) ?? 0;
    const narrowed = (x: Tensor | undefined, dim: number) => (attributes.full ? x?.narrow(dim, 0, k) : x);
    const u = narrowed(output(0), -1) ?? output(0);
    const vh = narrowed(output(2), -2) ?? output(2);
    return [svdGradient([narrowed(gU, -1), gS, narrowed(gVh, -2)], [u, output(1), vh])];
  },
};

/** The three factors of a matrix. */
export interface SvdFactors {
  readonly u: Tensor;
  readonly s: Tensor;
  readonly vh: Tensor;
}

function factors(name: string, self: Tensor, full: boolean): SvdFactors {
  const meta: Meta = self;
  checkMatrix(name, meta);
  const [u, s, vh] = applyJoint(gradient, [self], { full }, [
    part(uOp, { full }),
    part(sOp, { full }),
    part(vhOp, { full }),
  ]);
  if (u === undefined || s === undefined || vh === undefined) throw new Error('svd gives three tensors');
  return { u, s, vh };
}

/**
 * U, the singular values in descending order, and Vᵀ of [*, m, n], so that A = U diag(S) Vᵀ. U is [*, m, m] and Vᵀ
 * [*, n, n], or with `fullMatrices` false [*, m, k] and [*, k, n], where k is the smaller of m and n. The gradient is
 * that of the vectors that belong to singular values.
 */
export function svd(self: Tensor, fullMatrices = true): SvdFactors {
  return factors('linalg.svd', self, fullMatrices);
}

/** The singular values of [*, m, n] in descending order. */
export function svdvals(self: Tensor): Tensor {
  return factors('linalg.svdvals', self, false).s;
}

defineSignatures(`
  linalg_svd(self, full_matrices)
  linalg_svdvals(self)
`);
