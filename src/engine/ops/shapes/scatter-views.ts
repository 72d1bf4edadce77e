/** A tensor with a part of it taken from another: what a view would let one write in place. */
import { EngineError } from '../../errors';
import { formatShape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { defineMethods } from '../methods';
import { defineSignatures } from '../signatures';
import { diagonalOf, diagonalScatterOp, diagonalShape } from './diagonals';
import { type Bound, rangeFor, selectionFor, selectScatterOp, sliceScatterOp } from './slicing';

function checkPart(source: Tensor, shape: readonly number[]): void {
  if (sameShape(source.shape, shape)) return;
  throw new EngineError(
    `expected src to have a size equal to the slice of self. src size = ${formatShape(source.shape)}, slice size = ${formatShape(shape)}`,
  );
}

/** `self` with `source` in the place of `self.slice(dim, start, end, step)`. */
export function sliceScatter(
  self: Tensor,
  source: Tensor,
  dim = 0,
  start?: Bound,
  end?: Bound,
  step = 1,
): Tensor {
  const range = rangeFor(self, dim, [start, end, step], 'SliceScatterBackward0');
  const length = Math.max(0, Math.ceil((range.end - range.start) / step));
  checkPart(source, self.shape.with(range.dim, length));
  return apply(sliceScatterOp, [self, source], range);
}

/** `self` with `source` in the place of `self.select(dim, index)`. */
export function selectScatter(self: Tensor, source: Tensor, dim: number, index: number): Tensor {
  const selection = selectionFor(self, dim, index, 'SelectScatterBackward0');
  checkPart(source, self.shape.toSpliced(selection.dim, 1));
  return apply(selectScatterOp, [self, source], selection);
}

/** `self` with `source` in the place of `self.diagonal(offset, dim1, dim2)`. */
export function diagonalScatter(self: Tensor, source: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  const attributes = diagonalOf(self, offset, dim1, dim2);
  checkPart(source, diagonalShape(self.shape, attributes));
  return apply(diagonalScatterOp, [self, source], attributes);
}

defineMethods({ sliceScatter, selectScatter, diagonalScatter });
defineSignatures(`
  slice_scatter(self, src, dim, start, end, step)
  select_scatter(self, src, dim, index)
  diagonal_scatter(self, src, offset, dim1, dim2)
`);

declare module '../../tensor' {
  interface Tensor {
    /** This with `source` in the place of `slice(dim, start, end, step)`. */
    sliceScatter(source: Tensor, dim?: number, start?: Bound, end?: Bound, step?: number): Tensor;
    /** This with `source` in the place of `select(dim, index)`. */
    selectScatter(source: Tensor, dim: number, index: number): Tensor;
    /** This with `source` in the place of `diagonal(offset, dim1, dim2)`. */
    diagonalScatter(source: Tensor, offset?: number, dim1?: number, dim2?: number): Tensor;
  }
}
