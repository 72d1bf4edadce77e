/** Arithmetic on shapes: sizes, strides, broadcasting and dimensions counted from the end. */
import { EngineError, IndexError } from './errors';

/** Sizes of a tensor along its dimensions; `[]` for a tensor without dimensions. */
export type Shape = readonly number[];

/** How many elements a tensor of this shape has. */
export function numel(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape as PyTorch prints it: `[64, 784]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** True if both shapes have the same sizes. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** Element steps of a row-major array along each dimension. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i] ?? 1;
  }
  return strides;
}

/** A dimension counted from the front: −1 is the last. A tensor without dimensions takes 0 and −1. */
export function wrapDim(dim: number, rank: number): number {
  const limit = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -limit || dim >= limit) {
    throw new IndexError(
      `Dimension out of range (expected to be in range of [${-limit}, ${limit - 1}], but got ${dim})`,
    );
  }
  return dim < 0 ? dim + limit : dim;
}

/** Several dimensions counted from the front, ascending; all of them where none is given. */
export function wrapDims(dims: number | readonly number[] | undefined, rank: number): number[] {
  if (dims === undefined || (typeof dims !== 'number' && dims.length === 0)) {
    return Array.from({ length: rank }, (_, i) => i);
  }
  const list = typeof dims === 'number' ? [dims] : dims;
  const wrapped = list.map(dim => wrapDim(dim, rank));
  const twice = wrapped.find((dim, i) => wrapped.indexOf(dim) !== i);
  if (twice !== undefined) throw new EngineError(`dim ${twice} appears multiple times in the list of dims`);
  return rank === 0 ? [] : wrapped.sort((a, b) => a - b);
}

/** The shape that two tensors are stretched to when they meet in an elementwise operation. */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const sizeA = a[a.length - i] ?? 1;
    const sizeB = b[b.length - i] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new EngineError(
        `The size of tensor a (${sizeA}) must match the size of tensor b (${sizeB}) ` +
          `at non-singleton dimension ${rank - i} (shapes ${formatShape(a)} and ${formatShape(b)})`,
      );
    }
    result[rank - i] = sizeA === 1 ? sizeB : sizeA;
  }
  return result;
}

/** The shape with `dims` removed, or kept with size 1. */
export function reduceShape(shape: Shape, dims: readonly number[], keepdim: boolean): number[] {
  if (keepdim) return shape.map((size, i) => (dims.includes(i) ? 1 : size));
  return shape.filter((_, i) => !dims.includes(i));
}

/** `shape` with one size of −1 filled in, so that it holds `count` elements. */
export function inferShape(shape: Shape, count: number): number[] {
  const unknown = shape.filter(size => size === -1).length;
  if (unknown > 1) throw new EngineError('only one dimension can be inferred');
  const wrong = shape.find(size => !Number.isInteger(size) || size < -1);
  if (wrong !== undefined) throw new EngineError(`invalid shape dimension ${wrong}`);
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  if (unknown === 1 && known === 0) {
    throw new EngineError(
      `cannot reshape tensor of ${count} elements into shape ${formatShape(shape)} because the ` +
        'unspecified dimension size -1 can be any value and is ambiguous',
    );
  }
  const fits = unknown === 1 ? count % known === 0 : count === known;
  if (!fits) throw new EngineError(`shape '${formatShape(shape)}' is invalid for input of size ${count}`);
  return shape.map(size => (size === -1 ? count / known : size));
}

/** The element steps of `shape` over numbers that lie with `strides`, or undefined if only a copy can have it. */
export function reshapeStrides(from: Shape, strides: readonly number[], shape: Shape): number[] | undefined {
  if (from.length === 0 || numel(from) === 0) return stridesOf(shape);
  const result = new Array<number>(shape.length);
  let place = shape.length - 1;
  let [step, have, given] = [strides.at(-1) ?? 1, 1, 1];
  for (let dim = from.length - 1; dim >= 0; dim--) {
    have *= from[dim] ?? 1;
    const outer = from[dim - 1];
    const outerStep = strides[dim - 1];
    if (outer !== undefined && (outer === 1 || outerStep === have * step)) continue;
    // A stretch of numbers that lie evenly ends here: the new sizes must come out even with it.
    while (place >= 0 && (given < have || shape[place] === 1)) {
      result[place] = given * step;
      given *= shape[place] ?? 1;
      place--;
    }
    if (given !== have) return undefined;
    [step, have, given] = [outerStep ?? 1, 1, 1];
  }
  return place === -1 ? result : undefined;
}
