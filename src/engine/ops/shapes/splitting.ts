/** One tensor as several: views of its parts, and dimensions split in two. */
import { EngineError } from '../../errors';
import { evaluate } from '../../runtime/evaluate';
import { formatShape, wrapDim } from '../../shape';
import { Tensor } from '../../tensor';
import { applyJoint } from '../apply';
import { zeros } from '../creation/creation';
import { defineMethods } from '../methods';
import type { JointContext, JointGradient } from '../op';
import { defineSignatures } from '../signatures';
import { cat, stack } from './join';
import { type PartView, selectPart, sliced, slicePart } from './slicing';
import { reshape, transpose } from './views';

/** The parts at each place along `dim`, without that dimension. */
export function unbind(self: Tensor, dim = 0): Tensor[] {
  if (self.ndim === 0) throw new EngineError('Dimension specified as 0 but tensor has no dimensions');
  const place = wrapDim(dim, self.ndim);
  const places = Array.from({ length: self.size(place) }, (_, i) => i);
  return jointViews(
    self,
    unbindGradient,
    place,
    places.map(i => selectPart(self, place, i, 'UnbindBackward0')),
  );
}

type Along = { dim: number };

/** The gradients of all parts; zeros for those where none arrived. */
function complete(grads: readonly (Tensor | undefined)[], { outputMeta }: JointContext<Along>): Tensor[] {
  const [like] = grads.filter(grad => grad !== undefined);
  if (like === undefined) throw new Error('no gradient arrived');
  const { dtype, device } = like;
  return outputMeta.map(({ shape }, i) => grads[i] ?? zeros(shape, { dtype, device }));
}

const unbindGradient: JointGradient<Along> = {
  name: 'UnbindBackward0',
  backward: (grads, context) => [stack(complete(grads, context), context.attributes.dim)],
};

const splitGradient = (name: string): JointGradient<Along> => ({
  name,
  backward: (grads, context) => [cat(complete(grads, context), context.attributes.dim)],
});

/** Views of several parts, which share one node. */
function jointViews(
  self: Tensor,
  gradient: JointGradient<Along>,
  dim: number,
  views: readonly PartView[],
): Tensor[] {
  const parts = views.map(({ part }) => part);
  return applyJoint(gradient, [self], { dim }, parts).map((result, i) => {
    const view = views[i]?.view;
    return view === undefined ? result : Tensor.viewOf(self, view, result);
  });
}

function parts(self: Tensor, dim: number, sizes: readonly number[], node: string): Tensor[] {
  let end = 0;
  const views = sizes.map(size => {
    end += size;
    return slicePart(self, dim, [end - size, end, 1], node);
  });
  return jointViews(self, splitGradient(node), dim, views);
}

/** Parts of `size` along `dim`, the last one smaller if need be; or parts of the sizes in a list. */
export function split(self: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  if (typeof size !== 'number') return splitWithSizes(self, size, dim);
  if (self.ndim === 0) throw new EngineError('split expects at least a 1-dimensional tensor');
  if (size < 0) {
    throw new EngineError(`split expects split_size be non-negative, but got split_size=${size}`);
  }
  const place = wrapDim(dim, self.ndim);
  const whole = self.size(place);
  if (size === 0 && whole !== 0) {
    throw new EngineError(
      `split_size can only be 0 if dimension size is 0, but got dimension size of ${whole}`,
    );
  }
  const count = size === 0 ? 1 : Math.max(1, Math.ceil(whole / size));
  const sizes = Array.from({ length: count }, (_, i) => Math.min(size, whole - i * size));
  return parts(self, place, sizes, 'SplitBackward0');
}

/** Parts of these sizes along `dim`. */
export function splitWithSizes(self: Tensor, sizes: readonly number[], dim = 0): Tensor[] {
  if (self.ndim === 0) throw new EngineError('split_with_sizes expects at least a 1-dimensional tensor');
  const place = wrapDim(dim, self.ndim);
  const sum = sizes.reduce((a, b) => a + b, 0);
  if (sum !== self.size(place) || sizes.some(size => size < 0)) {
    throw new EngineError(
      `split_with_sizes expects split_sizes to sum exactly to ${self.size(place)} (input tensor's size at ` +
        `dimension ${place}), but got split_sizes=${formatShape(sizes)}`,
    );
  }
  return parts(self, place, sizes, 'SplitWithSizesBackward0');
}

