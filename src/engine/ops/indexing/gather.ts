/** Picking elements by tensors of indices. `scatter.ts` has the way back. */
import { EngineError, IndexError } from '../../errors';
import { numel, type Shape, stridesOf, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { zeros } from '../creation/creation';
import { at, build, positionOf } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp, type Values } from '../op';
import { defineSignatures } from '../signatures';

type Along = { dim: number };

/** Throws if a tensor cannot be used as indices. */
export function checkIndex(name: string, indices: { dtype: string }): void {
  if (indices.dtype !== 'int64' && indices.dtype !== 'int32') {
    throw new EngineError(`${name}(): Expected dtype int64 for index, but got ${indices.dtype}`);
  }
}

/**
 * Complains about indices outside of [low, high), if their numbers are known already. Of those that have yet
 * to be computed the executor refuses what lies beyond the dimension; it lets negative ones count from the end.
 */
export function checkRange(
  indices: Tensor,
  low: number,
  high: number,
  complain: (index: number) => Error,
): void {
  for (const index of indices.expr.buffer?.host ?? []) {
    if (index < low || index >= high) throw complain(Number(index));
  }
}

/** The complaint of {@link checkRange} about an index of `dim`. */
export function outOfBounds(dim: number, size: number): (index: number) => Error {
  return index => new IndexError(`index ${index} is out of bounds for dimension ${dim} with size ${size}`);
}

/** The place that an index names; negative ones count from the end. */
export function place(value: number, size: number): number {
  if (value < -size || value >= size) {
    throw new IndexError(`index ${value} is out of bounds for dimension with size ${size}`);
  }
  return value < 0 ? value + size : value;
}

/** Exported for operations that gather under another name, such as `sort`. */
export const gatherOp = defineOp<Along & { node: string }>({
  name: 'gather',
  infer: ([input, indices]) => ({ shape: indices?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: ({ node }) => node,
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { attributes: { dim }, input, inputMeta: [meta] }) => [
      scattered(grad, dim, input(1), meta?.shape ?? []),
    ],
  },
  lower(graph, { inputs, attributes, shape, dtype }) {
    const [x = '', indices = ''] = inputs.map(input => graph.value(input));
    if (numel(shape) === 0) return graph.node('Expand', [graph.scalar(0, dtype), graph.ints(shape)]);
    if (shape.length === 0 && inputs[0]?.shape.length === 0) return x;
    // Without dimensions it is done as with one.
    const one = (value: string, i: number) =>
      inputs[i]?.shape.length === 0 ? graph.node('Reshape', [value, graph.ints([1])]) : value;
    const found = graph.node('GatherElements', [one(x, 0), one(indices, 1)], { axis: attributes.dim });
    return shape.length === 0 ? graph.node('Reshape', [found, graph.ints([])]) : found;
  },
  kernel: ([input, indices], { dim }, output) =>
    build(output, index => {
      if (input === undefined || indices === undefined) return 0;
      const picked = place(at(indices, index), input.shape[dim] ?? 1);
      if (input.shape.length !== index.length) return input.data[picked] ?? 0;
      return (
        input.data[
          flat(
            input,
            index.map((i, d) => (d === dim ? picked : i)),
          )
        ] ?? 0
      );
    }),
});

/** Zeros of a shape, with `source` added at the places along `dim` that `indices` says: how gathering is undone. */
export function scattered(source: Tensor, dim: number, indices: Tensor, shape: Shape): Tensor {
  if (shape.length === 0) return source.ndim === 0 ? source : source.sum();
  return zeros(shape, { dtype: source.dtype, device: source.device }).scatterAdd(dim, indices, source);
}

/** The position of an index in the elements. */
export function flat({ shape }: Values, index: readonly number[]): number {
  return stridesOf(shape).reduce((position, stride, i) => position + stride * (index[i] ?? 0), 0);
}

