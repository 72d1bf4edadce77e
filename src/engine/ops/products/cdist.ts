/** Distances between the rows of two matrices. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Meta } from '../../expr';
import { broadcastShapes, formatShape, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { encodeNumber } from '../encode-number';
import { at, build, decodeNumber } from '../kernels';
import { defineOp, type Values } from '../op';
import { lowerNorm, normOf } from '../reductions/vector-norm';
import { defineSignatures } from '../signatures';

function distancesShape([a, b]: readonly Meta[]): Shape {
  const [x = [], y = []] = [a?.shape, b?.shape];
  return [...broadcastShapes(x.slice(0, -2), y.slice(0, -2)), x.at(-2) ?? 0, y.at(-2) ?? 0];
}

const inferDistances = (inputs: readonly Meta[]): Meta => ({
  shape: distancesShape(inputs),
  dtype: inputs[0]?.dtype ?? 'float32',
});

/** The difference of two rows. */
function difference(a: Values, b: Values, index: readonly number[]): number[] {
  const batch = index.slice(0, -2);
  const [i = 0, j = 0] = index.slice(-2);
  return Array.from(
    { length: a.shape.at(-1) ?? 0 },
    (_, k) => at(a, [...batch, i, k]) - at(b, [...batch, j, k]),
  );
}

/** d(distance)/d(difference) · grad. */
function slope(grad: Tensor, difference: Tensor, distance: Tensor, p: number): Tensor {
  const nowhere = distance.detach().eq(0);
  if (p === 0) return difference.mul(0);
  if (p === 1) return difference.sign().mul(grad);
  if (p === 2) return difference.mul(grad.div(distance).maskedFill(nowhere, 0));
  if (p === Number.POSITIVE_INFINITY) {
    return difference.sign().mul(grad).mul(difference.detach().abs().eq(distance.detach()).to(grad.dtype));
  }
  const share = grad.div(distance.pow(p - 1)).maskedFill(nowhere, 0);
  const scaled =
    p < 2 ? difference.sign().mul(difference.abs().pow(p - 1)) : difference.mul(difference.abs().pow(p - 2));
  return (p < 1 ? scaled.maskedFill(difference.detach().eq(0), 0) : scaled).mul(share);
}

const cdistOp = defineOp<{ p: number | string }>({
  name: 'cdist',
  formula: 'the distance of each row of x to each of y',
  infer: inferDistances,
  gradient: {
    name: 'CdistBackward0',
    saves: () => ({ inputs: [0, 1], output: true }),
    backward: (grad, { attributes, needs, input, output }) => {
      const [x, y] = [input(0).unsqueeze(-2), input(1).unsqueeze(-3)];
      const found = slope(grad.unsqueeze(-1), x.sub(y), output().unsqueeze(-1), decodeNumber(attributes.p));
      return [needs[0] ? found.sum(-2) : undefined, needs[1] ? found.sum(-3).neg() : undefined];
    },
  },
  lower(graph, { inputs, attributes, dtype, shape }) {
    const [x = '', y = ''] = inputs.map(input => graph.value(input));
    const [rows, columns] = [graph.ints([-2]), graph.ints([-3])];
    const apart = graph.node('Sub', [
      graph.node('Unsqueeze', [x, rows]),
      graph.node('Unsqueeze', [y, columns]),
    ]);
    return lowerNorm(graph, apart, dtype, decodeNumber(attributes.p), [shape.length], false);
  },
  kernel: ([a, b], { p }, output) =>
    build(output, index =>
      a === undefined || b === undefined ? 0 : normOf(difference(a, b, index), decodeNumber(p)),
    ),
});

