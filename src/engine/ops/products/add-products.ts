/** `beta · x + alpha · (product)` for the products other than that of two matrices, which is `addmm`. */
import { type DType, isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { broadcastShapes, formatShape, type Shape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Op, type Values } from '../op';
import { promote } from '../pointwise/elementwise';
import { defineSignatures } from '../signatures';

/** Factors of the sum; with `beta` 0 the first tensor does not count, not even where it is NaN. */
export interface Factors {
  readonly beta?: number;
  readonly alpha?: number;
}

type AddProduct = { beta: number; alpha: number };

/** A product of two tensors. */
interface Product {
  readonly name: string;
  readonly node: string;
  readonly formula: string;
  /** The shape of the product; throws where the factors do not fit. */
  readonly shape: (a: Shape, b: Shape) => Shape;
  readonly lower: (graph: GraphBuilder, a: string, b: string) => string;
  readonly element: (a: Values, b: Values, index: readonly number[]) => number;
  /** The gradients of the factors. */
  readonly ofFirst: (grad: Tensor, other: Tensor) => Tensor;
  readonly ofSecond: (grad: Tensor, other: Tensor) => Tensor;
}

/** A type that ONNX Runtime multiplies matrices of. */
const computeType = (dtype: DType): DType => (isFloating(dtype) ? dtype : 'int64');

function inferAdded({ name, shape }: Product, [self, a, b]: readonly Meta[]): Meta {
  if (self === undefined || a === undefined || b === undefined) throw new Error(`${name} takes three inputs`);
  const product = shape(a.shape, b.shape);
  if (!sameShape(broadcastShapes(self.shape, product), product)) {
    throw new EngineError(
      `${name}: expected the input ${formatShape(self.shape)} to be expandable to ${formatShape(product)}`,
    );
  }
  // Only the outer product promotes types.
  if (name !== 'addr' && (self.dtype !== a.dtype || a.dtype !== b.dtype)) {
    throw new EngineError(
      `${name}: expected all inputs to have the same dtype, but got ${self.dtype}, ${a.dtype} and ${b.dtype}`,
    );
  }
  return { shape: product, dtype: promote([self, a, b]) };
}

function addProductOp(product: Product): Op<AddProduct> {
  const { name, node, formula, lower, element, ofFirst, ofSecond } = product;
  const times = (x: Tensor, factor: number) => (factor === 1 ? x : x.mul(factor));
  return defineOp<AddProduct>({
    name,
    formula: `β·x + α·(${formula})`,
    infer: inputs => inferAdded(product, inputs),
    gradient: {
      name: node,
      saves: needs => ({ inputs: [2, 1].filter((_, i) => needs[i + 1]) }),
      backward: (grad, { attributes: { beta, alpha }, needs, input }) => [
        needs[0] ? times(grad, beta) : undefined,
        needs[1] ? times(ofFirst(grad, input(2)), alpha) : undefined,
        needs[2] ? times(ofSecond(grad, input(1)), alpha) : undefined,
      ],
    },
    lower(graph, { inputs, attributes: { beta, alpha }, dtype, shape }) {
      const type = computeType(dtype);
      const [x = '', a = '', b = ''] = inputs.map(input => graph.as(input, type));
      const scaled = (value: string, factor: number) =>
        factor === 1 ? value : graph.node('Mul', [value, graph.scalar(factor, type)]);
      const found = scaled(lower(graph, a, b), alpha);
      const sum = beta === 0 ? found : graph.node('Add', [scaled(x, beta), found]);
      return graph.cast(graph.node('Expand', [sum, graph.ints(shape)]), type, dtype);
    },
    kernel: ([x, a, b], { beta, alpha }, output) =>
      build(output, index => {
        if (x === undefined || a === undefined || b === undefined) return 0;
        return (beta === 0 ? 0 : beta * at(x, index)) + alpha * element(a, b, index);
      }),
  });
}

function sumOver(count: number, term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += term(k);
  return sum;
}

function checkRanks(name: string, what: string, ranks: readonly number[], a: Shape, b: Shape): void {
  if (a.length !== ranks[0] || b.length !== ranks[1]) {
    throw new EngineError(`${name}: expected ${what}, but got ${formatShape(a)} and ${formatShape(b)}`);
  }
}

function checkInner(name: string, a: Shape, b: Shape, fits: boolean): void {
  if (!fits) {
    throw new EngineError(`${name}: ${formatShape(a)} and ${formatShape(b)} cannot be multiplied`);
  }
}

const addmvOp = addProductOp({
  name: 'addmv',
  node: 'AddmvBackward0',
  formula: 'a @ v',
  shape(a, v) {
    checkRanks('addmv', 'a matrix and a vector', [2, 1], a, v);
    checkInner('addmv', a, v, a[1] === v[0]);
    return [a[0] ?? 0];
  },
  lower(graph, a, v) {
    // As a matrix: ONNX Runtime multiplies a transposed matrix with a plain vector wrongly.
    const axes = graph.ints([1]);
    return graph.node('Squeeze', [graph.node('MatMul', [a, graph.node('Unsqueeze', [v, axes])]), axes]);
  },
  element: (a, v, [i = 0]) => sumOver(v.shape[0] ?? 0, k => at(a, [i, k]) * at(v, [k])),
  ofFirst: (grad, v) => grad.outer(v),
  ofSecond: (grad, a) => a.t().mv(grad),
});

const addrOp = addProductOp({
  name: 'addr',
  node: 'AddrBackward0',
  formula: 'v wᵀ',
  shape(v, w) {
    checkRanks('addr', 'two vectors', [1, 1], v, w);
    return [v[0] ?? 0, w[0] ?? 0];
  },
  lower: (graph, v, w) => graph.node('Mul', [graph.node('Unsqueeze', [v, graph.ints([1])]), w]),
  element: (v, w, [i = 0, j = 0]) => at(v, [i]) * at(w, [j]),
  ofFirst: (grad, w) => grad.mv(w),
  ofSecond: (grad, v) => grad.t().mv(v),
});

function batchShape(name: string, a: Shape, b: Shape): Shape {
  checkRanks(name, 'two batches of matrices', [3, 3], a, b);
  checkInner(name, a, b, a[0] === b[0] && a[2] === b[1]);
  return [a[0] ?? 0, a[1] ?? 0, b[2] ?? 0];
}

const batchElement = (a: Values, b: Values, s: number, i: number, j: number) =>
  sumOver(a.shape[2] ?? 0, k => at(a, [s, i, k]) * at(b, [s, k, j]));

const baddbmmOp = addProductOp({
  name: 'baddbmm',
  node: 'BaddbmmBackward0',
  formula: 'a[i] @ b[i]',
  shape: (a, b) => batchShape('baddbmm', a, b),
  lower: (graph, a, b) => graph.node('MatMul', [a, b]),
  element: (a, b, [s = 0, i = 0, j = 0]) => batchElement(a, b, s, i, j),
  ofFirst: (grad, b) => grad.bmm(b.transpose(1, 2)),
  ofSecond: (grad, a) => a.transpose(1, 2).bmm(grad),
});

/** One gradient for all matrices of a batch. */
const forEach = (grad: Tensor, batch: Tensor) => grad.expand([batch.size(0), ...grad.shape]);

const addbmmOp = addProductOp({
  name: 'addbmm',
  node: 'AddbmmBackward0',
  formula: 'Σ a[i] @ b[i]',
  shape: (a, b) => batchShape('addbmm', a, b).slice(1),
  lower: (graph, a, b) =>
    graph.node('ReduceSum', [graph.node('MatMul', [a, b]), graph.ints([0])], { keepdims: 0 }),
  element: (a, b, [i = 0, j = 0]) => sumOver(a.shape[0] ?? 0, s => batchElement(a, b, s, i, j)),
  ofFirst: (grad, b) => forEach(grad, b).bmm(b.transpose(1, 2)),
  ofSecond: (grad, a) => a.transpose(1, 2).bmm(forEach(grad, a)),
});

const adding =
  (op: Op<AddProduct>) =>
  (self: Tensor, a: Tensor, b: Tensor, { beta = 1, alpha = 1 }: Factors = {}): Tensor =>
    apply(op, [self, a, b], { beta, alpha });

/** `beta · self + alpha · (matrix @ vector)`. */
export const addmv = adding(addmvOp);
/** `beta · self + alpha · v wᵀ`, the outer product of two vectors. */
export const addr = adding(addrOp);
/** `beta · self + alpha · Σ a[i] @ b[i]`. */
export const addbmm = adding(addbmmOp);
/** `beta · self + alpha · a[i] @ b[i]` for each i. */
export const baddbmm = adding(baddbmmOp);

const functions = { addmv, addr, addbmm, baddbmm };
defineMethods(functions);
defineInPlaceMethods(functions);
defineSignatures(`
  addmv(self, mat, vec | beta, alpha)
  addr(self, vec1, vec2 | beta, alpha)
  addbmm(self, batch1, batch2 | beta, alpha)
  baddbmm(self, batch1, batch2 | beta, alpha)
`);

declare module '../../tensor' {
  interface Tensor {
    /** `beta · this + alpha · (matrix @ vector)`. */
    addmv(matrix: Tensor, vector: Tensor, factors?: Factors): Tensor;
    addmv_(matrix: Tensor, vector: Tensor, factors?: Factors): this;
    /** `beta · this + alpha · v wᵀ`. */
    addr(v: Tensor, w: Tensor, factors?: Factors): Tensor;
    addr_(v: Tensor, w: Tensor, factors?: Factors): this;
    /** `beta · this + alpha · Σ a[i] @ b[i]`. */
    addbmm(a: Tensor, b: Tensor, factors?: Factors): Tensor;
    addbmm_(a: Tensor, b: Tensor, factors?: Factors): this;
    /** `beta · this + alpha · a[i] @ b[i]` for each i. */
    baddbmm(a: Tensor, b: Tensor, factors?: Factors): Tensor;
    baddbmm_(a: Tensor, b: Tensor, factors?: Factors): this;
  }
}