/** At most `chunks` parts of equal size along `dim`, the last one smaller if need be. */
export function chunk(self: Tensor, chunks: number, dim = 0): Tensor[] {
  if (self.ndim === 0) throw new EngineError('chunk expects at least a 1-dimensional tensor');
  if (chunks <= 0) throw new EngineError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`);
  const place = wrapDim(dim, self.ndim);
  const size = Math.ceil(self.size(place) / chunks);
  if (size > 0) return split(self, size, place);
  return splitWithSizes(self, new Array<number>(chunks).fill(0), place);
}

/** A number of parts, or the places where they end, as a tensor has them. */
function placesIn(tensor: Tensor): number | number[] {
  const places = Array.from(evaluate(tensor, 'tensor_split'), Number);
  return tensor.ndim === 0 ? (places[0] ?? 0) : places;
}

/** `count` parts whose sizes differ by one at most, or parts that end at each of a list of places. */
export function tensorSplit(self: Tensor, places: number | readonly number[] | Tensor, dim = 0): Tensor[] {
  const at = places instanceof Tensor ? placesIn(places) : places;
  if (self.ndim === 0) throw new EngineError('tensor_split expected at least a 1-dimensional tensor');
  const place = wrapDim(dim, self.ndim);
  const size = self.size(place);
  const node = 'SliceBackward0';
  if (typeof at !== 'number') {
    return [...at, size].map((end, i) => sliced(self, place, [at[i - 1] ?? 0, end, 1], node));
  }
  if (at <= 0) throw new EngineError(`number of sections must be larger than 0, got ${at}`);
  let end = 0;
  return Array.from({ length: at }, (_, i) => {
    const start = end;
    end += Math.floor(size / at) + Number(i < size % at);
    return sliced(self, place, [start, end, 1], node);
  });
}

function splitAlong(name: string, rank: number, self: Tensor, at: number | readonly number[]): Tensor[] {
  if (self.ndim < rank) {
    throw new EngineError(
      `torch.${name} requires a tensor with at least ${rank} dimension${rank === 1 ? '' : 's'}, but got a tensor with ${self.ndim} dimensions!`,
    );
  }
  const dim = name === 'hsplit' ? Math.min(1, self.ndim - 1) : rank - (name === 'vsplit' ? 2 : 1);
  if (typeof at === 'number' && (at === 0 || self.size(dim) % at !== 0)) {
    throw new EngineError(
      `torch.${name} attempted to split along dimension ${dim}, but the size of the dimension ${self.size(dim)} is ` +
        `not divisible by the split_size ${at}!`,
    );
  }
  return tensorSplit(self, at, dim);
}

/** Parts side by side. */
export const hsplit = (self: Tensor, at: number | readonly number[]): Tensor[] =>
  splitAlong('hsplit', 1, self, at);
/** Parts one below the other. */
export const vsplit = (self: Tensor, at: number | readonly number[]): Tensor[] =>
  splitAlong('vsplit', 2, self, at);
/** Parts one behind the other. */
export const dsplit = (self: Tensor, at: number | readonly number[]): Tensor[] =>
  splitAlong('dsplit', 3, self, at);

/** One dimension split into several. */
export function unflatten(self: Tensor, dim: number, sizes: readonly number[]): Tensor {
  const place = wrapDim(dim, self.ndim);
  if (sizes.length === 0) throw new EngineError('unflatten: sizes must be non-empty');
  const known = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const size = self.size(place);
  const inferred = sizes.map(part => (part === -1 ? size / known : part));
  if (inferred.reduce((a, b) => a * b, 1) !== size || !inferred.every(Number.isInteger)) {
    throw new EngineError(
      `unflatten: Provided sizes [${sizes}] don't multiply up to the size of dim ${place} (${size}) in the input tensor`,
    );
  }
  return self.view([...self.shape.slice(0, place), ...inferred, ...self.shape.slice(place + 1)]);
}

/** All elements in one dimension. */
export const ravel = (self: Tensor): Tensor => self.contiguous().view(-1);

defineMethods({
  ...{ unbind, split, splitWithSizes, chunk, tensorSplit, hsplit, vsplit, dsplit, unflatten, ravel },
  reshapeAs: (self: Tensor, other: Tensor) => reshape(self, other.shape),
  swapaxes: (self: Tensor, a: number, b: number) => transpose(self, a, b),
});
defineSignatures(`
  ravel(self)
  unflatten(self, dim, sizes)
  split(self, split_size_or_sections, dim)
  chunk(self, chunks, dim)
  tensor_split(self, indices_or_sections, dim)
  hsplit(self, indices_or_sections)
  vsplit(self, indices_or_sections)
  unbind(self, dim)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The parts at each place along `dim`, without that dimension. */
    unbind(dim?: number): Tensor[];
    /** Parts of `size` along `dim`, or parts of the sizes in a list. */
    split(size: number | readonly number[], dim?: number): Tensor[];
    splitWithSizes(sizes: readonly number[], dim?: number): Tensor[];
    /** At most `chunks` parts of equal size along `dim`. */
    chunk(chunks: number, dim?: number): Tensor[];
    tensorSplit(at: number | readonly number[] | Tensor, dim?: number): Tensor[];
    hsplit(at: number | readonly number[]): Tensor[];
    vsplit(at: number | readonly number[]): Tensor[];
    dsplit(at: number | readonly number[]): Tensor[];
    /** One dimension split into several. */
    unflatten(dim: number, sizes: readonly number[]): Tensor;
    /** All elements in one dimension. */
    ravel(): Tensor;
    reshapeAs(other: Tensor): Tensor;
    swapaxes(a: number, b: number): Tensor;
  }
}
