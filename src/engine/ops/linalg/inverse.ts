/** Inverses, determinants and systems of linear equations. */
import { EngineError } from '../../errors';
import { broadcastShapes, formatShape, numel, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineMethods } from '../methods';
import { defineHostOp, type Op, type Values } from '../op';
import type { NoAttributes } from '../pointwise/elementwise';
import { defineSignatures } from '../signatures';
import { svdOf } from './jacobi';
import { decompose, determinant, solveWith } from './lu';
import { batchOf, checkMatrix, checkSquare, joined, Matrix, matricesOf } from './matrix';

/** Whether a singular matrix is complained about; else its inverse is NaN. */
type Inverse = { checked: boolean };

const invOp = defineHostOp<Inverse>({
  name: 'linalg_inv',
  formula: 'A⁻¹',
  infer: ([a]) => ({ shape: a?.shape ?? [], dtype: a?.dtype ?? 'float32' }),
  gradient: {
    name: 'LinalgInvExBackward0',
    saves: () => ({ output: true }),
    backward: (grad, { output }) => {
      const turned = output().mT();
      return [turned.matmul(grad).matmul(turned).neg()];
    },
  },
  kernel: ([a], { checked }) => {
    if (a === undefined) return [];
    const inverses = matricesOf(a).map(matrix => {
      const lu = decompose(matrix);
      if (lu.singularAt === undefined) return solveWith(lu, Matrix.identity(matrix.rows)).data;
      if (checked) throw singular('linalg.inv', lu.singularAt, 'inversion');
      return new Float64Array(matrix.data.length).fill(Number.NaN);
    });
    return joined(inverses, numel(a.shape.slice(-2)));
  },
});

function singular(name: string, place: number, what: string): EngineError {
  return new EngineError(
    `${name}: The diagonal element ${place + 1} is zero, the ${what} could not be completed because the input matrix ` +
      'is singular.',
  );
}

/** The inverse of each matrix; see {@link inv}. Those of singular ones are NaN. */
export function inverseOrNaN(self: Tensor): Tensor {
  checkSquare('linalg.inv', self);
  return apply(invOp, [self], { checked: false });
}

/** The inverse of a matrix, or of each of a batch. Throws when it is computed, if the matrix is singular. */
export function inv(self: Tensor): Tensor {
  checkSquare('linalg.inv', self);
  return apply(invOp, [self], { checked: true });
}

/** For each element the determinant of what is left without its row and column, with its sign. */
const cofactorOp: Op<NoAttributes> = defineHostOp<NoAttributes>({
  name: 'linalg_cofactor',
  formula: 'det A · A⁻ᵀ',
  infer: ([a]) => ({ shape: a?.shape ?? [], dtype: a?.dtype ?? 'float32' }),
  gradient: {
    name: 'LinalgCofactorBackward0',
    saves: () => ({ inputs: [0], output: true }),
    backward: (grad, { input, output }) => {
      const [turned, cofactors] = [inv(input(0)).mT(), output()];
      const along = grad.mul(cofactors).sum([-2, -1], true);
      return [turned.mul(along).sub(turned.matmul(grad.mT()).matmul(cofactors))];
    },
  },
  kernel: ([a]) => {
    if (a === undefined) return [];
    return joined(
      matricesOf(a).map(matrix => cofactors(matrix).data),
      numel(a.shape.slice(-2)),
    );
  },
});

/** Of a singular matrix, too: by its singular values, det U · det V · U diag(∏ of the other values) Vᵀ. */
function cofactors(matrix: Matrix): Matrix {
  const { u, s, v } = svdOf(matrix);
  const sign = determinant(decompose(u)) * determinant(decompose(v));
  const scaled = u.copy();
  s.forEach((_, j) => {
    const others = s.reduce((product, x, i) => (i === j ? product : product * x), Math.sign(sign));
    for (let i = 0; i < u.rows; i++) scaled.set(i, j, u.at(i, j) * others);
  });
  return scaled.times(v.transposed());
}

const detOp = defineHostOp({
  name: 'linalg_det',
  formula: 'det A',
  infer: ([a]) => ({ shape: batchOf(a?.shape ?? []), dtype: a?.dtype ?? 'float32' }),
  gradient: {
    name: 'LinalgDetBackward0',
    saves: () => ({ inputs: [0] }),
    backward: (grad, { input, inputMeta: [a] }) => [
      numel(a?.shape ?? []) === 0
        ? undefined
        : apply(cofactorOp, [input(0)], {}).mul(grad.unsqueeze(-1).unsqueeze(-1)),
    ],
  },
  kernel: ([a]) => (a === undefined ? [] : matricesOf(a).map(matrix => determinant(decompose(matrix)))),
});

/** The determinant of a matrix, or of each of a batch. */
export function det(self: Tensor): Tensor {
  checkSquare('linalg.det', self);
  return apply(detOp, [self], {});
}

