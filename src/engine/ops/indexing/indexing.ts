/** Python's brackets, `x[…]` and `x[…] = value`, with what may stand between them. */
import { isFloating } from '../../dtype';
import { IndexError } from '../../errors';
import { formatShape, type Shape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { inPlace, type TensorLike, wrapNumber } from '../apply';
import { full, tensor } from '../creation/creation';
import { fillWith } from '../creation/to';
import { defineMethods } from '../methods';
import { select, slice } from '../shapes/slicing';
import { alias, unsqueeze } from '../shapes/views';
import { putAt } from './index-put';
import { indexTensors, type Pick } from './index-tensors';
import { nonzeroIndices } from './nonzero';

/** A range of places, as `start:stop:step` in Python. */
export class Slice {
  constructor(
    readonly start: number | null = null,
    readonly stop: number | null = null,
    readonly step = 1,
  ) {}
}

/**
 * One entry between the brackets of Python's `x[…]`: a number, a `Slice` or text such as `'1:3'` or `':'`,
 * `null` for a new dimension, `'...'` for all dimensions not mentioned, a tensor of indices, or a mask: a tensor of
 * bools for as many dimensions as it has, or `true` and `false` for a new one.
 */
export type Index = number | Slice | string | null | boolean | Tensor;

function parseSlice(text: string): Slice {
  const match = /^(-?\d*):(-?\d*)(?::(\d+))?$/.exec(text.replaceAll(' ', ''));
  if (match === null)
    throw new IndexError(`'${text}' is not an index: expected '...', or a slice such as '1:3'`);
  const [, start, stop, step] = match;
  return new Slice(start ? Number(start) : null, stop ? Number(stop) : null, step ? Number(step) : 1);
}

/** PyTorch passes over a slice that names exactly all places, such as `0:4`, but not over `:`. */
function isWhole({ start, stop, step }: Slice, size: number): boolean {
  return step === 1 && (start ?? 0) === 0 && stop === size;
}

/** True for a tensor that chooses elements by what it holds and not by their places. */
function isMask(item: Tensor): boolean {
  return item.dtype === 'bool' || item.dtype === 'uint8';
}

/** How many dimensions an entry stands for. */
function consumes(item: Index): number {
  if (item === null || item === '...' || typeof item === 'boolean') return 0;
  return typeof item === 'object' && !(item instanceof Slice) && isMask(item) ? item.ndim : 1;
}

/** The places where a mask holds, for the dimensions from `dim` on. */
function picksOfMask(whole: Shape, dim: number, mask: Tensor): Pick[] {
  if (!sameShape(mask.shape, whole.slice(dim, dim + mask.ndim))) {
    throw new IndexError(
      `The shape of the mask ${formatShape(mask.shape)} at index ${dim} does not match the shape of the indexed ` +
        `tensor ${formatShape(whole)} at index ${dim}`,
    );
  }
  return nonzeroIndices(mask, 'indexing by a mask').map((indices, i) => ({ dim: dim + i, indices }));
}

/** An entry as a tensor or a place: a tensor of one index counts as that index where it is known, as in PyTorch. */
function plain(item: Index, self: Tensor): Exclude<Index, boolean> {
  if (typeof item === 'boolean') return tensor(item, { device: self.device });
  if (item === null || typeof item !== 'object' || item instanceof Slice) return item;
  const [known] =
    item.ndim === 0 && !isMask(item) && !isFloating(item.dtype) ? (item.expr.buffer?.host ?? []) : [];
  return known === undefined ? item : Number(known);
}

/** The view that the plain entries give, and what is picked from it. */
function resolve(self: Tensor, items: readonly Index[]): { view: Tensor; picks: readonly Pick[] } {
  const consumed = items.reduce<number>((sum, item) => sum + consumes(item), 0);
  if (consumed > self.ndim) {
    throw new IndexError(`too many indices for tensor of dimension ${self.ndim}`);
  }
  let view = self;
  let dim = 0;
  const masks: { dim: number; mask: Tensor }[] = [];
  const picks: Pick[] = [];
  for (const given of items) {
    const item = plain(given, self);
    if (item === '...') dim += self.ndim - consumed;
    else if (item === null) view = unsqueeze(view, dim++);
    else if (typeof item === 'number') view = select(view, dim, item);
    else if (typeof item === 'string' || item instanceof Slice) {
      const range = typeof item === 'string' ? parseSlice(item) : item;
      if (items.length === 1 || !isWhole(range, view.size(dim)))
        view = slice(view, dim, range.start, range.stop, range.step);
      dim++;
    } else if (!isMask(item)) picks.push({ dim: dim++, indices: item });
    else {
      const mask = item.ndim === 0 ? item.reshape([1]) : item;
      if (item.ndim === 0) view = unsqueeze(view, dim);
      masks.push({ dim, mask });
      dim += mask.ndim;
    }
  }
  const { shape } = view;
  picks.push(...masks.flatMap(({ dim: first, mask }) => picksOfMask(shape, first, mask)));
  return { view, picks: picks.sort((a, b) => a.dim - b.dim) };
}

/** Python's `self[items]`. */
export function index(self: Tensor, items: readonly Index[]): Tensor {
  const { view, picks } = resolve(self, items);
  // Views come first, whatever the order between the brackets.
  if (picks.length > 0) return indexTensors(view, picks);
  return view === self ? alias(self) : view;
}

/** A value without leading dimensions of size 1, which its place may lack. */
function withoutLeadingOnes(value: Tensor): Tensor {
  const first = value.shape.findIndex(size => size !== 1);
  return value.view(first === -1 ? [] : value.shape.slice(first));
}

/** The value of an assignment in the shape of its place: leading ones fall away, the rest is broadcast. */
function stretchedTo(value: Tensor, shape: Shape): Tensor {
  if (sameShape(value.shape, shape)) return value;
  const kept = withoutLeadingOnes(value);
  return sameShape(kept.shape, shape) ? kept : kept.expand(shape);
}

/** Python's `self[items] = value`; with `accumulate`, the value is added where tensors of indices point. */
export function indexPut_(
  self: Tensor,
  items: readonly Index[],
  value: TensorLike,
  accumulate = false,
): Tensor {
  const { view, picks } =
    items.length === 1 && items[0] === '...' ? { view: self, picks: [] } : resolve(self, items);
  if (picks.length > 0) {
    const { dtype, device } = self;
    const given = typeof value === 'number' ? full([], value, { dtype, device }) : value;
    const values = given.shape[0] === 1 ? withoutLeadingOnes(given) : given;
    inPlace(view, target => putAt(target, picks, values, accumulate));
    return self;
  }
  const source = typeof value === 'number' ? wrapNumber(value, self.device) : value;
  const place = view === self && items[0] !== '...' ? alias(self) : view;
  if (source.ndim === 0) fillWith(place, source);
  else place.copy_(stretchedTo(source, place.shape));
  return self;
}

/** A copy of `self` with `values` at the places that tensors of indices or a mask name, or added to what is there. */
export function indexPut(self: Tensor, items: readonly Tensor[], values: Tensor, accumulate = false): Tensor {
  const { view, picks } = resolve(self, items);
  return putAt(view, picks, values, accumulate);
}

defineMethods({ index, indexPut, indexPut_ });

declare module '../../tensor' {
  interface Tensor {
    /** Python's `this[items]`, such as `x.index([0, '1:3', '...'])` or `x.index([x.gt(0)])`. */
    index(items: readonly Index[]): Tensor;
    /** A copy with `values` at the places that tensors of indices name, or added to what is there. */
    indexPut(items: readonly Tensor[], values: Tensor, accumulate?: boolean): Tensor;
    /** Python's `this[items] = value`; with `accumulate`, the value is added where tensors of indices point. */
    indexPut_(items: readonly Index[], value: TensorLike, accumulate?: boolean): Tensor;
  }
}
