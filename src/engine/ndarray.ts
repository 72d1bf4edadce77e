/** Numbers on the host: what the reference kernels compute with, and what is read back from a device. */
import type { DType, TypedArray } from './dtype';
import type { Shape } from './shape';

/** A dense row-major array. */
export interface NDArray {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: TypedArray;
}

/** Nested lists of numbers, as `tensor.tolist()` gives them and `tensor()` takes them. */
export type NestedList = number | bigint | boolean | readonly NestedList[];

/** The elements of an array as nested lists; int64 as numbers, bool as booleans. */
export function toNested(array: NDArray): NestedList {
  const { data, dtype, shape } = array;
  let position = 0;
  const build = (depth: number): NestedList => {
    if (depth < shape.length) return Array.from({ length: shape[depth] ?? 0 }, () => build(depth + 1));
    const value = data[position++] ?? 0;
    return dtype === 'bool' ? value !== 0 : Number(value);
  };
  return build(0);
}
