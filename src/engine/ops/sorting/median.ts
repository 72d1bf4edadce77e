/** The element in the middle, and the k-th: one place of the sorted elements. */
import { isFloating } from '../../dtype';
import { EngineError, IndexError } from '../../errors';
import { numel, reduceShape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { full } from '../creation/creation';
import { place as placeOf, scattered } from '../indexing/gather';
import { mapRows } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { sharedEvenly, type ValuesAndIndices } from '../reductions/extremes';
import { defineSignatures } from '../signatures';
import { order } from './sorting';

type Pick = { dim: number; keepdim: boolean; node: string };

/** One element along a dimension, at the place that the second input names (of size 1 in that dimension). */
const pickOp = defineOp<Pick>({
  name: 'pick',
  infer: ([input], { dim, keepdim }) => ({
    shape: reduceShape(input?.shape ?? [], [dim], keepdim),
    dtype: input?.dtype ?? 'float32',
  }),
  gradient: {
    name: ({ node }) => node,
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { attributes: { dim, keepdim }, input, inputMeta: [meta] }) => {
      const shape = meta?.shape ?? [];
      const kept = keepdim || shape.length === 0 ? grad : grad.unsqueeze(dim);
      return [scattered(kept, dim, input(1), shape)];
    },
  },
  lower(graph, { inputs, attributes: { dim, keepdim } }) {
    const [x = '', indices = ''] = inputs.map(input => graph.value(input));
    if (inputs[0]?.shape.length === 0) return x;
    const picked = graph.node('GatherElements', [x, indices], { axis: dim });
    return keepdim ? picked : graph.node('Squeeze', [picked, graph.ints([dim])]);
  },
  kernel: ([input, indices], { dim }) => {
    if (input === undefined || indices === undefined) return [];
    let row = 0;
    // The rows come in row-major order, and so do the indices.
    return mapRows(input, dim, 1, elements => {
      return [elements[placeOf(indices.data[row++] ?? 0, elements.length)] ?? 0];
    });
  },
});

type Whole = { node: string };

/** The element at a place of the flattened tensor (of nothing it is NaN); the gradient is shared by all that are equal to it. */
const pickFlatOp = defineOp<Whole>({
  name: 'pick_flat',
  infer: ([input]) => ({ shape: [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: ({ node }) => node,
    edges: [0],
    saves: () => ({ inputs: [0], output: true }),
    backward: (grad, { input, output }) => [sharedEvenly(grad, input(0), output(), undefined)],
  },
  lower(graph, { inputs, dtype }) {
    const [x = '', place = ''] = inputs.map(input => graph.value(input));
    if (numel(inputs[0]?.shape ?? []) === 0) return graph.scalar(isFloating(dtype) ? Number.NaN : 0, dtype);
    return graph.node('Gather', [graph.node('Reshape', [x, graph.ints([-1])]), place], { axis: 0 });
  },
  kernel: ([input, place]) => [input?.data[place?.data[0] ?? 0] ?? Number.NaN],
});

/** Where the median stands among `count` sorted elements of which the last `missing` are NaN. */
function middle(missing: Tensor, count: number, ignoreNaN: boolean): Tensor {
  if (ignoreNaN)
    return missing
      .rsub(count - 1)
      .clamp(0)
      .div(2, { roundingMode: 'trunc' });
  const first = missing.rsub(count);
  const half = full([], Math.trunc((count - 1) / 2), { dtype: 'int64', device: missing.device });
  return first.mul(missing.gt(0)).add(half.mul(missing.eq(0)));
}

/** The place of the median in each row, with that dimension kept. */
function medianPlaces(self: Tensor, dim: number, ignoreNaN: boolean): Tensor {
  const x = self.detach();
  const missing = x.ne(x).sum(dim, true);
  const places = order(x, dim);
  return places.gather(dim, middle(missing, self.shape[dim] ?? 1, ignoreNaN));
}

function along(self: Tensor, dim: number, keepdim: boolean, name: string, indices: Tensor): ValuesAndIndices {
  const values = apply(pickOp, [self, indices], { dim, keepdim, node: name });
  return { values, indices: keepdim || self.ndim === 0 ? indices : indices.squeeze(dim) };
}

function medianOf(
  self: Tensor,
  name: 'Median' | 'Nanmedian',
  dim: number | undefined,
  keepdim: boolean,
): Tensor | ValuesAndIndices {
  const ignoreNaN = name === 'Nanmedian';
  if (self.dtype === 'bool') throw new EngineError('"median_cpu" not implemented for \'Bool\'');
  if (dim !== undefined) {
    const place = wrapDim(dim, self.ndim);
    if (self.shape[place] === 0) {
      throw new IndexError(`median(): Expected reduction dim ${place} to have non-zero size.`);
    }
    return along(self, place, keepdim, `${name}Backward1`, medianPlaces(self, place, ignoreNaN));
  }
  const flat = self.detach().reshape([-1]);
  const places = self.numel() === 0 ? flat.sum().long() : medianPlaces(flat, 0, ignoreNaN);
  return apply(pickFlatOp, [self, places.reshape([])], { node: `${name}Backward0` });
}

/** The middle element (the lower of two), of all or along a dimension with its index; NaN if any element is. */
export function median(self: Tensor): Tensor;
export function median(self: Tensor, dim: number, keepdim?: boolean): ValuesAndIndices;
export function median(self: Tensor, dim?: number, keepdim = false): Tensor | ValuesAndIndices {
  return medianOf(self, 'Median', dim, keepdim);
}

/** {@link median} of the elements that are not NaN. */
export function nanmedian(self: Tensor): Tensor;
export function nanmedian(self: Tensor, dim: number, keepdim?: boolean): ValuesAndIndices;
export function nanmedian(self: Tensor, dim?: number, keepdim = false): Tensor | ValuesAndIndices {
  return medianOf(self, 'Nanmedian', dim, keepdim);
}

/** The `k`-th smallest element along a dimension (the first is 1), and where it is. */
export function kthvalue(self: Tensor, k: number, dim = -1, keepdim = false): ValuesAndIndices {
  if (self.dtype === 'bool') throw new EngineError('"kthvalue_cpu" not implemented for \'Bool\'');
  const place = wrapDim(dim, self.ndim);
  const size = self.shape[place] ?? 1;
  if (!Number.isInteger(k) || k < 1 || k > size) {
    throw new EngineError(
      `kthvalue(): selected number k out of range for dimension ${place}: got ${k} of ${size}`,
    );
  }
  const places = order(self, place);
  const chosen = self.ndim === 0 ? places : places.narrow(place, k - 1, 1);
  return along(self, place, keepdim, 'KthvalueBackward0', chosen);
}

defineMethods({ median, nanmedian, kthvalue });
defineSignatures(`
  median(self, dim, keepdim)
  nanmedian(self, dim, keepdim)
  kthvalue(self, k, dim, keepdim)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The middle element (the lower of two), of all or along a dimension with its index. */
    median(): Tensor;
    median(dim: number, keepdim?: boolean): ValuesAndIndices;
    /** The median of the elements that are not NaN. */
    nanmedian(): Tensor;
    nanmedian(dim: number, keepdim?: boolean): ValuesAndIndices;
    /** The `k`-th smallest element along a dimension, and where it is. */
    kthvalue(k: number, dim?: number, keepdim?: boolean): ValuesAndIndices;
  }
}
