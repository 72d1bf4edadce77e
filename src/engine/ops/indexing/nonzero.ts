/** Where elements hold, and which they are. How many there are is known only from the numbers: they are asked for at once. */
import { EngineError } from '../../errors';
import { evaluate } from '../../runtime/evaluate';
import { broadcastShapes, numel, type Shape, stridesOf } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { fromArray } from '../creation/creation';
import { at, build } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { scattered } from './gather';

/** The places of the elements that are not zero, in row-major order. */
function placesOf(self: Tensor, name: string): number[] {
  const places: number[] = [];
  evaluate(self.detach(), name).forEach((value: number | bigint, i: number) => {
    // NaN is not zero.
    if (value !== 0 && value !== 0n) places.push(i);
  });
  return places;
}

function longs(numbers: readonly number[], shape: Shape, like: Tensor): Tensor {
  return fromArray(BigInt64Array.from(numbers, BigInt), shape, { device: like.device });
}

/** For each dimension, the indices of the elements that are not zero. */
export function nonzeroIndices(self: Tensor, name = 'nonzero'): Tensor[] {
  const places = placesOf(self, name);
  const strides = stridesOf(self.shape);
  return self.shape.map((size, dim) => {
    const numbers = places.map(place => Math.floor(place / (strides[dim] ?? 1)) % size);
    return longs(numbers, [places.length], self);
  });
}

/** The indices of the elements that are not zero: a row for each, or with `asTuple` a list for each dimension. */
export function nonzero(self: Tensor): Tensor;
export function nonzero(self: Tensor, options: { readonly asTuple: true }): Tensor[];
export function nonzero(self: Tensor, options?: { readonly asTuple?: boolean }): Tensor | Tensor[];
export function nonzero(
  self: Tensor,
  { asTuple = false }: { readonly asTuple?: boolean } = {},
): Tensor | Tensor[] {
  if (asTuple) return nonzeroIndices(self.ndim === 0 ? self.reshape([1]) : self);
  const places = placesOf(self, 'nonzero');
  const strides = stridesOf(self.shape);
  const rows = places.flatMap(place =>
    self.shape.map((size, dim) => Math.floor(place / (strides[dim] ?? 1)) % size),
  );
  return longs(rows, [places.length, self.ndim], self);
}

/** The indices of the elements that are not zero, a row for each. */
export function argwhere(self: Tensor): Tensor {
  return nonzero(self);
}

/** Elements of the flattened tensor, which is stretched to a shape before. */
const maskedSelectOp = defineOp<{ shape: Shape }>({
  name: 'masked_select',
  infer: ([input, places]) => ({ shape: places?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: 'MaskedSelectBackward0',
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { attributes: { shape }, input }) => [
      scattered(grad, 0, input(1), [numel(shape)]).reshape(shape),
    ],
  },
  lower(graph, { inputs, attributes: { shape } }) {
    const [x = '', places = ''] = inputs.map(input => graph.value(input));
    const stretched = graph.node('Expand', [x, graph.ints(shape)]);
    return graph.node('Gather', [graph.node('Reshape', [stretched, graph.ints([-1])]), places], { axis: 0 });
  },
  kernel: ([input, places], { shape }) => {
    if (input === undefined || places === undefined) return [];
    const stretched = build({ shape, dtype: input.dtype }, index => at(input, index));
    return Array.from(places.data, place => stretched[place] ?? 0);
  },
});

/** The elements where a mask holds, one after another; both are broadcast. */
export function maskedSelect(self: Tensor, mask: Tensor): Tensor {
  if (mask.dtype !== 'bool') {
    throw new EngineError(`masked_select: expected BoolTensor for mask, but got ${mask.dtype}`);
  }
  const shape = broadcastShapes(self.shape, mask.shape);
  const places = placesOf(mask.expand(shape), 'masked_select');
  return apply(maskedSelectOp, [self, longs(places, [places.length], self)], { shape });
}

defineMethods({ nonzero, argwhere, maskedSelect });

declare module '../../tensor' {
  interface Tensor {
    /** The indices of the elements that are not zero: a row for each, or with `asTuple` a list for each dimension. */
    nonzero(): Tensor;
    nonzero(options: { readonly asTuple: true }): Tensor[];
    /** The indices of the elements that are not zero, a row for each. */
    argwhere(): Tensor;
    /** The elements where a mask holds, one after another. */
    maskedSelect(mask: Tensor): Tensor;
  }
}