/** The elements of `self` whose place along `dim` is what `indices` says there. */
export function gather(self: Tensor, dim: number, indices: Tensor): Tensor {
  const gathered = { dim: wrapDim(dim, self.ndim), node: 'GatherBackward0' };
  // Nothing can be picked by indices of any type, and of any number of dimensions.
  if (indices.numel() === 0) return apply(gatherOp, [self, indices.long()], gathered);
  checkIndex('gather', indices);
  if (Math.max(indices.ndim, 1) !== Math.max(self.ndim, 1)) {
    throw new EngineError('Index tensor must have the same number of dimensions as input tensor');
  }
  const place = wrapDim(dim, self.ndim);
  const size = self.shape[place] ?? 1;
  checkRange(indices, 0, size, outOfBounds(place, size));
  return apply(gatherOp, [self, indices], gathered);
}

type Select = { dim: number; node: string };

export const indexSelectOp = defineOp<Select>({
  name: 'index_select',
  formula: 'chosen indices of a dimension',
  infer: ([input, indices], { dim }) => ({
    shape: [
      ...(input?.shape.slice(0, dim) ?? []),
      ...(indices?.shape ?? []),
      ...(input?.shape.slice(dim + 1) ?? []),
    ],
    dtype: input?.dtype ?? 'float32',
  }),
  gradient: {
    name: ({ node }) => node,
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { attributes: { dim }, input, inputMeta }) => {
      const shape = inputMeta[0]?.shape ?? [];
      const indices = input(1);
      const rows = grad.reshape([...shape.slice(0, dim), indices.numel(), ...shape.slice(dim + 1)]);
      const column = indices.reshape(shape.map((_, i) => (i === dim ? -1 : 1))).expand(rows.shape);
      return [zeros(shape, { dtype: grad.dtype, device: grad.device }).scatterAdd(dim, column, rows)];
    },
  },
  lower: (graph, { inputs, attributes }) =>
    graph.node(
      'Gather',
      inputs.map(input => graph.value(input)),
      { axis: attributes.dim },
    ),
  kernel: ([input, indices], { dim }, output) =>
    build(output, index => {
      if (input === undefined || indices === undefined) return 0;
      const rank = indices.shape.length;
      const picked = indices.data[positionOf(indices.shape, index.slice(dim, dim + rank))] ?? 0;
      return at(input, [
        ...index.slice(0, dim),
        place(picked, input.shape[dim] ?? 0),
        ...index.slice(dim + rank),
      ]);
    }),
});

/** The parts of `self` at the places along `dim` that a list of indices names. */
export function indexSelect(self: Tensor, dim: number, indices: Tensor): Tensor {
  checkIndex('index_select', indices);
  if (indices.ndim > 1) throw new IndexError('index_select(): Index is supposed to be a vector');
  const list = indices.ndim === 0 ? indices.reshape([1]) : indices;
  const place = wrapDim(dim, self.ndim);
  checkRange(list, 0, self.shape[place] ?? 1, () => new IndexError('index out of range in self'));
  if (self.ndim === 0 && list.numel() === 1) {
    return apply(gatherOp, [self, list.reshape([])], { dim: 0, node: 'IndexSelectBackward0' });
  }
  return apply(indexSelectOp, [self, list], { dim: place, node: 'IndexSelectBackward0' });
}

/** `self[…, indices, …]`: a tensor of indices in the place of dimension `dim`. */
export function indexTensor(self: Tensor, dim: number, indices: Tensor): Tensor {
  checkIndex('index', indices);
  const size = self.shape[dim] ?? 1;
  checkRange(indices, -size, size, outOfBounds(dim, size));
  return apply(indexSelectOp, [self, indices], { dim, node: 'IndexBackward0' });
}

defineMethods({ gather, indexSelect });
defineSignatures(`
  index_select(self, dim, index)
  gather(self, dim, index)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The elements whose place along `dim` is what `indices` says there. */
    gather(dim: number, indices: Tensor): Tensor;
    /** The parts at the places along `dim` that a list of indices names. */
    indexSelect(dim: number, indices: Tensor): Tensor;
  }
}
