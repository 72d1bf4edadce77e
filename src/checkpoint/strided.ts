/** Elements that lie in their storage in another order than row by row. */
import { elementCount } from './stored';

/** Whether elements lie in row-major order without gaps; the stride of a dimension of 1 says nothing. */
export function rowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 0;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

/**
 * Copies elements in row-major order, whatever their type.
 *
 * @param from the bytes, from the first element on
 * @param size bytes of an element
 * @param strides how many elements further the next one of each dimension is
 */
export function gather(
  from: Uint8Array,
  size: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array {
  const to = new Uint8Array(elementCount(shape) * size);
  const index = shape.map(() => 0);
  let at = 0;
  for (let out = 0; out < to.length; out += size) {
    for (let byte = 0; byte < size; byte++) to[out + byte] = from[at + byte] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const stride = (strides[axis] ?? 0) * size;
      const next = (index[axis] ?? 0) + 1;
      at += stride;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      at -= stride * next;
      index[axis] = 0;
    }
  }
  return to;
}

/** Strides of Fortran's order, in which the first index changes fastest. */
export function firstFastest(shape: readonly number[]): number[] {
  let stride = 1;
  return shape.map(size => {
    const own = stride;
    stride *= size;
    return own;
  });
}
