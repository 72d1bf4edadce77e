/** The QR decomposition: an orthogonal matrix and an upper triangle. */
import { EngineError } from '../../errors';
import { numel, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { applyJoint, part } from '../apply';
import { zeros } from '../creation/creation';
import { defineHostOp, type JointGradient } from '../op';
import { cat } from '../shapes/join';
import { defineSignatures } from '../signatures';
import { qrOf } from './householder';
import { inv } from './inverse';
import { batchOf, checkMatrix, joined, Matrix, remembering } from './matrix';

/** How much of the factors is given. */
export type QrMode = 'reduced' | 'complete' | 'r';

type Mode = { mode: QrMode };

const decomposed = remembering(qrOf);

function sizes(shape: Shape, mode: QrMode): { rows: number; columns: number; kept: number } {
  const [rows = 0, columns = 0] = shape.slice(-2);
  return { rows, columns, kept: mode === 'complete' ? rows : Math.min(rows, columns) };
}

const qOp = defineHostOp<Mode>({
  name: 'linalg_qr_q',
  infer: ([a], { mode }) => {
    const { rows, kept } = sizes(a?.shape ?? [], mode);
    const shape = mode === 'r' ? [0] : [...batchOf(a?.shape ?? []), rows, kept];
    return { shape, dtype: a?.dtype ?? 'float32' };
  },
  kernel: ([a], { mode }, { shape }) => {
    if (a === undefined || mode === 'r') return [];
    const { kept } = sizes(a.shape, mode);
    return joined(
      decomposed(a).map(({ q }) => q.firstColumns(kept).data),
      numel(shape.slice(-2)),
    );
  },
});

const rOp = defineHostOp<Mode>({
  name: 'linalg_qr_r',
  infer: ([a], { mode }) => {
    const { columns, kept } = sizes(a?.shape ?? [], mode);
    return { shape: [...batchOf(a?.shape ?? []), kept, columns], dtype: a?.dtype ?? 'float32' };
  },
  kernel: ([a], { mode }, { shape }) => {
    if (a === undefined) return [];
    const { kept, columns } = sizes(a.shape, mode);
    return joined(
      decomposed(a).map(({ r }) => new Matrix(kept, columns, r.data.slice(0, kept * columns)).data),
      numel(shape.slice(-2)),
    );
  },
});

/** The symmetric matrix whose upper triangle is that of x. */
const mirrored = (x: Tensor): Tensor => x.triu().add(x.triu(1).mT());

/** The gradient where R is square: (gQ + Q sym(triu(gR Rᵀ − Qᵀ gQ))) R⁻ᵀ. */
function squareGradient(gQ: Tensor | undefined, gR: Tensor | undefined, q: Tensor, r: Tensor): Tensor {
  const ofR = gR?.matmul(r.mT());
  const ofQ = gQ === undefined ? undefined : q.mT().matmul(gQ).neg();
  const sum = ofR === undefined ? ofQ : ofQ === undefined ? ofR : ofR.add(ofQ);
  if (sum === undefined) throw new Error('a gradient arrived');
  const inner = q.matmul(mirrored(sum));
  return (gQ === undefined ? inner : inner.add(gQ)).matmul(inv(r).mT());
}

/** With more columns than rows, A = (X|Y) and R = (U|V): X = Q U has the gradient above, and V = Qᵀ Y. */
function wideGradient(
  gQ: Tensor | undefined,
  gR: Tensor | undefined,
  q: Tensor,
  r: Tensor,
  a: Tensor,
): Tensor {
  const [rows, columns] = [a.size(-2), a.size(-1)];
  const u = r.narrow(-1, 0, rows);
  const gU = gR?.narrow(-1, 0, rows);
  const gV = gR?.narrow(-1, rows, columns - rows);
  const y = a.narrow(-1, rows, columns - rows);
  const more = gV === undefined ? undefined : y.matmul(gV.mT());
  const whole = gQ === undefined ? more : more === undefined ? gQ : gQ.add(more);
  const gX = squareGradient(whole, gU, q, u);
  const gY = gV === undefined ? zeros(y.shape, { dtype: a.dtype, device: a.device }) : q.matmul(gV);
  return cat([gX, gY], -1);
}

const gradient: JointGradient<Mode> = {
  name: 'LinalgQrBackward0',
  saves: () => ({ inputs: [0], outputs: [0, 1] }),
  backward: ([gQ, gR], { attributes: { mode }, input, output }) => {
    const a = input(0);
    if (mode === 'r') {
      throw new EngineError(
        "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, " +
          "mode='reduced') if you are going to require gradients.",
      );
    }
    if (mode === 'complete' && a.size(-2) > a.size(-1)) {
      throw new EngineError(
        "The QR decomposition is not differentiable when mode='complete' and nrows > ncols.",
      );
    }
    return [
      a.size(-2) >= a.size(-1)
        ? squareGradient(gQ, gR, output(0), output(1))
        : wideGradient(gQ, gR, output(0), output(1), a),
    ];
  },
};

/** The factors of a matrix. */
export interface QrFactors {
  readonly q: Tensor;
  readonly r: Tensor;
}

/**
 * Q with orthogonal columns and an upper triangular R with A = Q R, of [*, m, n]: [*, m, k] and [*, k, n], where k is
 * the smaller of m and n (`reduced`) or m (`complete`); with `r`, Q is empty.
 */
export function qr(self: Tensor, mode: QrMode = 'reduced'): QrFactors {
  checkMatrix('linalg.qr', self);
  if (!['reduced', 'complete', 'r'].includes(mode)) {
    throw new EngineError(
      `qr received unrecognized mode '${mode}' but expected one of 'reduced' (default), 'r', or 'complete'`,
    );
  }
  const [q, r] = applyJoint(gradient, [self], { mode }, [part(qOp, { mode }), part(rOp, { mode })]);
  if (q === undefined || r === undefined) throw new Error('qr gives two tensors');
  return { q, r };
}

defineSignatures(`
  linalg_qr(self, mode)
`);
