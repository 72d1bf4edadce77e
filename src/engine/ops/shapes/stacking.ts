/** Joins by name, dimensions up to a rank, grids, and shapes that tensors are stretched to. */
import { EngineError } from '../../errors';
import { broadcastShapes, formatShape, type Shape, wrapDim } from '../../shape';
import { Tensor } from '../../tensor';
import { zerosLike } from '../creation/creation';
import { gather } from '../indexing/gather';
import { defineMethods } from '../methods';
import { defineSignatures } from '../signatures';
import { cat, stack } from './join';
import { expandTo, reshape, unsqueeze, view } from './views';

/** A function of a tensor that also takes several, one by one or in a list, and then gives several. */
interface OfOneOrSeveral {
  (self: Tensor): Tensor;
  (tensors: readonly Tensor[]): Tensor[];
  (...tensors: readonly [Tensor, Tensor, ...Tensor[]]): Tensor[];
}

function ofOneOrSeveral(one: (self: Tensor) => Tensor): OfOneOrSeveral {
  function each(self: Tensor): Tensor;
  function each(tensors: readonly Tensor[]): Tensor[];
  function each(...tensors: readonly [Tensor, Tensor, ...Tensor[]]): Tensor[];
  function each(first: Tensor | readonly Tensor[], ...others: readonly Tensor[]): Tensor | Tensor[] {
    if (!(first instanceof Tensor)) return first.map(one);
    return others.length === 0 ? one(first) : [first, ...others].map(one);
  }
  return each;
}

const vector = (self: Tensor): Tensor => (self.ndim === 0 ? reshape(self, [1]) : self);

function matrix(self: Tensor): Tensor {
  if (self.ndim === 0) return reshape(self, [1, 1]);
  return self.ndim === 1 ? unsqueeze(self, 0) : self;
}

function matrices(self: Tensor): Tensor {
  if (self.ndim === 0) return reshape(self, [1, 1, 1]);
  if (self.ndim === 1) return unsqueeze(unsqueeze(self, 0), -1);
  return self.ndim === 2 ? unsqueeze(self, -1) : self;
}

/** At least one dimension. */
export const atleast1d: OfOneOrSeveral = ofOneOrSeveral(vector);

/** At least two dimensions; a vector becomes a row. */
export const atleast2d: OfOneOrSeveral = ofOneOrSeveral(matrix);

/** At least three dimensions; a matrix gets a last one. */
export const atleast3d: OfOneOrSeveral = ofOneOrSeveral(matrices);

function checkSome(name: string, tensors: readonly Tensor[]): void {
  if (tensors.length === 0) throw new EngineError(`${name} expects a non-empty TensorList`);
}

/** Tensors side by side. */
export function hstack(tensors: readonly Tensor[]): Tensor {
  checkSome('hstack', tensors);
  const all = tensors.map(vector);
  return cat(all, all[0]?.ndim === 1 ? 0 : 1);
}

/** Tensors one below the other. */
export function vstack(tensors: readonly Tensor[]): Tensor {
  checkSome('vstack', tensors);
  return cat(tensors.map(matrix), 0);
}

/** Tensors one behind the other. */
export function dstack(tensors: readonly Tensor[]): Tensor {
  checkSome('dstack', tensors);
  return cat(tensors.map(matrices), 2);
}

/** Tensors side by side, vectors as columns. */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  checkSome('column_stack', tensors);
  return hstack(tensors.map(x => (x.ndim <= 1 ? reshape(x, [x.numel(), 1]) : x)));
}

/** The tensor stretched to a shape. */
export const broadcastTo = (self: Tensor, shape: Shape): Tensor => expandTo(self, shape);

/** Tensors stretched to the shape in which they meet. */
export function broadcastTensors(...tensors: readonly Tensor[]): Tensor[] {
  const shape = tensors.map(tensor => tensor.shape).reduce(broadcastShapes, []);
  return tensors.map(tensor => expandTo(tensor, shape));
}

