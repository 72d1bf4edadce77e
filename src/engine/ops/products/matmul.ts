/** Products of matrices. */
import { type DType, isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Expr, Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { broadcastShapes, formatShape, numel, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp } from '../op';
import { reshapeOp, unsafeView } from '../shapes/views';
import { defineSignatures } from '../signatures';
import { gemm } from './gemm';

function checkTypes(name: string, a: Meta | undefined, b: Meta | undefined): void {
  if (a?.dtype !== b?.dtype) {
    throw new EngineError(
      `${name}: expected both matrices to have the same dtype, but got: ${a?.dtype} != ${b?.dtype}`,
    );
  }
}

function sumOver(count: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(k);
  return sum;
}

/** A type that `MatMul` computes with. */
function productType(dtype: DType): DType {
  return isFloating(dtype) || dtype === 'int64' ? dtype : 'int32';
}

function lowerMatMul(graph: GraphBuilder, { inputs, dtype }: Expr): string {
  const type = productType(dtype);
  const operands = inputs.map(input => graph.as(input, type));
  return graph.cast(graph.node('MatMul', operands), type, dtype);
}

const theOther = (needs: readonly boolean[]) => ({ inputs: [1, 0].filter((_, i) => needs[i]) });

export const mmOp = defineOp({
  name: 'mm',
  formula: 'a @ b',
  infer([a, b]) {
    if (a?.shape.length !== 2) throw new EngineError('self must be a matrix');
    if (b?.shape.length !== 2) throw new EngineError('mat2 must be a matrix');
    const [[n = 0, k = 0], [rows = 0, m = 0]] = [a.shape, b.shape];
    if (k !== rows) {
      throw new EngineError(`mat1 and mat2 shapes cannot be multiplied (${n}x${k} and ${rows}x${m})`);
    }
    checkTypes('mm', a, b);
    return { shape: [n, m], dtype: a.dtype };
  },
  gradient: {
    name: 'MmBackward0',
    saves: theOther,
    backward: (grad, { needs, input }) => [
      needs[0] ? grad.mm(input(1).t()) : undefined,
      needs[1] ? input(0).t().mm(grad) : undefined,
    ],
  },
  lower(graph, expr) {
    const { inputs, dtype } = expr;
    const [a, b] = inputs;
    if (a === undefined || b === undefined) throw new Error('mm takes two inputs');
    if (isFloating(dtype)) return gemm(graph, expr, a, b);
    const type = productType(dtype);
    return graph.cast(graph.node('MatMul', [graph.as(a, type), graph.as(b, type)]), type, dtype);
  },
  kernel: ([a, b], _, output) =>
    build(output, ([i = 0, j = 0]) =>
      a === undefined || b === undefined ? 0 : sumOver(a.shape[1] ?? 0, k => at(a, [i, k]) * at(b, [k, j])),
    ),
});

type Addmm = { beta: number; alpha: number };

const addmmOp = defineOp<Addmm>({
  name: 'addmm',
  formula: 'bias + a @ b',
  infer([bias, a, b]) {
    const [n = 0, k = 0] = a?.shape ?? [];
    const [rows = 0, m = 0] = b?.shape ?? [];
    if (a?.shape.length !== 2 || b?.shape.length !== 2)
      throw new EngineError('mat1 and mat2 must be matrices');
    if (k !== rows) {
      throw new EngineError(`mat1 and mat2 shapes cannot be multiplied (${n}x${k} and ${rows}x${m})`);
    }
    checkTypes('addmm', a, b);
    checkTypes('addmm', bias, a);
    const shape = broadcastShapes(bias?.shape ?? [], [n, m]);
    if (shape.join() !== [n, m].join()) {
      throw new EngineError(
        `The expanded size of the tensor ${formatShape([n, m])} must match ${formatShape(bias?.shape ?? [])}`,
      );
    }
    return { shape, dtype: a.dtype };
  },
  gradient: {
    name: 'AddmmBackward0',
    saves: needs => ({ inputs: [2, 1].filter((_, i) => needs[i + 1]) }),
    backward: (grad, { attributes: { beta, alpha }, needs, input }) => {
      const scaled = (tensor: Tensor, by: number) => (by === 1 ? tensor : tensor.mul(by));
      return [
        needs[0] ? scaled(grad, beta) : undefined,
        needs[1] ? scaled(grad.mm(input(2).t()), alpha) : undefined,
        needs[2] ? scaled(input(1).t().mm(grad), alpha) : undefined,
      ];
    },
  },
  lower(graph, expr) {
    const { inputs, attributes, dtype } = expr;
    const [bias, a, b] = inputs;
    if (bias === undefined || a === undefined || b === undefined) throw new Error('addmm takes three inputs');
    if (isFloating(dtype)) {
      const perColumn = bias.shape.length === 1 && bias.shape[0] === expr.shape[1];
      return gemm(graph, expr, a, b, { c: graph.value(bias), perColumn, ...attributes });
    }
    const { alpha, beta } = attributes;
    const product = graph.node('MatMul', [graph.as(a, 'int64'), graph.as(b, 'int64')]);
    const scaled = graph.node('Mul', [product, graph.scalar(alpha, 'int64')]);
    const added = graph.node('Mul', [graph.as(bias, 'int64'), graph.scalar(beta, 'int64')]);
    return graph.cast(graph.node('Add', [scaled, added]), 'int64', dtype);
  },
  kernel: ([bias, a, b], { beta, alpha }, output) =>
    build(output, ([i = 0, j = 0]) => {
      if (bias === undefined || a === undefined || b === undefined) return 0;
      return beta * at(bias, [i, j]) + alpha * sumOver(a.shape[1] ?? 0, k => at(a, [i, k]) * at(b, [k, j]));
    }),
});

const bmmOp = defineOp({
  name: 'bmm',
  formula: 'a[i] @ b[i] for each i',
  infer([a, b]) {
    const [batch = 0, n = 0, k = 0] = a?.shape ?? [];
    const [batchB = 0, rows = 0, m = 0] = b?.shape ?? [];
    if (a?.shape.length !== 3 || b?.shape.length !== 3)
      throw new EngineError('batch1 and batch2 must be 3D tensors');
    if (batch !== batchB || k !== rows) {
      throw new EngineError(
        `Expected size for first two dimensions of batch2 tensor to be: [${batch}, ${k}] but got: [${batchB}, ${rows}].`,
      );
    }
    checkTypes('bmm', a, b);
    return { shape: [batch, n, m], dtype: a.dtype };
  },
  gradient: {
    name: 'BmmBackward0',
    saves: theOther,
    backward: (grad, { needs, input }) => [
      needs[0] ? grad.bmm(input(1).transpose(1, 2)) : undefined,
      needs[1] ? input(0).transpose(1, 2).bmm(grad) : undefined,
    ],
  },
  lower: lowerMatMul,
  kernel: ([a, b], _, output) =>
    build(output, ([s = 0, i = 0, j = 0]) =>
      a === undefined || b === undefined
        ? 0
        : sumOver(a.shape[2] ?? 0, k => at(a, [s, i, k]) * at(b, [s, k, j])),
    ),
});

const mvOp = defineOp({
  name: 'mv',
  formula: 'a @ v',
  infer([a, b]) {
    const [n = 0, k = 0] = a?.shape ?? [];
    if (a?.shape.length !== 2 || b?.shape.length !== 1 || k !== b.shape[0]) {
      throw new EngineError(`size mismatch, got input (${n}), mat (${n}x${k}), vec (${b?.shape[0]})`);
    }
    checkTypes('mv', a, b);
    return { shape: [n], dtype: a.dtype };
  },
  gradient: {
    name: 'MvBackward0',
    saves: theOther,
    backward: (grad, { needs, input }) => [
      needs[0] ? grad.unsqueeze(1).mul(input(1)) : undefined,
      needs[1] ? input(0).t().mv(grad) : undefined,
    ],
  },
  lower(graph, { inputs: [a, b], dtype }) {
    if (a === undefined || b === undefined) throw new Error('mv takes two inputs');
    // As a matrix: ONNX Runtime multiplies a transposed matrix with a plain vector wrongly.
    const type = productType(dtype);
    const axes = graph.ints([1]);
    const column = graph.node('Unsqueeze', [graph.as(b, type), axes]);
    const product = graph.node('MatMul', [graph.as(a, type), column]);
    return graph.cast(graph.node('Squeeze', [product, axes]), type, dtype);
  },
  kernel: ([a, b], _, output) =>
    build(output, ([i = 0]) =>
      a === undefined || b === undefined ? 0 : sumOver(a.shape[1] ?? 0, k => at(a, [i, k]) * at(b, [k])),
    ),
});

const dotOp = defineOp({
  name: 'dot',
  formula: 'Σ x·y',
  infer([a, b]) {
    if (a?.shape.length !== 1 || b?.shape.length !== 1) {
      throw new EngineError(
        `1D tensors expected, but got ${a?.shape.length}D and ${b?.shape.length}D tensors`,
      );
    }
    if (a.shape[0] !== b.shape[0]) {
      throw new EngineError(
        `inconsistent tensor size, expected tensor ${formatShape(a.shape)} and src ${formatShape(b.shape)} to have the same number of elements`,
      );
    }
    checkTypes('dot', a, b);
    return { shape: [], dtype: a.dtype };
  },
  gradient: {
    name: 'DotBackward0',
    saves: theOther,
    backward: (grad, { needs, input }) => [
      needs[0] ? grad.mul(input(1)) : undefined,
      needs[1] ? grad.mul(input(0)) : undefined,
    ],
  },
  lower: lowerMatMul,
  kernel: ([a, b]) =>
    a === undefined || b === undefined ? [] : [sumOver(a.shape[0] ?? 0, k => at(a, [k]) * at(b, [k]))],
});

/** The product of two matrices. */
export const mm = (self: Tensor, other: Tensor): Tensor => apply(mmOp, [self, other], {});
/** Products of matrices, one for each entry of the first dimension. */
export const bmm = (self: Tensor, other: Tensor): Tensor => apply(bmmOp, [self, other], {});
/** A matrix times a vector. */
export const mv = (self: Tensor, vector: Tensor): Tensor => apply(mvOp, [self, vector], {});
/** The inner product of two vectors. */
export const dot = (self: Tensor, other: Tensor): Tensor => apply(dotOp, [self, other], {});

/** `beta · self + alpha · (a @ b)`; `self` is broadcast. */
export function addmm(self: Tensor, a: Tensor, b: Tensor, { beta = 1, alpha = 1 } = {}): Tensor {
  // As in PyTorch, integers are multiplied by whole factors.
  const factor = (value: number) => (isFloating(self.dtype) ? value : Math.trunc(value));
  return apply(addmmOp, [self, a, b], { beta: factor(beta), alpha: factor(alpha) });
}

/**
 * The leading dimensions of `tensor` stretched to `batch` and joined into one. PyTorch copies where some of
 * them are stretched and others are not, and the chain of nodes shows it.
 */
function joined(tensor: Tensor, batch: Shape): Tensor {
  const matrix = tensor.shape.slice(-2);
  const stretched = tensor.expand([...batch, ...matrix]);
  const shape = [batch.reduce((product, size) => product * size, 1), ...matrix];
  const own = tensor.shape.slice(0, -2);
  const skipped = batch.length - own.length;
  const kinds = new Set(batch.flatMap((size, i) => (size === 1 ? [] : [(own[i - skipped] ?? 1) === 1])));
  return kinds.size <= 1 ? stretched.reshape(shape) : unsafeView(stretched.clone(), shape);
}

/** Products over broadcast leading dimensions, through `bmm`. */
function batched(a: Tensor, b: Tensor): Tensor {
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return unsafeView(bmm(joined(a, batch), joined(b, batch)), [...batch, a.size(-2), b.size(-1)]);
}

/** A batch of matrices times one matrix or vector: the rows of all matrices as one matrix. */
function folded(rows: Tensor, leading: Shape, other: Tensor): Tensor {
  return other.ndim === 1
    ? unsafeView(mv(rows, other), leading)
    : unsafeView(mm(rows, other), [...leading, other.size(-1)]);
}

/** One matrix or vector times a batch of matrices: as the transposed product. */
function foldedLeft(self: Tensor, other: Tensor): Tensor {
  const transposed = other.transpose(-1, -2);
  const shape = [numel(transposed.shape.slice(0, -1)), transposed.size(-1)];
  const isView = !isMoved(transposed) || transposed.shape.slice(0, -2).every(size => size === 1);
  const rows = isView ? transposed.reshape(shape) : unsafeView(transposed.clone(), shape);
  const leading = transposed.shape.slice(0, -1);
  if (self.ndim === 1) return folded(rows, leading, self);
  const product = folded(rows, leading, self.t()).transpose(-1, -2);
  return isMoved(product) ? product.clone() : product;
}

/** Whether exchanging the last two dimensions moved any number, so that PyTorch copies. */
function isMoved(tensor: Tensor): boolean {
  return tensor.numel() > 0 && tensor.size(-1) !== 1 && tensor.size(-2) !== 1;
}

/** Without a dimension of size 1; PyTorch squeezes the product in place, and the node is called so. */
function squeezed(product: Tensor, shape: Shape): Tensor {
  return apply(reshapeOp, [product], { shape, node: 'SqueezeBackward3' });
}

/** The product of vectors, matrices or batches of matrices (`torch.matmul`). */
export function matmul(self: Tensor, other: Tensor): Tensor {
  if (self.ndim === 0 || other.ndim === 0) {
    throw new EngineError(
      `both arguments to matmul need to be at least 1D, but they are ${self.ndim}D and ${other.ndim}D`,
    );
  }
  if (self.ndim === 1 && other.ndim === 1) return dot(self, other);
  if (self.ndim === 2 && other.ndim === 1) return mv(self, other);
  if (self.ndim === 1 && other.ndim === 2) return squeezed(mm(self.unsqueeze(0), other), [other.size(-1)]);
  if (self.ndim === 2 && other.ndim === 2) return mm(self, other);
  if (self.ndim >= 3 && other.ndim <= 2) {
    const leading = self.shape.slice(0, -1);
    return folded(self.reshape([numel(leading), self.size(-1)]), leading, other);
  }
  if (self.ndim <= 2) return foldedLeft(self, other);
  return batched(self, other);
}

defineMethods({ mm, bmm, mv, dot, addmm, matmul });
defineInPlaceMethods({ addmm });
defineSignatures(`
  matmul(self, other)
  mm(self, other)
  bmm(self, other)
  mv(self, other)
  dot(self, other)
  vdot = dot(self, other)
  addmm(self, mat1, mat2 | beta, alpha)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The product of two matrices. */
    mm(other: Tensor): Tensor;
    /** Products of matrices, one for each entry of the first dimension. */
    bmm(other: Tensor): Tensor;
    /** A matrix times a vector. */
    mv(vector: Tensor): Tensor;
    /** The inner product of two vectors. */
    dot(other: Tensor): Tensor;
    /** `beta · this + alpha · (a @ b)`. */
    addmm(a: Tensor, b: Tensor, factors?: { beta?: number; alpha?: number }): Tensor;
    addmm_(a: Tensor, b: Tensor, factors?: { beta?: number; alpha?: number }): Tensor;
    /** The product of vectors, matrices or batches of matrices. */
    matmul(other: Tensor): Tensor;
  }
}