/** Euclidean distances of many rows by one product: |x|² + |y|² − 2 x·y. */
const euclideanOp = defineOp({
  name: 'euclidean_dist',
  formula: '√(|x|² + |y|² − 2 x·y)',
  infer: inferDistances,
  gradient: {
    name: 'EuclideanDistBackward0',
    saves: () => ({ inputs: [0, 1], output: true }),
    backward: (grad, { needs, input, output }) => {
      const [x, y, distance] = [input(0), input(1), output()];
      const share = grad.div(distance).maskedFill(distance.detach().eq(0), 0);
      return [
        needs[0] ? x.mul(share.sum(-1, true)).sub(share.matmul(y)) : undefined,
        needs[1] ? y.mul(share.sum(-2).unsqueeze(-1)).sub(share.mT().matmul(x)) : undefined,
      ];
    },
  },
  lower(graph, { inputs, dtype }) {
    const [x = '', y = ''] = inputs.map(input => graph.value(input));
    const last = graph.ints([-1]);
    const squares = (value: string) =>
      graph.node('ReduceSum', [graph.node('Mul', [value, value]), last], { keepdims: 1 });
    const turned = (value: string) => {
      const rank = inputs[1]?.shape.length ?? 2;
      const order = Array.from({ length: rank }, (_, i) => i);
      return graph.node('Transpose', [value], { perm: [...order.slice(0, -2), rank - 1, rank - 2] });
    };
    const product = graph.node('MatMul', [x, turned(y)]);
    const sum = graph.node('Add', [squares(x), turned(squares(y))]);
    const twice = graph.node('Mul', [product, graph.scalar(2, dtype)]);
    const squared = graph.node('Max', [graph.node('Sub', [sum, twice]), graph.scalar(0, dtype)]);
    return graph.node('Sqrt', [squared]);
  },
  kernel: ([a, b], _, output) =>
    build(output, index => (a === undefined || b === undefined ? 0 : normOf(difference(a, b, index), 2))),
});

const modes = [
  'use_mm_for_euclid_dist_if_necessary',
  'use_mm_for_euclid_dist',
  'donot_use_mm_for_euclid_dist',
] as const;

/** Whether Euclidean distances are computed by a product of matrices: by default of more than 25 rows. */
export type ComputeMode = (typeof modes)[number];

/** Options of {@link cdist}. */
export interface CdistOptions {
  /** The order of the norm. */
  readonly p?: number;
  readonly computeMode?: ComputeMode;
}

function checkRows(x1: Tensor, x2: Tensor, p: number): void {
  if (x1.ndim < 2 || x2.ndim < 2) {
    throw new EngineError(
      `cdist only supports at least 2D tensors, X1 got: ${x1.ndim}D, X2 got: ${x2.ndim}D`,
    );
  }
  if (x1.size(-1) !== x2.size(-1)) {
    throw new EngineError(
      `X1 and X2 must have the same number of columns. X1: ${x1.size(-1)} X2: ${x2.size(-1)} (shapes ` +
        `${formatShape(x1.shape)} and ${formatShape(x2.shape)})`,
    );
  }
  if (!isFloating(x1.dtype) || x1.dtype !== x2.dtype) {
    throw new EngineError(`cdist only supports floating-point dtypes, got ${x1.dtype} and ${x2.dtype}`);
  }
  if (!(p >= 0)) throw new EngineError('cdist only supports non-negative p values');
}

/** The distances of the rows of `x1` [..., P, M] to those of `x2` [..., R, M]: [..., P, R]. */
export function cdist(x1: Tensor, x2: Tensor, { p = 2, computeMode = modes[0] }: CdistOptions = {}): Tensor {
  checkRows(x1, x2, p);
  if (!modes.includes(computeMode))
    throw new EngineError(`${computeMode} is not a valid value for compute_mode`);
  const large = x1.size(-2) > 25 || x2.size(-2) > 25;
  const byProduct = computeMode === modes[1] || (computeMode === modes[0] && large);
  const filled = ![x1, x2].some(x => x.shape.includes(0));
  if (p !== 2 || !byProduct || !filled) return apply(cdistOp, [x1, x2], { p: encodeNumber(p) });
  const shape = distancesShape([x1, x2]);
  const batch = shape.slice(0, -2);
  // As in PyTorch, all batch dimensions are stretched and joined into one.
  const joined = (x: Tensor) =>
    batch.length === 0
      ? x
      : x
          .expand([...batch, ...x.shape.slice(-2)])
          .contiguous()
          .view([-1, ...x.shape.slice(-2)]);
  return apply(euclideanOp, [joined(x1), joined(x2)], {}).view(shape);
}

defineSignatures(`
  cdist(x1, x2 | p, compute_mode)
`);
