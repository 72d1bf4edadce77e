/** Diagonals of matrices. `tril` and `triu` stand in a file of their own. */

import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Meta } from '../../expr';
import { formatShape, numel, type Shape, stridesOf, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { zeros } from '../creation/creation';
import { build } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp, type Op } from '../op';
import { defineSignatures } from '../signatures';
import { viewOf } from './views';

type Diagonal = { offset: number; dim1: number; dim2: number };

const lengthOf = (rows: number, columns: number, offset: number) =>
  Math.max(0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns));

export function diagonalShape(shape: Shape, { offset, dim1, dim2 }: Diagonal): number[] {
  const length = lengthOf(shape[dim1] ?? 1, shape[dim2] ?? 1, offset);
  return [...shape.filter((_, i) => i !== dim1 && i !== dim2), length];
}

/** Where the elements of the diagonal stand among all elements. */
function diagonalPlaces(shape: Shape, attributes: Diagonal): number[] {
  const { offset, dim1, dim2 } = attributes;
  const strides = stridesOf(shape);
  const kept = strides.filter((_, i) => i !== dim1 && i !== dim2);
  const [down, right] = [strides[dim1] ?? 0, strides[dim2] ?? 0];
  const start = offset >= 0 ? offset * right : -offset * down;
  const output: Meta = { shape: diagonalShape(shape, attributes), dtype: 'int64' };
  const place = (index: readonly number[]) =>
    start + index.reduce((sum, i, d) => sum + i * (kept[d] ?? down + right), 0);
  return Array.from(build(output, place));
}

