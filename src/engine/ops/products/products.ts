/** Products made of others: outer and inner products, and contractions. */
import { EngineError } from '../../errors';
import { formatShape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { defineMethods } from '../methods';
import { permute, reshape } from '../shapes/views';
import { defineSignatures } from '../signatures';
import { mm } from './matmul';

/** The product of each element of one vector with each of another. */
export function outer(self: Tensor, other: Tensor): Tensor {
  for (const [name, tensor] of [
    ['self', self],
    ['vec2', other],
  ] as const) {
    if (tensor.ndim !== 1) {
      throw new EngineError(`outer: Expected 1-D argument ${name}, but got ${tensor.ndim}-D`);
    }
  }
  return reshape(self, [self.size(0), 1]).mul(other);
}

/** The products of the last dimensions of both, summed. */
export function inner(self: Tensor, other: Tensor): Tensor {
  if (self.ndim === 0 || other.ndim === 0) return self.mul(other);
  if (self.size(-1) !== other.size(-1)) {
    throw new EngineError(
      `inner() the last dimension must match on both input tensors but got shapes ${formatShape(self.shape)} and ` +
        formatShape(other.shape),
    );
  }
  return tensordot(self, other, [[-1], [-1]]);
}

type Contracted = number | readonly [readonly number[], readonly number[]];

/** The products summed over pairs of dimensions: the last `dims` of one with the first of the other, or as listed. */
export function tensordot(self: Tensor, other: Tensor, dims: Contracted = 2): Tensor {
  const count = typeof dims === 'number' ? dims : 0;
  if (count < 0) throw new EngineError(`tensordot expects dims >= 0, but got dims=${count}`);
  const listed =
    typeof dims === 'number'
      ? [Array.from({ length: count }, (_, i) => i - count), Array.from({ length: count }, (_, i) => i)]
      : dims;
  const own = (listed[0] ?? []).map(dim => wrapDim(dim, self.ndim));
  const others = (listed[1] ?? []).map(dim => wrapDim(dim, other.ndim));
  if (own.length !== others.length) {
    throw new EngineError('both dimension lists should have same length');
  }
  own.forEach((dim, i) => {
    if (self.size(dim) !== other.size(others[i] ?? 0)) {
      throw new EngineError(
        `contracted dimensions need to match, but first has size ${self.size(dim)} in dim ${dim} and second has ` +
          `size ${other.size(others[i] ?? 0)} in dim ${others[i]}`,
      );
    }
  });
  const rows = self.shape.map((_, i) => i).filter(dim => !own.includes(dim));
  const columns = other.shape.map((_, i) => i).filter(dim => !others.includes(dim));
  const length = own.reduce((product, dim) => product * self.size(dim), 1);
  const size = (tensor: Tensor, of: readonly number[]) => of.reduce((n, dim) => n * tensor.size(dim), 1);
  const left = reshape(permute(self, [...rows, ...own]), [size(self, rows), length]);
  const right = reshape(permute(other, [...others, ...columns]), [length, size(other, columns)]);
  const shape = [...rows.map(dim => self.size(dim)), ...columns.map(dim => other.size(dim))];
  return reshape(mm(left, right), shape);
}

/** The transpose of each matrix of a batch (PyTorch's `mT`). */
export function mT(self: Tensor): Tensor {
  if (self.ndim === 0) return self;
  if (self.ndim < 2) {
    throw new EngineError(
      `tensor.mT is only supported on matrices or batches of matrices. Got ${self.ndim}-D tensor.`,
    );
  }
  return self.transpose(-2, -1);
}

/** The dimensions in reverse order (PyTorch's property `T`). */
export function T(self: Tensor): Tensor {
  return permute(self, [...self.shape.keys()].reverse());
}

defineMethods({ outer, inner, mT, T });
defineSignatures(`
  inner(self, other)
  outer(self, other)
  ger = outer(self, other)
  tensordot(self, other, dims)
  adjoint = mT(self)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The product of each element of this vector with each of another. */
    outer(other: Tensor): Tensor;
    /** The products of the last dimensions of both, summed. */
    inner(other: Tensor): Tensor;
    /** The transpose of each matrix of a batch (PyTorch's property `mT`). */
    mT(): Tensor;
    /** The dimensions in reverse order (PyTorch's property `T`). */
    T(): Tensor;
  }
}
