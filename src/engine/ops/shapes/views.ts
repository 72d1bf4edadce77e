/**
 * Other shapes for the same numbers: views. A view shares its numbers with its base, so each function here
 * says how a changed view is written back.
 */
import { EngineError } from '../../errors';
import {
  formatShape,
  inferShape,
  reshapeStrides,
  type Shape,
  sameShape,
  stridesOf,
  wrapDim,
} from '../../shape';
import { Tensor, type View } from '../../tensor';
import { apply } from '../apply';
import { at, build } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp } from '../op';
import { transposedGemm } from '../products/gemm';
import { defineSignatures } from '../signatures';

/** Row-major order stays; `node` is PyTorch's name for the operation's node. */
type Reshape = { shape: Shape; node: string };

export const reshapeOp = defineOp<Reshape>({
  name: 'reshape',
  formula: 'the same values in another shape',
  infer: ([input], { shape }) => ({ shape, dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: ({ node }) => node,
    backward: (grad, { inputMeta }) => [reshape(grad, inputMeta[0]?.shape ?? [])],
  },
  lower: (graph, { inputs, shape }) =>
    inputs.map(input =>
      sameShape(input.shape, shape)
        ? graph.value(input)
        : graph.node('Reshape', [graph.value(input), graph.ints(shape)], { allowzero: 1 }),
    )[0] ?? '',
  kernel: ([input]) => input?.data ?? [],
});

type Permute = { dims: readonly number[]; node: string };

export const permuteOp = defineOp<Permute>({
  name: 'permute',
  formula: 'dimensions in another order',
  infer: ([input], { dims }) => ({
    shape: dims.map(dim => input?.shape[dim] ?? 1),
    dtype: input?.dtype ?? 'float32',
  }),
  gradient: {
    name: ({ node }) => node,
    backward: (grad, { attributes: { dims, node } }) => [permuted(grad, inverse(dims), node)],
  },
  lower: (graph, expr) =>
    transposedGemm(graph, expr) ??
    expr.inputs.map(input =>
      graph.node('Transpose', [graph.value(input)], { perm: expr.attributes.dims }),
    )[0] ??
    '',
  kernel: ([input], { dims }, output) =>
    build(output, index => {
      const source = new Array<number>(dims.length);
      dims.forEach((dim, i) => {
        source[dim] = index[i] ?? 0;
      });
      return input === undefined ? 0 : at(input, source);
    }),
});

/** Stretches dimensions of size 1. */
export const expand = defineOp<{ shape: Shape }>({
  name: 'expand',
  formula: 'values repeated along dimensions of size 1',
  infer: ([input], { shape }) => ({ shape, dtype: input?.dtype ?? 'float32' }),
  gradient: { name: 'ExpandBackward0', backward: grad => [grad] },
  lower(graph, { inputs, shape, dtype }) {
    const [x = ''] = inputs.map(input => graph.value(input));
    // ONNX Runtime stretches a dimension of size 1 to 1 where it should have size 0.
    const source = shape.includes(0) ? graph.scalar(0, dtype) : x;
    return graph.node('Expand', [source, graph.ints(shape)]);
  },
  kernel: ([input], _, output) => build(output, index => (input === undefined ? 0 : at(input, index))),
});

function inverse(dims: readonly number[]): number[] {
  return dims.map((_, i) => dims.indexOf(i));
}

/** Makes the view that `forward` gives of `base`. */
export function viewOf(base: Tensor, view: View): Tensor {
  return Tensor.viewOf(base, view, view.forward(base));
}

/** How a view of another shape is read and written. */
export function reshapedView(self: Tensor, shape: Shape, node: string): View {
  const sizes = inferShape(shape, self.numel());
  const from = self.shape;
  if (reshapeStrides(from, self.stride(), sizes) === undefined) {
    throw new EngineError(
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across " +
        'two contiguous subspaces). Use .reshape(...) instead.',
    );
  }
  const undo: View['forward'] = value => apply(reshapeOp, [value], { shape: from, node });
  return {
    strides: base => reshapeStrides(from, base, sizes) ?? stridesOf(sizes),
    forward: base => apply(reshapeOp, [base], { shape: sizes, node }),
    scatter: (_, value) => undo(value),
    undo,
  };
}

const reshaped = (self: Tensor, shape: Shape, node: string): Tensor =>
  viewOf(self, reshapedView(self, shape, node));

/** How a view with the dimensions in another order is read and written. */
export function permutedView(dims: readonly number[], node: string): View {
  const undo: View['forward'] = value => apply(permuteOp, [value], { dims: inverse(dims), node });
  return {
    strides: base => dims.map(dim => base[dim] ?? 1),
    forward: base => apply(permuteOp, [base], { dims, node }),
    scatter: (_, value) => undo(value),
    undo,
  };
}

const permuted = (self: Tensor, dims: readonly number[], node: string): Tensor =>
  viewOf(self, permutedView(dims, node));

type Sizes = readonly number[] | readonly [readonly number[]];

function sizesOf(sizes: Sizes): readonly number[] {
  const [first] = sizes;
  return Array.isArray(first) ? first : sizes.flat();
}

/** The same numbers in another shape; one size may be −1. */
export function view(self: Tensor, ...shape: Sizes): Tensor {
  return reshaped(self, sizesOf(shape), 'ViewBackward0');
}

/**
 * The same numbers in another shape; one size may be −1. A copy where the numbers do not lie so that a
 * view could have this shape: after a transpose, for example.
 */
export function reshape(self: Tensor, ...shape: Sizes): Tensor {
  const sizes = inferShape(sizesOf(shape), self.numel());
  if (reshapeStrides(self.shape, self.stride(), sizes) === undefined) return unsafeView(self.clone(), sizes);
  return reshaped(self, sizes, 'ReshapeAliasBackward0');
}

/** The same tensor under another name, as `x[...]` gives it. */
export function alias(self: Tensor): Tensor {
  return reshaped(self, self.shape, 'AliasBackward0');
}

/** As {@link view}, of a tensor that nobody else holds. */
export function unsafeView(self: Tensor, shape: Shape): Tensor {
  return apply(reshapeOp, [self], { shape: inferShape(shape, self.numel()), node: 'UnsafeViewBackward0' });
}

/** The dimensions from `startDim` to `endDim` joined into one. */
export function flatten(self: Tensor, startDim = 0, endDim = -1): Tensor {
  if (self.ndim === 0) return reshape(self, [1]);
  const [start, end] = [wrapDim(startDim, self.ndim), wrapDim(endDim, self.ndim)];
  if (start > end) throw new EngineError('flatten() has invalid args: start_dim cannot come after end_dim');
  if (start === end) return self;
  const joined = self.shape.slice(start, end + 1).reduce((product, size) => product * size, 1);
  return reshape(self, [...self.shape.slice(0, start), joined, ...self.shape.slice(end + 1)]);
}

/** The shape with a dimension of size 1 before `dim`. */
export function unsqueezedShape({ shape }: Tensor, dim: number): Shape {
  const place = wrapDim(dim, shape.length + 1);
  return [...shape.slice(0, place), 1, ...shape.slice(place)];
}

/** A dimension of size 1 inserted before `dim`. */
export function unsqueeze(self: Tensor, dim: number): Tensor {
  return reshaped(self, unsqueezedShape(self, dim), 'UnsqueezeBackward0');
}

/** The shape without dimensions of size 1: all of them, or `dim` if it has size 1. */
export function squeezedShape({ shape }: Tensor, dim: number | undefined): Shape {
  const place = dim === undefined ? undefined : wrapDim(dim, shape.length);
  return shape.filter((size, i) => size !== 1 || (place !== undefined && i !== place));
}

/** Without dimensions of size 1: all of them, or `dim` if it has size 1. */
export function squeeze(self: Tensor, dim?: number): Tensor {
  return reshaped(
    self,
    squeezedShape(self, dim),
    dim === undefined ? 'SqueezeBackward0' : 'SqueezeBackward1',
  );
}

/** The dimensions in another order. */
export function permute(self: Tensor, ...dims: Sizes): Tensor {
  const order = sizesOf(dims).map(dim => wrapDim(dim, self.ndim));
  if (order.length !== self.ndim) {
    throw new EngineError(
      `permute: number of dimensions in the tensor input does not match the length of the desired ordering ` +
        `of dimensions i.e. input.dim() = ${self.ndim} is not equal to len(dims) = ${order.length}`,
    );
  }
  if (new Set(order).size !== order.length) throw new EngineError('repeated dim in permute');
  return permuted(self, order, 'PermuteBackward0');
}

/** The order of dimensions in which two are exchanged. */
export function swappedOrder({ shape }: Tensor, dim0: number, dim1: number): readonly number[] {
  const [a, b] = [wrapDim(dim0, shape.length), wrapDim(dim1, shape.length)];
  return shape.map((_, i) => (i === a ? b : i === b ? a : i));
}

/** Two dimensions exchanged. */
export function transpose(self: Tensor, dim0: number, dim1: number): Tensor {
  return permuted(self, swappedOrder(self, dim0, dim1), 'TransposeBackward0');
}

/** The order of dimensions of a matrix's transpose; that of fewer dimensions as it is. */
export function transposedOrder(self: Tensor): readonly number[] {
  if (self.ndim > 2) {
    throw new EngineError(`t() expects a tensor with <= 2 dimensions, but self is ${self.ndim}D`);
  }
  return self.ndim < 2 ? self.shape.map((_, i) => i) : [1, 0];
}

/** The transpose of a matrix; a tensor of fewer dimensions as it is. */
export function t(self: Tensor): Tensor {
  return permuted(self, transposedOrder(self), 'TBackward0');
}

/** Dimensions of size 1 stretched, and new ones put in front; −1 keeps a size. */
export function expandTo(self: Tensor, ...sizes: Sizes): Tensor {
  const wanted = sizesOf(sizes);
  const added = wanted.length - self.ndim;
  const leading = wanted.findIndex((size, i) => size === -1 && i < added);
  if (leading !== -1) {
    throw new EngineError(
      `The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${leading}`,
    );
  }
  const shape = wanted.map((size, i) => (size === -1 && i >= added ? (self.shape[i - added] ?? 1) : size));
  const fits = added >= 0 && self.shape.every((size, i) => size === 1 || size === shape[i + added]);
  if (!fits) {
    throw new EngineError(
      `The expanded size of the tensor ${formatShape(shape)} must match the existing size at non-singleton ` +
        `dimensions. Target sizes: ${formatShape(wanted)}. Tensor sizes: ${formatShape(self.shape)}`,
    );
  }
  return viewOf(self, {
    strides: base => shape.map((size, i) => (self.shape[i - added] === size ? (base[i - added] ?? 0) : 0)),
    forward: base => apply(expand, [base], { shape }),
  });
}

defineMethods({
  view,
  reshape,
  flatten,
  unsqueeze,
  squeeze,
  permute,
  transpose,
  t,
  expand: expandTo,
  expandAs: (self: Tensor, other: Tensor) => expandTo(self, other.shape),
  viewAs: (self: Tensor, other: Tensor) => view(self, other.shape),
});
defineSignatures(`
  squeeze(self, dim)
  unsqueeze(self, dim)
  flatten(self, start_dim, end_dim)
  transpose(self, dim0, dim1)
  swapaxes = transpose(self, dim0, dim1)
  swapdims = transpose(self, dim0, dim1)
  t(self)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The same numbers in another shape; one size may be −1. */
    view(...shape: Sizes): Tensor;
    reshape(...shape: Sizes): Tensor;
    viewAs(other: Tensor): Tensor;
    /** The dimensions from `startDim` to `endDim` joined into one. */
    flatten(startDim?: number, endDim?: number): Tensor;
    /** A dimension of size 1 inserted before `dim`. */
    unsqueeze(dim: number): Tensor;
    /** Without dimensions of size 1. */
    squeeze(dim?: number): Tensor;
    /** The dimensions in another order. */
    permute(...dims: Sizes): Tensor;
    /** Two dimensions exchanged. */
    transpose(dim0: number, dim1: number): Tensor;
    /** The transpose of a matrix. */
    t(): Tensor;
    /** Dimensions of size 1 stretched; −1 keeps a size. */
    expand(...sizes: Sizes): Tensor;
    expandAs(other: Tensor): Tensor;
  }
}
