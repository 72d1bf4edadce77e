/**
 * Elements in order. One operation finds where the elements of each row stand when they are sorted; everything else
 * gathers by its indices. Equal elements keep their order, and NaN counts as the largest, as in PyTorch.
 */
import type { DType } from '../../dtype';
import { EngineError } from '../../errors';
import type { Expr } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { numel, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { gatherOp } from '../indexing/gather';
import { mapRows } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { arithmeticType } from '../pointwise/elementwise';
import type { ValuesAndIndices } from '../reductions/extremes';
import { defineSignatures } from '../signatures';

/** The first `count` places along `dim`, from the largest or the smallest element on. */
type Order = { dim: number; count: number; largest: boolean };

/** Numbers in the order of the elements, in a type that `TopK` takes and with nothing that it cannot compare. */
function sortKeys(graph: GraphBuilder, x: string, dtype: DType): string {
  if (graph.device !== 'cpu' || (dtype !== 'float32' && dtype !== 'float64')) return x;
  // NaN becomes infinity, and infinity a number beyond all of float32 (in float64: the largest there is).
  const limit = dtype === 'float32' ? 1e39 : Number.MAX_VALUE;
  const wide = graph.cast(x, dtype, 'float64');
  const finite = graph.node('Clip', [wide, graph.scalar(-limit, 'float64'), graph.scalar(limit, 'float64')]);
  const last = graph.scalar(Number.POSITIVE_INFINITY, 'float64');
  return graph.node('Where', [graph.node('IsNaN', [x]), last, finite]);
}

function lowerOrder(graph: GraphBuilder, { inputs: [input], attributes, shape }: Expr<Order>): string {
  if (input === undefined) throw new Error('order takes an input');
  const { dim, count, largest } = attributes;
  if (shape.length === 0) return graph.scalar(0, 'int64');
  if (numel(shape) === 0) return graph.node('Expand', [graph.scalar(0, 'int64'), graph.ints(shape)]);
  const type = arithmeticType(input.dtype);
  const keys = sortKeys(graph, graph.as(input, type), type);
  const [values, indices] = [graph.fresh(), graph.fresh()];
  const options = { axis: dim, largest: Number(largest), sorted: 1 };
  graph.push('TopK', [keys, graph.ints([count])], [values, indices], options);
  return indices;
}

/** Smaller first, NaN last. */
export function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

const orderOp = defineOp<Order>({
  name: 'order',
  infer: ([input], { dim, count }) => ({
    shape: (input?.shape ?? []).map((size, i) => (i === dim ? count : size)),
    dtype: 'int64',
  }),
  lower: lowerOrder,
  kernel: ([input], { dim, count, largest }) =>
    input === undefined
      ? []
      : mapRows(input, dim, count, row => {
          const places = row.map((_, i) => i);
          return places.sort((i, j) => compareNumbers(row[i] ?? 0, row[j] ?? 0) * (largest ? -1 : 1));
        }),
});

/** The places along `dim` (counted from the front) of the first `count` elements in order. */
export function order(self: Tensor, dim: number, count = self.shape[dim] ?? 1, largest = false): Tensor {
  return apply(orderOp, [self.detach()], { dim, count, largest });
}

function inOrder(self: Tensor, dim: number, indices: Tensor, node: string): ValuesAndIndices {
  return { values: apply(gatherOp, [self, indices], { dim, node }), indices };
}

/**
 * The elements along `dim` in ascending or descending order, and where they were. The order is stable with and
 * without `stable`.
 */
export function sort(
  self: Tensor,
  dim = -1,
  descending = false,
  { stable }: { readonly stable?: boolean } = {},
): ValuesAndIndices {
  const place = wrapDim(dim, self.ndim);
  const indices = order(self, place, undefined, descending);
  return inOrder(self, place, indices, stable === undefined ? 'SortBackward0' : 'SortBackward1');
}

/** The indices that sort the elements along `dim`. */
export function argsort(self: Tensor, dim = -1, descending = false): Tensor {
  return order(self, wrapDim(dim, self.ndim), undefined, descending);
}

/** The elements in ascending order along the first dimension. */
export function msort(self: Tensor): Tensor {
  return sort(self, 0).values;
}

/** The `k` largest (or smallest) elements along `dim` in order, and where they are. `sorted` changes nothing. */
export function topk(self: Tensor, k: number, dim = -1, largest = true, _sorted = true): ValuesAndIndices {
  const place = wrapDim(dim, self.ndim);
  if (!Number.isInteger(k) || k < 0 || k > (self.shape[place] ?? 1)) {
    throw new EngineError(`selected index k out of range: got ${k} of ${self.shape[place] ?? 1} elements`);
  }
  if (self.dtype === 'bool') throw new EngineError('"topk_cpu" not implemented for \'Bool\'');
  return inOrder(self, place, order(self, place, self.ndim === 0 ? 1 : k, largest), 'TopkBackward0');
}

defineMethods({ sort, argsort, msort, topk });
defineSignatures(`
  sort(self, dim, descending)
  argsort(self, dim, descending)
  msort(self)
  topk(self, k, dim, largest, sorted)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The elements along `dim` in order, and where they were; equal ones keep their order, NaN is the largest. */
    sort(dim?: number, descending?: boolean, options?: { readonly stable?: boolean }): ValuesAndIndices;
    /** The indices that sort the elements along `dim`. */
    argsort(dim?: number, descending?: boolean): Tensor;
    /** The elements in ascending order along the first dimension. */
    msort(): Tensor;
    /** The `k` largest (or smallest) elements along `dim` in order, and where they are. */
    topk(k: number, dim?: number, largest?: boolean, sorted?: boolean): ValuesAndIndices;
  }
}
