/** Every value once. How many there are is known only from the numbers, so they are asked for at once. */
import type { TypedArray } from '../../dtype';
import { evaluate } from '../../runtime/evaluate';
import { stridesOf, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { fromArray } from '../creation/creation';
import { indexSelectOp } from '../indexing/gather';
import { eachIndex } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp } from '../op';

/** One representative of each group of equal things in ascending order, the group of each thing, and their sizes. */
interface Groups {
  readonly first: readonly number[];
  readonly inverse: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Groups the things 0 … count − 1; NaN is equal to nothing. PyTorch gives the same values, but counts no NaN and sends it
 * to the first group (1.13), and orders slices that hold one at random; here each is a group of its own.
 */
function grouped(count: number, compare: (i: number, j: number) => number): Groups {
  const order = Array.from({ length: count }, (_, i) => i).sort((i, j) => compare(i, j) || i - j);
  const groups = { first: [] as number[], inverse: new Array<number>(count), counts: [] as number[] };
  order.forEach((thing, i) => {
    const before = order[i - 1];
    if (before === undefined || compare(before, thing) !== 0) {
      groups.first.push(thing);
      groups.counts.push(0);
    }
    const group = groups.first.length - 1;
    groups.inverse[thing] = group;
    groups.counts[group] = (groups.counts[group] ?? 0) + 1;
  });
  return groups;
}

/** Whether element `i` comes before (negative) or after element `j`. NaN comes last, and two of them differ. */
function compareAt(data: TypedArray, i: number, j: number): number {
  const [a, b] = [data[i] ?? 0, data[j] ?? 0];
  if (a === b) return 0;
  if (a < b || Number.isNaN(b)) return -1;
  return 1;
}

/** Elements of the flattened tensor at given places. */
const uniqueOp = defineOp<{ count: number }>({
  name: 'unique',
  infer: ([input], { count }) => ({ shape: [count], dtype: input?.dtype ?? 'float32' }),
  lower(graph, { inputs }) {
    const [x = '', places = ''] = inputs.map(input => graph.value(input));
    return graph.node('Gather', [graph.node('Reshape', [x, graph.ints([-1])]), places], { axis: 0 });
  },
  kernel: ([input, places]) => Array.from(places?.data ?? [], place => input?.data[place] ?? 0),
});

function ints(numbers: readonly number[], shape: readonly number[], like: Tensor): Tensor {
  return fromArray(BigInt64Array.from(numbers, BigInt), shape, { device: like.device });
}

function uniqueElements(self: Tensor): [Tensor, Groups] {
  const data = evaluate(self, 'unique');
  const groups = grouped(data.length, (i, j) => compareAt(data, i, j));
  const places = ints(groups.first, [groups.first.length], self);
  return [apply(uniqueOp, [self.detach(), places], { count: groups.first.length }), groups];
}

/** The slices along `dim` in lexicographic order. */
function uniqueSlices(self: Tensor, dim: number): [Tensor, Groups] {
  const data = evaluate(self, 'unique');
  const size = self.size(dim);
  const strides = stridesOf(self.shape);
  const step = strides[dim] ?? 1;
  // PyTorch exchanges `dim` and the first dimension, and compares the elements in that order.
  const order = [...self.shape.keys()].map(i => (i === 0 ? dim : i === dim ? 0 : i)).slice(1);
  const starts: number[] = [];
  eachIndex(
    order.map(d => self.size(d)),
    index => starts.push(index.reduce((sum, at, d) => sum + at * (strides[order[d] ?? 0] ?? 0), 0)),
  );
  const groups = grouped(size, (i, j) => {
    for (const start of starts) {
      const found = compareAt(data, start + i * step, start + j * step);
      if (found !== 0) return found;
    }
    return 0;
  });
  const places = ints(groups.first, [groups.first.length], self);
  return [apply(indexSelectOp, [self.detach(), places], { dim, node: '' }), groups];
}

/**
 * Every value once, in ascending order (also without `sorted`), and if asked for the place of each element among
 * them and how often each occurs. With `dim`, every slice along it once. It has no gradient, as in PyTorch.
 */
export function unique(self: Tensor): Tensor;
export function unique(
  self: Tensor,
  sorted: boolean,
  returnInverse: true,
  returnCounts: true,
  dim?: number,
): [Tensor, Tensor, Tensor];
export function unique(
  self: Tensor,
  sorted?: boolean,
  returnInverse?: boolean,
  returnCounts?: boolean,
  dim?: number,
): Tensor | Tensor[];
export function unique(
  self: Tensor,
  _sorted = true,
  returnInverse = false,
  returnCounts = false,
  dim?: number,
): Tensor | Tensor[] {
  const place = dim === undefined ? undefined : wrapDim(dim, self.ndim);
  const [values, groups] =
    place === undefined || self.ndim === 0 ? uniqueElements(self) : uniqueSlices(self, place);
  const results = [values];
  if (returnInverse)
    results.push(ints(groups.inverse, place === undefined ? self.shape : [groups.inverse.length], self));
  if (returnCounts) results.push(ints(groups.counts, [groups.counts.length], self));
  return results.length === 1 ? values : results;
}

defineMethods({ unique });

declare module '../../tensor' {
  interface Tensor {
    /** Every value once, in ascending order; see the function `unique`. */
    unique(): Tensor;
    unique(sorted: boolean, returnInverse: true, returnCounts: true, dim?: number): [Tensor, Tensor, Tensor];
    unique(
      sorted?: boolean,
      returnInverse?: boolean,
      returnCounts?: boolean,
      dim?: number,
    ): Tensor | Tensor[];
  }
}
