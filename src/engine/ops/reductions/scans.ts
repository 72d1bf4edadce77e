/** Running sums and products along a dimension. */
import { type DType, isFloating } from '../../dtype';
import { wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { build, positionOf } from '../kernels';
import { defineInPlaceMethods, defineMethods } from '../methods';
import { defineOp, type Values } from '../op';
import { flip } from '../shapes/arranging';
import { cat } from '../shapes/join';
import { defineSignatures } from '../signatures';

type Along = { dim: number; type: DType | null };

const sumType = (dtype: DType | undefined): DType =>
  dtype !== undefined && isFloating(dtype) ? dtype : 'int64';

/** Each element combined with what has been before it along a dimension. */
function running(input: Values | undefined, dim: number, combine: (before: number, x: number) => number) {
  if (input === undefined) return [];
  const result = new Float64Array(input.data);
  if (input.shape.length === 0) return result;
  return build(input, index => {
    const position = positionOf(input.shape, index);
    const place = index[dim] ?? 0;
    if (place === 0) return result[position] ?? 0;
    const before = index.map((i, d) => (d === dim ? i - 1 : i));
    result[position] = combine(result[positionOf(input.shape, before)] ?? 0, result[position] ?? 0);
    return result[position] ?? 0;
  });
}

const cumsumOp = defineOp<Along>({
  name: 'cumsum',
  formula: 'sums of the elements up to each place',
  infer: ([input], { type }) => ({ shape: input?.shape ?? [], dtype: type ?? sumType(input?.dtype) }),
  gradient: {
    name: 'CumsumBackward0',
    backward: (grad, { attributes: { dim } }) => [backwards(grad, dim)],
  },
  lower(graph, { inputs: [input], attributes: { dim }, shape, dtype }) {
    if (input === undefined) throw new Error('cumsum takes an input');
    const x = graph.as(input, dtype);
    return shape.length === 0 ? x : graph.node('CumSum', [x, graph.scalar(dim, 'int64')]);
  },
  kernel: ([input], { dim }) => running(input, dim, (sum, x) => sum + x),
});

/** Sums from each place to the end. */
function backwards(x: Tensor, dim: number): Tensor {
  return x.ndim === 0 ? x : flip(cumsum(flip(x, dim), dim), dim);
}

const cumprodOp = defineOp<Along>({
  name: 'cumprod',
  formula: 'products of the elements up to each place',
  infer: ([input], { type }) => ({ shape: input?.shape ?? [], dtype: type ?? sumType(input?.dtype) }),
  gradient: {
    name: 'CumprodBackward0',
    saves: () => ({ inputs: [0] }),
    backward: (grad, { attributes: { dim }, input }) => [productGradient(grad, input(0), dim)],
  },
  // ONNX has no running product: log₂(n) steps, each times what lies twice as far back.
  lower(graph, { inputs: [input], attributes: { dim }, shape, dtype }) {
    if (input === undefined) throw new Error('cumprod takes an input');
    const size = shape[dim] ?? 1;
    let value = graph.as(input, dtype);
    for (let step = 1; step < size; step *= 2) {
      const ones = graph.ones(
        shape.map((n, i) => (i === dim ? step : n)),
        dtype,
      );
      const part = graph.node('Slice', [
        value,
        graph.ints([0]),
        graph.ints([size - step]),
        graph.ints([dim]),
      ]);
      value = graph.node('Mul', [value, graph.node('Concat', [ones, part], { axis: dim })]);
    }
    return value;
  },
  kernel: ([input], { dim }) => running(input, dim, (product, x) => product * x),
});

/**
 * For each element, Σ over the later places of the product without it. Where there is no zero that is the sum of
 * gradient times result, divided by the element; zeros are left out first, place by place, so it is right there too.
 */
function productGradient(grad: Tensor, x: Tensor, dim: number): Tensor {
  if (x.ndim === 0 || x.numel() === 0) return grad;
  const size = x.size(dim);
  const parts = Array.from({ length: size }, (_, i) => {
    const before = i === 0 ? undefined : x.narrow(dim, 0, i).prod(dim, true);
    const after = x.narrow(dim, i + 1, size - i - 1);
    const own = grad.narrow(dim, i, 1);
    const later =
      after.size(dim) === 0
        ? own
        : own.add(
            cumprod(after, dim)
              .mul(grad.narrow(dim, i + 1, size - i - 1))
              .sum(dim, true),
          );
    return before === undefined ? later : later.mul(before);
  });
  return cat(parts, dim);
}

/** The sum of the elements up to and with each place along `dim`. */
export function cumsum(self: Tensor, dim: number, { dtype }: { dtype?: DType } = {}): Tensor {
  return apply(cumsumOp, [self], { dim: wrapDim(dim, self.ndim), type: dtype ?? null });
}

/** The product of the elements up to and with each place along `dim`. */
export function cumprod(self: Tensor, dim: number, { dtype }: { dtype?: DType } = {}): Tensor {
  return apply(cumprodOp, [self], { dim: wrapDim(dim, self.ndim), type: dtype ?? null });
}

defineMethods({ cumsum, cumprod });
defineInPlaceMethods({ cumsum, cumprod });
defineSignatures(`
  cumsum(self, dim)
  cumprod(self, dim)
`);

type Type = { dtype?: DType };

declare module '../../tensor' {
  interface Tensor {
    /** The sum of the elements up to and with each place along `dim`. */
    cumsum(dim: number, options?: Type): Tensor;
    cumsum_(dim: number, options?: Type): this;
    /** The product of the elements up to and with each place along `dim`. */
    cumprod(dim: number, options?: Type): Tensor;
    cumprod_(dim: number, options?: Type): this;
  }
}
