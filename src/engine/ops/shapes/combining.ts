/** Matrices put together of others, tuples of elements, and the places of triangles. */
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { arange, ones, type TensorOptions, tensor, zeros } from '../creation/creation';
import { maskedSelect } from '../indexing/nonzero';
import { defineMethods } from '../methods';
import { defineSignatures } from '../signatures';
import { stack } from './join';
import { meshgrid } from './stacking';
import { unsafeView } from './views';

/** The Kronecker product: each element of `self` times all of `other`. */
export function kron(self: Tensor, other: Tensor): Tensor {
  const rank = Math.max(self.ndim, other.ndim);
  const padded = ({ shape }: Tensor) => [...Array<number>(rank - shape.length).fill(1), ...shape];
  const [a, b] = [padded(self), padded(other)];
  const left = unsafeView(
    self,
    a.flatMap(size => [size, 1]),
  );
  const right = unsafeView(
    other,
    b.flatMap(size => [1, size]),
  );
  return unsafeView(
    left.mul(right),
    a.map((size, i) => size * (b[i] ?? 1)),
  );
}

/** All choices of `r` elements of a list, with `withReplacement` also the same one several times. */
export function combinations(self: Tensor, r = 2, withReplacement = false): Tensor {
  if (self.ndim !== 1) throw new EngineError(`Expect a 1D vector, but got shape [${self.shape.join(', ')}]`);
  if (!(r >= 0)) throw new EngineError(`Expect a non-negative number, but got ${r}`);
  if (r === 0) return zeros([0], { dtype: self.dtype, device: self.device });
  const count = self.numel();
  const grids = meshgrid(
    Array.from({ length: r }, () => self),
    { indexing: 'ij' },
  );
  const places = meshgrid(
    Array.from({ length: r }, () => arange(0, count, 1, { device: self.device })),
    { indexing: 'ij' },
  );
  let mask = ones(Array<number>(r).fill(count), { dtype: 'bool', device: self.device });
  for (let i = 0; i + 1 < r; i++) {
    const [before, after] = [places[i], places[i + 1]];
    if (before !== undefined && after !== undefined)
      mask = mask.logicalAnd(withReplacement ? before.le(after) : before.lt(after));
  }
  return stack(
    grids.map(grid => maskedSelect(grid, mask)),
    1,
  );
}

function triangleIndices(
  rows: number,
  columns: number,
  holds: (row: number, column: number) => boolean,
  options: TensorOptions,
): Tensor {
  const places: [number, number][] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) if (holds(row, column)) places.push([row, column]);
  const flat = [...places.map(([row]) => row), ...places.map(([, column]) => column)];
  return tensor(flat, { dtype: 'int64', ...options }).reshape([2, places.length]);
}

/** Rows and columns of the elements on and below a diagonal, [2, count]. */
export function trilIndices(rows: number, columns: number, offset = 0, options: TensorOptions = {}): Tensor {
  return triangleIndices(rows, columns, (row, column) => column - row <= offset, options);
}

/** Rows and columns of the elements on and above a diagonal, [2, count]. */
export function triuIndices(rows: number, columns: number, offset = 0, options: TensorOptions = {}): Tensor {
  return triangleIndices(rows, columns, (row, column) => column - row >= offset, options);
}

defineMethods({ kron });
defineSignatures(`
  kron(self, other)
  combinations(self, r, with_replacement)
  tril_indices(row, col, offset)
  triu_indices(row, col, offset)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The Kronecker product: each element of this times all of `other`. */
    kron(other: Tensor): Tensor;
  }
}
