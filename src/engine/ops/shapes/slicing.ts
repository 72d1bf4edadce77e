/** Parts of a tensor along its dimensions: `select`, `slice`, and `index` with PyTorch's C++ spelling. */
import { EngineError, IndexError } from '../../errors';
import type { Meta } from '../../expr';
import { evaluate } from '../../runtime/evaluate';
import { wrapDim } from '../../shape';
import type { Tensor, View } from '../../tensor';
import { apply, type Part, part } from '../apply';
import { zeros, zerosLike } from '../creation/creation';
import { at, build } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { reshapeOp, unsqueeze, viewOf } from './views';

/** Every `step`-th place from `start` until before `end`, all within the dimension. */
type Range = { dim: number; start: number; end: number; step: number; node: string };

/** One place of a dimension. */
type Select = { dim: number; index: number; node: string };

function rangeLength({ start, end, step }: Range): number {
  return Math.max(0, Math.ceil((end - start) / step));
}

function resized(meta: Meta | undefined, range: Range): Meta {
  const shape = (meta?.shape ?? []).map((size, i) => (i === range.dim ? rangeLength(range) : size));
  return { shape, dtype: meta?.dtype ?? 'float32' };
}

const sliceOp = defineOp<Range>({
  name: 'slice',
  formula: 'a range of a dimension',
  infer: ([input], range) => resized(input, range),
  gradient: {
    name: ({ node }) => node,
    backward: (grad, { attributes, inputMeta }) => [placed(grad, inputMeta[0], attributes)],
  },
  lower: (graph, { inputs, attributes: { dim, start, end, step } }) =>
    inputs.map(input =>
      graph.node('Slice', [graph.value(input), ...[start, end, dim, step].map(value => graph.ints([value]))]),
    )[0] ?? '',
  kernel: ([input], { dim, start, step }, output) =>
    build(output, index =>
      input === undefined
        ? 0
        : at(
            input,
            index.map((i, d) => (d === dim ? start + i * step : i)),
          ),
    ),
});

/** The first input with the places of a range taken from the second one. */
export const sliceScatterOp = defineOp<Range>({
  name: 'slice_scatter',
  infer: ([base]) => ({ shape: base?.shape ?? [], dtype: base?.dtype ?? 'float32' }),
  gradient: {
    name: 'SliceScatterBackward0',
    backward: (grad, { attributes }) => {
      const part = apply(sliceOp, [grad], attributes);
      return [sliceScatter(grad, zerosLike(part), attributes), part];
    },
  },
  lower(graph, { inputs: [base, part], shape, attributes: { dim, start, end, step }, dtype }) {
    if (base === undefined || part === undefined) throw new Error('slice_scatter takes two inputs');
    const size = shape[dim] ?? 0;
    const sources = Array.from({ length: size }, (_, i) => i);
    for (let from = start, i = 0; from < end; from += step, i++) sources[from] = size + i;
    const both = graph.node('Concat', [graph.value(base), graph.as(part, dtype)], { axis: dim });
    return graph.node('Gather', [both, graph.ints(sources)], { axis: dim });
  },
  kernel: ([base, part], range, output) =>
    build(output, index => {
      const offset = (index[range.dim] ?? 0) - range.start;
      const inside = offset >= 0 && offset % range.step === 0 && offset / range.step < rangeLength(range);
      if (base === undefined || part === undefined) return 0;
      if (!inside) return at(base, index);
      const source = index.map((i, d) => (d === range.dim ? offset / range.step : i));
      const { data, shape } = part;
      return data[source.reduce((position, i, d) => position * (shape[d] ?? 1) + i, 0)] ?? 0;
    }),
});

function sliceScatter(base: Tensor, part: Tensor, range: Range): Tensor {
  return apply(sliceScatterOp, [base, part], range);
}

/** Zeros of a shape with `part` at the places of a range. */
function placed(part: Tensor, meta: Meta | undefined, range: Range): Tensor {
  return sliceScatter(zeros(meta?.shape ?? [], { dtype: part.dtype, device: part.device }), part, range);
}

/** A place in a dimension; without one, its beginning or end. */
export type Bound = number | null | undefined;

/** Every `step`-th element along `dim` from `start` until before `end`; negative ones count from the end. */
export function slice(self: Tensor, dim = 0, start?: number | null, end?: number | null, step = 1): Tensor {
  return sliced(self, dim, [start, end, step], 'SliceBackward0');
}

/** A view, and the operation that computes it first. */
export interface PartView {
  readonly view: View;
  readonly part: Part;
}

/** {@link slice} with another name for its node: for `split` and its like. */
export function sliced(
  self: Tensor,
  dim: number,
  bounds: readonly [Bound, Bound, number],
  node: string,
): Tensor {
  return viewOf(self, slicePart(self, dim, bounds, node).view);
}

/** {@link sliced}, not yet made. */
export function slicePart(
  self: Tensor,
  dim: number,
  [start, end, step]: readonly [Bound, Bound, number],
  node: string,
): PartView {
  const range = rangeFor(self, dim, [start, end, step], node);
  const view: View = {
    strides: base => base.map((stride, i) => (i === range.dim ? stride * step : stride)),
    forward: base => apply(sliceOp, [base], range),
    scatter: (base, value) => sliceScatter(base, value, range),
  };
  return { view, part: part(sliceOp, range) };
}