/** The coordinates of a grid along each of several axes. */
export function meshgrid(
  tensors: readonly Tensor[],
  { indexing = 'ij' }: { indexing?: string } = {},
): Tensor[] {
  checkSome('meshgrid', tensors);
  if (indexing !== 'ij' && indexing !== 'xy') {
    throw new EngineError(`torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${indexing}`);
  }
  const odd = tensors.find(({ ndim }) => ndim > 1);
  if (odd !== undefined) {
    throw new EngineError(
      `torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: ${formatShape(odd.shape)}`,
    );
  }
  const swaps = indexing === 'xy' && tensors.length >= 2;
  const [first, second, ...rest] = tensors;
  const axes = swaps && first && second ? [second, first, ...rest] : [...tensors];
  const shape = axes.map(axis => axis.numel());
  const grids = axes.map((axis, i) =>
    expandTo(
      view(
        axis,
        shape.map((_, d) => (d === i ? -1 : 1)),
      ),
      shape,
    ),
  );
  if (!swaps) return grids;
  const [a, b, ...others] = grids;
  return a && b ? [b, a, ...others] : grids;
}

/** Every combination of one element of each vector. */
export function cartesianProd(...tensors: readonly Tensor[]): Tensor {
  const odd = tensors.find(({ ndim }) => ndim !== 1);
  if (odd !== undefined) throw new EngineError(`Expect a 1D vector, but got shape ${formatShape(odd.shape)}`);
  const [only] = tensors;
  if (only !== undefined && tensors.length === 1) return only;
  return stack(
    meshgrid(tensors).map(grid => grid.flatten()),
    1,
  );
}

/** {@link gather} with indices that are broadcast; without `dim` both are flattened. */
export function takeAlongDim(self: Tensor, indices: Tensor, dim?: number): Tensor {
  if (indices.dtype !== 'int64') {
    throw new EngineError(`torch.take_along_dim(): dtype of indices should be Long but got ${indices.dtype}`);
  }
  if (dim === undefined) return gather(self.contiguous().view(-1), 0, indices.contiguous().view(-1));
  if (indices.ndim !== self.ndim) {
    throw new EngineError(
      'torch.take_along_dim(): input and indices should have the same number of dimensions, ' +
        `but got ${self.ndim} dimensions for input, and ${indices.ndim} dimensions for indices`,
    );
  }
  const place = wrapDim(dim, self.ndim);
  const without = (shape: Shape) => shape.map((size, i) => (i === place ? 1 : size));
  const shared = broadcastShapes(without(self.shape), without(indices.shape));
  const as = (tensor: Tensor) => {
    const shape = shared.map((size, i) => (i === place ? tensor.size(place) : size));
    return expandTo(tensor, shape);
  };
  return gather(as(self), place, as(indices));
}

/** The `n`-th differences of neighbours along `dim`, with parts put in front and behind first. */
export function diff(
  self: Tensor,
  n = 1,
  dim = -1,
  { prepend, append }: { prepend?: Tensor; append?: Tensor } = {},
): Tensor {
  if (self.ndim === 0) throw new EngineError('diff expects input to be at least one-dimensional');
  const place = wrapDim(dim, self.ndim);
  const around = [prepend, self, append].filter(part => part !== undefined);
  let result = around.length === 1 ? self : cat(around, place);
  for (
    let i = 0;
    i <
    Math.min(
      n,
      around.reduce((sum, part) => sum + part.size(place), 0),
    );
    i++
  ) {
    const length = Math.max(0, result.size(place) - 1);
    const start = Math.min(1, result.size(place));
    const [after, before] = [result.narrow(place, start, length), result.narrow(place, 0, length)];
    result = result.dtype === 'bool' ? after.logicalXor(before) : after.sub(before);
  }
  // The copy that PyTorch makes here is written into zeros, and its node says so.
  return n <= 0 ? zerosLike(self).copy_(self) : result;
}

defineMethods({ broadcastTo, takeAlongDim, diff });
defineSignatures(`
  diff(self, n, dim)
  take_along_dim(self, indices, dim)
  hstack(tensors)
  vstack(tensors)
  row_stack = vstack(tensors)
  dstack(tensors)
  column_stack(tensors)
  broadcast_to(self, size)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The tensor stretched to a shape. */
    broadcastTo(shape: Shape): Tensor;
    /** `gather` with indices that are broadcast; without `dim` both are flattened. */
    takeAlongDim(indices: Tensor, dim?: number): Tensor;
    /** The `n`-th differences of neighbours along `dim`. */
    diff(n?: number, dim?: number, ends?: { prepend?: Tensor; append?: Tensor }): Tensor;
  }
}
