/**
 * What reference kernels are made of: walking over elements of broadcast, permuted and reduced arrays.
 * Small and obvious, never fast.
 */
import type { Meta } from '../expr';
import { numel, type Shape, stridesOf } from '../shape';
import type { Values } from './op';

/** A number that was stored as an attribute; see `encodeNumber`. */
export function decodeNumber(value: number | string): number {
  return typeof value === 'number' ? value : value === '-0' ? -0 : Number(value);
}

/** Calls `visit` with every index of an array of this shape, in row-major order; `index` is reused. */
export function eachIndex(shape: Shape, visit: (index: readonly number[], position: number) => void): void {
  const index = new Array<number>(shape.length).fill(0);
  const count = numel(shape);
  for (let position = 0; position < count; position++) {
    visit(index, position);
    for (let dim = shape.length - 1; dim >= 0; dim--) {
      const next = (index[dim] ?? 0) + 1;
      index[dim] = next === shape[dim] ? 0 : next;
      if (next !== shape[dim]) break;
    }
  }
}

/** The position of `index` in an array of this shape; dimensions of size 1 are stretched. */
export function positionOf(shape: Shape, index: readonly number[]): number {
  const strides = stridesOf(shape);
  const skipped = index.length - shape.length;
  let position = 0;
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] !== 1) position += (index[i + skipped] ?? 0) * (strides[i] ?? 0);
  }
  return position;
}

/** The element at `index` of an array that may be broadcast. */
export function at(values: Values, index: readonly number[]): number {
  return values.data[positionOf(values.shape, index)] ?? 0;
}

/** Builds the elements of `output` from their indices. */
export function build(output: Meta, element: (index: readonly number[]) => number): Float64Array {
  const result = new Float64Array(numel(output.shape));
  eachIndex(output.shape, (index, position) => {
    result[position] = element(index);
  });
  return result;
}

/** A kernel that applies `f` to elements that meet when the inputs are broadcast. */
export function elementwise(f: (...operands: number[]) => number) {
  return (inputs: readonly Values[], _attributes: unknown, output: Meta): Float64Array =>
    build(output, index => f(...inputs.map(input => at(input, index))));
}

/**
 * For each element of `output`, hands `reduce` the elements of `input` along `dims`. `dims` are sorted;
 * `output` is `input` without them, or with size 1 there.
 */
export function reduceAlong(
  input: Values,
  dims: readonly number[],
  reduce: (elements: readonly number[]) => number,
): Float64Array {
  const kept = input.shape.map((size, i) => (dims.includes(i) ? 1 : size));
  const reduced = input.shape.map((size, i) => (dims.includes(i) ? size : 1));
  return build({ shape: kept, dtype: input.dtype }, outer => {
    const elements: number[] = [];
    eachIndex(reduced, inner => {
      elements.push(
        at(
          input,
          outer.map((o, i) => o + (inner[i] ?? 0)),
        ),
      );
    });
    return reduce(elements);
  });
}

/**
 * Hands `map` each row of elements along `dim`, and writes the `size` numbers that it gives in the row's place.
 * A tensor without dimensions is one row of one element.
 */
export function mapRows(
  input: Values,
  dim: number,
  size: number,
  map: (row: readonly number[]) => ArrayLike<number>,
): Float64Array {
  const length = input.shape[dim] ?? 1;
  const [outer, inner] = [numel(input.shape.slice(0, dim)), numel(input.shape.slice(dim + 1))];
  const result = new Float64Array(outer * size * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const row = Array.from({ length }, (_, k) => input.data[(o * length + k) * inner + i] ?? 0);
      const mapped = map(row);
      for (let k = 0; k < size; k++) result[(o * size + k) * inner + i] = mapped[k] ?? 0;
    }
  }
  return result;
}