/** A range of a tensor's dimension, with its bounds within. */
export function rangeFor(
  self: Tensor,
  dim: number,
  [start, end, step]: readonly [Bound, Bound, number],
  node: string,
): Range {
  if (self.ndim === 0) throw new EngineError('slice() cannot be applied to a 0-dim tensor.');
  if (step <= 0 || !Number.isInteger(step)) throw new EngineError('slice step must be positive');
  const place = wrapDim(dim, self.ndim);
  const size = self.shape[place] ?? 0;
  const inside = (value: number) => Math.min(Math.max(value < 0 ? value + size : value, 0), size);
  const from = inside(start ?? 0);
  return { dim: place, start: from, end: Math.max(from, inside(end ?? size)), step, node };
}

const rangeOf = ({ dim, index, node }: Select): Range => ({
  dim,
  start: index,
  end: index + 1,
  step: 1,
  node,
});

const selectOp = defineOp<Select>({
  name: 'select',
  formula: 'one index of a dimension',
  infer: ([input], { dim }) => ({
    shape: (input?.shape ?? []).filter((_, i) => i !== dim),
    dtype: input?.dtype ?? 'float32',
  }),
  gradient: {
    name: ({ node }) => node,
    backward: (grad, { attributes, inputMeta }) => [
      placed(unsqueeze(grad, attributes.dim), inputMeta[0], rangeOf(attributes)),
    ],
  },
  lower: (graph, { inputs, attributes: { dim, index } }) =>
    inputs.map(input =>
      graph.node('Gather', [graph.value(input), graph.scalar(index, 'int64')], { axis: dim }),
    )[0] ?? '',
  kernel: ([input], { dim, index }, output) =>
    build(output, outer =>
      input === undefined ? 0 : at(input, [...outer.slice(0, dim), index, ...outer.slice(dim)]),
    ),
});

/** The first input with one place along a dimension taken from the second, which lacks the dimension. */
export const selectScatterOp: Op<Select> = defineOp<Select>({
  name: 'select_scatter',
  infer: ([base]) => ({ shape: base?.shape ?? [], dtype: base?.dtype ?? 'float32' }),
  gradient: {
    name: 'SelectScatterBackward0',
    backward: (grad, { attributes }) => {
      const part = apply(selectOp, [grad], attributes);
      return [apply(selectScatterOp, [grad, zerosLike(part)], attributes), part];
    },
  },
  lower(graph, { inputs: [base, part], shape, attributes: { dim, index }, dtype }) {
    if (base === undefined || part === undefined) throw new Error('select_scatter takes two inputs');
    const row = graph.ints(shape.map((size, i) => (i === dim ? 1 : size)));
    const rows = graph.node('Reshape', [graph.as(part, dtype), row], { allowzero: 1 });
    const sources = Array.from({ length: shape[dim] ?? 0 }, (_, i) => (i === index ? (shape[dim] ?? 0) : i));
    const both = graph.node('Concat', [graph.value(base), rows], { axis: dim });
    return graph.node('Gather', [both, graph.ints(sources)], { axis: dim });
  },
  kernel: ([base, part], { dim, index: chosen }, output) =>
    build(output, index => {
      if (base === undefined || part === undefined) return 0;
      return index[dim] === chosen ? at(part, index.toSpliced(dim, 1)) : at(base, index);
    }),
});

/** The part of the tensor at one place along `dim`, without that dimension. */
export function select(self: Tensor, dim: number, index: number): Tensor {
  return selected(self, dim, index, 'SelectBackward0');
}

function selected(self: Tensor, dim: number, index: number, node: string): Tensor {
  return viewOf(self, selectPart(self, dim, index, node).view);
}

/** {@link select}, not yet made. */
export function selectPart(self: Tensor, dim: number, index: number, node: string): PartView {
  const attributes = selectionFor(self, dim, index, node);
  const { dim: place } = attributes;
  const kept = self.shape.map((s, i) => (i === place ? 1 : s));
  const view: View = {
    strides: base => base.filter((_, i) => i !== place),
    forward: base => apply(selectOp, [base], attributes),
    scatter: (base, value) =>
      sliceScatter(
        base,
        apply(reshapeOp, [value], { shape: kept, node: 'UnsqueezeBackward0' }),
        rangeOf(attributes),
      ),
  };
  return { view, part: part(selectOp, attributes) };
}

/** A place in a tensor's dimension, counted from its beginning. */
export function selectionFor(self: Tensor, dim: number, index: number, node: string): Select {
  if (self.ndim === 0) throw new IndexError('select() cannot be applied to a 0-dim tensor.');
  const place = wrapDim(dim, self.ndim);
  const size = self.shape[place] ?? 0;
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw new IndexError(`index ${index} is out of bounds for dimension ${place} with size ${size}`);
  }
  return { dim: place, index: index < 0 ? index + size : index, node };
}

/** `length` elements along `dim` from `start` on. */
export function narrow(self: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  const size = self.size(dim);
  const first = typeof start === 'number' ? start : Number(evaluate(start, 'narrow')[0] ?? 0);
  const from = first < 0 ? first + size : first;
  if (from < 0 || length < 0 || from + length > size) {
    throw new EngineError(`start (${first}) + length (${length}) exceeds dimension size (${size}).`);
  }
  return slice(self, dim, from, from + length);
}

defineMethods({ slice, select, narrow });
defineSignatures(`
  narrow(self, dim, start, length)
  select(self, dim, index)
`);

declare module '../../tensor' {
  interface Tensor {
    /** Every `step`-th element along `dim` from `start` until before `end`. */
    slice(dim?: number, start?: number | null, end?: number | null, step?: number): Tensor;
    /** The part of the tensor at one place along `dim`, without that dimension. */
    select(dim: number, index: number): Tensor;
    /** `length` elements along `dim` from `start` on. */
    narrow(dim: number, start: number | Tensor, length: number): Tensor;
  }
}