/** The matrices that an input of a broadcast batch has for each place of the batch. */
function broadcastMatrices(values: Values, batch: readonly number[]): Matrix[] {
  const shape = [...batch, ...values.shape.slice(-2)];
  return matricesOf({ ...values, shape, data: build({ ...values, shape }, index => at(values, index)) });
}

const solveOp: Op<NoAttributes> = defineHostOp<NoAttributes>({
  name: 'linalg_solve',
  formula: 'X with A X = B',
  infer: ([a, b]) => ({
    shape: [
      ...broadcastShapes(batchOf(a?.shape ?? []), batchOf(b?.shape ?? [])),
      ...(b?.shape.slice(-2) ?? []),
    ],
    dtype: a?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'LinalgSolveExBackward0',
    saves: needs => ({ inputs: [0], output: needs[0] === true }),
    backward: (grad, { needs, input, output }) => {
      const ofB = apply(solveOp, [input(0).mT(), grad], {});
      return [needs[0] ? ofB.matmul(output().mT()).neg() : undefined, needs[1] ? ofB : undefined];
    },
  },
  kernel: ([a, b], _, { shape }) => {
    if (a === undefined || b === undefined) return [];
    const right = broadcastMatrices(b, batchOf(shape));
    const solutions = broadcastMatrices(a, batchOf(shape)).map((matrix, i) => {
      const lu = decompose(matrix);
      if (lu.singularAt !== undefined) throw singular('torch.linalg.solve', lu.singularAt, 'solve');
      return solveWith(lu, right[i] ?? matrix).data;
    });
    return joined(solutions, numel(shape.slice(-2)));
  },
});

/** The node of a system whose right side is a vector: PyTorch has no other nodes around it. */
function isVector(a: Tensor, b: Tensor): boolean {
  return b.ndim === 1 || (a.ndim - 1 === b.ndim && sameShape(b.shape, a.shape.slice(0, -1)));
}

const solveVectorOp = defineHostOp<NoAttributes>({
  ...solveOp,
  name: 'linalg_solve_vector',
  infer: ([a, b]) => ({
    shape: [...broadcastShapes(batchOf(a?.shape ?? []), b?.shape.slice(0, -1) ?? []), b?.shape.at(-1) ?? 0],
    dtype: a?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'LinalgSolveExBackward0',
    saves: needs => ({ inputs: [0], output: needs[0] === true }),
    backward: (grad, { needs, input, output }) => {
      const ofB = apply(solveOp, [input(0).mT(), grad.unsqueeze(-1)], {});
      const ofA = needs[0] ? ofB.matmul(output().unsqueeze(-2)).neg() : undefined;
      return [ofA, needs[1] ? ofB.squeeze(-1) : undefined];
    },
  },
  kernel: ([a, b], attributes, output) => {
    if (a === undefined || b === undefined) return [];
    const column = { ...b, shape: [...b.shape, 1] };
    return solveOp.kernel([a, column], attributes, { ...output, shape: [...output.shape, 1] });
  },
});

/**
 * X with A X = B; with `left` false, X A = B. B is a vector (or a batch of vectors of the same batch as A) or a matrix.
 * Throws when it is computed, if A is singular.
 */
export function solve(a: Tensor, b: Tensor, { left = true }: { readonly left?: boolean } = {}): Tensor {
  checkSquare('linalg.solve', a);
  const vector = isVector(a, b);
  if (!vector) checkMatrix('linalg.solve', b);
  if (a.dtype !== b.dtype) {
    throw new EngineError(
      `linalg.solve: Expected A and B to have the same dtype, but found A of type ${a.dtype} and B of type ${b.dtype} instead`,
    );
  }
  const size = vector ? b.size(-1) : b.size(left ? -2 : -1);
  if (a.size(-1) !== size) {
    throw new EngineError(
      `linalg.solve: Incompatible shapes of A and B for the equation ${left ? 'AX = B' : 'XA = B'} ` +
        `(${formatShape(a.shape)} and ${formatShape(b.shape)})`,
    );
  }
  if (vector && !left) {
    throw new EngineError(
      'linalg.solve: Vector broadcasting of the left hand side is not supported for left=False.',
    );
  }
  if (!left) return apply(solveOp, [a.mT(), b.mT()], {}).mT();
  return vector ? apply(solveVectorOp, [a, b], {}) : apply(solveOp, [a, b], {});
}

defineMethods({ det, inverse: inv });

declare module '../../tensor' {
  interface Tensor {
    /** The determinant of this matrix, or of each of a batch. */
    det(): Tensor;
    /** The inverse of this matrix, or of each of a batch. */
    inverse(): Tensor;
  }
}

defineSignatures(`
  linalg_inv(self)
  linalg_det(self)
  linalg_solve(A, B | left)
`);