const diagonalOp = defineOp<Diagonal>({
  name: 'diagonal',
  formula: 'the elements of a diagonal',
  infer: ([input], attributes) => ({
    shape: diagonalShape(input?.shape ?? [], attributes),
    dtype: input?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'DiagonalBackward0',
    backward: (grad, { attributes, inputMeta: [input] }) => [placed(grad, input?.shape ?? [], attributes)],
  },
  lower(graph, { inputs: [input], attributes, shape }) {
    if (input === undefined) throw new Error('diagonal takes an input');
    const flat = graph.node('Reshape', [graph.value(input), graph.ints([-1])]);
    const picked = graph.node('Gather', [flat, graph.ints(diagonalPlaces(input.shape, attributes))]);
    return graph.node('Reshape', [picked, graph.ints(shape)], { allowzero: 1 });
  },
  kernel: ([input], attributes) =>
    diagonalPlaces(input?.shape ?? [], attributes).map(place => input?.data[place] ?? 0),
});

/** The first input with its diagonal taken from the second one. */
export const diagonalScatterOp: Op<Diagonal> = defineOp<Diagonal>({
  name: 'diagonal_scatter',
  infer: ([base]) => ({ shape: base?.shape ?? [], dtype: base?.dtype ?? 'float32' }),
  gradient: {
    name: 'DiagonalScatterBackward0',
    backward: (grad, { attributes, inputMeta }) => [
      apply(diagonalScatterOp, [grad, zerosOf(grad, inputMeta[1]?.shape ?? [])], attributes),
      apply(diagonalOp, [grad], attributes),
    ],
  },
  lower(graph, { inputs: [base, part], attributes, shape, dtype }) {
    if (base === undefined || part === undefined) throw new Error('diagonal_scatter takes two inputs');
    const sources = Array.from({ length: numel(shape) }, (_, i) => i);
    diagonalPlaces(shape, attributes).forEach((place, i) => {
      sources[place] = numel(shape) + i;
    });
    const flat = (name: string) => graph.node('Reshape', [name, graph.ints([-1])]);
    const both = graph.node('Concat', [flat(graph.value(base)), flat(graph.as(part, dtype))], { axis: 0 });
    const all = graph.node('Gather', [both, graph.ints(sources)]);
    return graph.node('Reshape', [all, graph.ints(shape)], { allowzero: 1 });
  },
  kernel: ([base, part], attributes, output) => {
    const result = Float64Array.from(base?.data ?? []);
    diagonalPlaces(output.shape, attributes).forEach((place, i) => {
      result[place] = part?.data[i] ?? 0;
    });
    return result;
  },
});

const zerosOf = (like: Tensor, shape: Shape): Tensor =>
  zeros(shape, { dtype: like.dtype, device: like.device });

function placed(part: Tensor, shape: Shape, attributes: Diagonal): Tensor {
  return apply(diagonalScatterOp, [zerosOf(part, shape), part], attributes);
}

/** Which diagonal of a tensor is meant. */
export function diagonalOf(self: Tensor, offset: number, dim1: number, dim2: number): Diagonal {
  const attributes = { offset, dim1: wrapDim(dim1, self.ndim), dim2: wrapDim(dim2, self.ndim) };
  if (attributes.dim1 === attributes.dim2) {
    throw new EngineError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  }
  return attributes;
}

/** The diagonals of the matrices that two dimensions make, as the last dimension: a view. */
export function diagonal(self: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  const attributes = diagonalOf(self, offset, dim1, dim2);
  return viewOf(self, {
    strides: base => [
      ...base.filter((_, i) => i !== attributes.dim1 && i !== attributes.dim2),
      (base[attributes.dim1] ?? 0) + (base[attributes.dim2] ?? 0),
    ],
    forward: base => apply(diagonalOp, [base], attributes),
    scatter: (base, value) => apply(diagonalScatterOp, [base, value], attributes),
  });
}

type Embed = Diagonal & { node: string };

/** The shape of matrices whose diagonals are the last dimension. */
function embeddedShape(shape: Shape, { offset, dim1, dim2 }: Diagonal): number[] {
  const size = (shape.at(-1) ?? 1) + Math.abs(offset);
  const rest = shape.slice(0, -1);
  return Array.from({ length: shape.length + 1 }, (_, i) =>
    i === dim1 || i === dim2 ? size : (rest.shift() ?? 1),
  );
}

const embedOp = defineOp<Embed>({
  name: 'diag_embed',
  formula: 'matrices of zeros with these diagonals',
  infer: ([input], attributes) => ({
    shape: embeddedShape(input?.shape ?? [], attributes),
    dtype: input?.dtype ?? 'float32',
  }),
  gradient: {
    name: ({ node }) => node,
    backward: (grad, { attributes: { offset, dim1, dim2 } }) => [
      apply(diagonalOp, [grad], { offset, dim1, dim2 }),
    ],
  },
  lower(graph, { inputs: [input], attributes, shape, dtype }) {
    if (input === undefined) throw new Error('diag_embed takes an input');
    const count = numel(input.shape);
    const sources = new Array<number>(numel(shape)).fill(count);
    diagonalPlaces(shape, attributes).forEach((place, i) => {
      sources[place] = i;
    });
    const flat = graph.node('Reshape', [graph.value(input), graph.ints([-1])]);
    const both = graph.node('Concat', [flat, graph.list([0], dtype)], { axis: 0 });
    const all = graph.node('Gather', [both, graph.ints(sources)]);
    return graph.node('Reshape', [all, graph.ints(shape)], { allowzero: 1 });
  },
  kernel: ([input], attributes, output) => {
    const result = new Float64Array(numel(output.shape));
    diagonalPlaces(output.shape, attributes).forEach((place, i) => {
      result[place] = input?.data[i] ?? 0;
    });
    return result;
  },
});

/** Matrices of zeros, in two new dimensions, with the last dimension as their diagonals. */
export function diagEmbed(self: Tensor, offset = 0, dim1 = -2, dim2 = -1): Tensor {
  const [a, b] = [wrapDim(dim1, self.ndim + 1), wrapDim(dim2, self.ndim + 1)];
  if (a === b) throw new EngineError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  return apply(embedOp, [self], { offset, dim1: a, dim2: b, node: 'DiagEmbedBackward0' });
}

/** The diagonal of a matrix, or the matrix with a vector as its diagonal. */
export function diag(self: Tensor, offset = 0): Tensor {
  if (self.ndim === 1) return apply(embedOp, [self], { offset, dim1: 0, dim2: 1, node: 'DiagBackward0' });
  if (self.ndim === 2) {
    if (offset > self.size(1) || -offset > self.size(0)) {
      throw new EngineError(`diag(): the matrix ${formatShape(self.shape)} has no diagonal ${offset}`);
    }
    return apply(diagOp, [self], { offset, dim1: 0, dim2: 1 });
  }
  throw new EngineError(`diag(): Supports 1D or 2D tensors. Got ${self.ndim}D`);
}

const diagOp = defineOp<Diagonal>({
  ...diagonalOp,
  name: 'diag',
  ...(diagonalOp.gradient && { gradient: { ...diagonalOp.gradient, name: 'DiagBackward0' } }),
});

/** The matrix with all elements as its diagonal. */
export const diagflat = (self: Tensor, offset = 0): Tensor => diag(self.contiguous().view(-1), offset);

const traceOp = defineOp({
  name: 'trace',
  formula: 'Σ of the diagonal',
  infer([input]) {
    if (input?.shape.length !== 2) {
      throw new EngineError(`trace: expected a matrix, but got tensor with dim ${input?.shape.length}`);
    }
    if (input.dtype === 'bool') throw new EngineError('"trace" not implemented for \'Bool\'');
    return { shape: [], dtype: isFloating(input.dtype) ? input.dtype : 'int64' };
  },
  gradient: {
    name: 'TraceBackward0',
    backward: (grad, { inputMeta: [input] }) => {
      const shape = input?.shape ?? [];
      const main = { offset: 0, dim1: 0, dim2: 1 };
      return [placed(grad.expand(diagonalShape(shape, main)), shape, main)];
    },
  },
  lower(graph, { inputs: [input], dtype }) {
    if (input === undefined) throw new Error('trace takes an input');
    const places = diagonalPlaces(input.shape, { offset: 0, dim1: 0, dim2: 1 });
    const flat = graph.node('Reshape', [graph.as(input, dtype), graph.ints([-1])]);
    const picked = graph.node('Gather', [flat, graph.ints(places)]);
    return graph.node('ReduceSum', [picked, graph.ints([0])], { keepdims: 0 });
  },
  kernel: ([input]) => [
    diagonalPlaces(input?.shape ?? [], { offset: 0, dim1: 0, dim2: 1 }).reduce(
      (sum, place) => sum + (input?.data[place] ?? 0),
      0,
    ),
  ],
});

/** The sum of the diagonal of a matrix. */
export const trace = (self: Tensor): Tensor => apply(traceOp, [self], {});

defineMethods({ diagonal, diagEmbed, diag, diagflat, trace });
defineSignatures(`
  trace(self)
  diagonal(self, offset, dim1, dim2)
  diag(self, offset)
  diagflat(self, offset)
  diag_embed(self, offset, dim1, dim2)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The diagonals of the matrices that two dimensions make, as the last dimension: a view. */
    diagonal(offset?: number, dim1?: number, dim2?: number): Tensor;
    /** Matrices of zeros with the last dimension as their diagonals. */
    diagEmbed(offset?: number, dim1?: number, dim2?: number): Tensor;
    /** The diagonal of a matrix, or the matrix with a vector as its diagonal. */
    diag(offset?: number): Tensor;
    diagflat(offset?: number): Tensor;
    /** The sum of the diagonal of a matrix. */
    trace(): Tensor;
  }
}
