/** What is the largest or smallest element up to each place, and the logarithm of running sums of exponentials. */
import type { DType } from '../../dtype';
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import type { Expr } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { numel, type Shape, wrapDim } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply, applyJoint, part } from '../apply';
import { zeros } from '../creation/creation';
import { eachIndex, positionOf } from '../kernels';
import { defineMethods } from '../methods';
import { defineOp, type Op, type Values } from '../op';
import { arithmeticType } from '../pointwise/elementwise';
import { lowerLog1p } from '../pointwise/series';
import { flip } from '../shapes/arranging';
import { defineSignatures } from '../signatures';
import type { ValuesAndIndices } from './extremes';

type Along = { dim: number };

/** What each place sees `step` places before it; `first` where there is nothing. */
function lowerBefore(
  graph: GraphBuilder,
  value: string,
  {
    shape,
    dim,
    step,
    dtype,
  }: { readonly shape: Shape; readonly dim: number; readonly step: number; readonly dtype: DType },
  first: number,
): string {
  const border = graph.node('Expand', [
    graph.scalar(first, dtype),
    graph.ints(shape.map((size, i) => (i === dim ? step : size))),
  ]);
  const bounds = [[0], [(shape[dim] ?? 0) - step], [dim]].map(list => graph.ints(list));
  return graph.node('Concat', [border, graph.node('Slice', [value, ...bounds])], { axis: dim });
}

/** The smallest number of a type, or the largest. */
function limit(dtype: DType, largest: boolean): number {
  if (isFloating(dtype)) return largest ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const power = 2 ** (dtype === 'int64' ? 62 : 30);
  return largest ? power : -power;
}

/** log₂(n) steps: each compares with what lies twice as far back. Gives values and places. */
function lowerRunning(
  graph: GraphBuilder,
  expr: Expr<Along>,
  largest: boolean,
): [values: string, places: string] {
  const [input] = expr.inputs;
  if (input === undefined) throw new Error('a running extreme takes an input');
  const { dim } = expr.attributes;
  const { shape } = input;
  const dtype = arithmeticType(input.dtype);
  let values = graph.as(input, dtype);
  const size = shape[dim] ?? 1;
  const column = shape.map((_, i) => (i === dim ? size : 1));
  const counted = graph.node('Reshape', [
    graph.ints(Array.from({ length: size }, (_, i) => i)),
    graph.ints(column),
  ]);
  let places = graph.node('Expand', [counted, graph.ints(shape)]);
  if (shape.length === 0) return [graph.value(input), graph.scalar(0, 'int64')];
  for (let step = 1; step < size; step *= 2) {
    const where = { shape, dim, step };
    const before = lowerBefore(graph, values, { ...where, dtype }, limit(dtype, !largest));
    const placesBefore = lowerBefore(graph, places, { ...where, dtype: 'int64' }, 0);
    // The later of equal ones counts, and NaN for more than any number.
    const better = graph.node(largest ? 'GreaterOrEqual' : 'LessOrEqual', [values, before]);
    const unknown = isFloating(dtype) ? graph.node('IsNaN', [values]) : undefined;
    const lost = isFloating(dtype) ? graph.node('IsNaN', [before]) : undefined;
    const known = lost === undefined ? better : graph.node('And', [better, graph.node('Not', [lost])]);
    const stays = unknown === undefined ? known : graph.node('Or', [known, unknown]);
    values = graph.node('Where', [stays, values, before]);
    places = graph.node('Where', [stays, places, placesBefore]);
  }
  return [graph.cast(values, dtype, input.dtype), places];
}

/** The running extreme in plain steps. */
function runningKernel(input: Values | undefined, { dim }: Along, largest: boolean) {
  const count = input === undefined ? 0 : numel(input.shape);
  const [values, places] = [new Float64Array(count), new Float64Array(count)];
  if (input === undefined) return { values, places };
  eachIndex(input.shape, (index, position) => {
    const x = input.data[position] ?? 0;
    const place = index[dim] ?? 0;
    const previous = positionOf(
      input.shape,
      index.map((i, d) => (d === dim ? i - 1 : i)),
    );
    const best = place === 0 ? x : (values[previous] ?? 0);
    const wins = place === 0 || Number.isNaN(x) || (largest ? x >= best : x <= best);
    values[position] = wins ? x : best;
    places[position] = wins ? place : (places[previous] ?? 0);
  });
  return { values, places };
}

function running(name: 'cummax' | 'cummin', node: string) {
  const largest = name === 'cummax';
  const valuesOp: Op<Along> = defineOp<Along>({
    name,
    formula: `the ${largest ? 'largest' : 'smallest'} up to each place`,
    infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
    lower: (graph, expr) => lowerRunning(graph, expr, largest)[0],
    kernel: ([input], attributes) => runningKernel(input, attributes, largest).values,
  });
  const placesOp: Op<Along> = defineOp<Along>({
    name: `${name}_indices`,
    infer: ([input]) => ({ shape: input?.shape ?? [], dtype: 'int64' }),
    lower: (graph, expr) => lowerRunning(graph, expr, largest)[1],
    kernel: ([input], attributes) => runningKernel(input, attributes, largest).places,
  });
  return (self: Tensor, dim: number): ValuesAndIndices => {
    const along = { dim: wrapDim(dim, self.ndim) };
    const gradient = {
      name: node,
      saves: () => ({ outputs: [1] }),
      backward: ([grad]: readonly (Tensor | undefined)[], context: { output(i: number): Tensor }) => {
        if (grad === undefined || grad.ndim === 0) return [grad];
        const none = zeros(grad.shape, { dtype: grad.dtype, device: grad.device });
        return [none.scatterAdd(along.dim, context.output(1), grad)];
      },
    };
    const [values, indices] = applyJoint(gradient, [self], along, [
      part(valuesOp, along),
      part(placesOp, along),
    ]);
    if (values === undefined || indices === undefined) throw new Error(`${name} gives two tensors`);
    return { values, indices };
  };
}

/** The largest element up to and with each place along `dim`, and where it is. */
export const cummax = running('cummax', 'CummaxBackward0');
/** The smallest element up to and with each place along `dim`, and where it is. */
export const cummin = running('cummin', 'CumminBackward0');

const logcumsumexpOp: Op<Along> = defineOp<Along>({
  name: 'logcumsumexp',
  formula: 'log Σ exp x up to each place',
  infer([input]) {
    const dtype = input?.dtype ?? 'float32';
    if (!isFloating(dtype)) throw new EngineError(`"logcumsumexp_out_cpu" not implemented for '${dtype}'`);
    return { shape: input?.shape ?? [], dtype };
  },
  gradient: {
    name: 'LogcumsumexpBackward0',
    saves: () => ({ inputs: [0], output: true }),
    backward: (grad, { attributes: { dim }, input, output }) => {
      if (grad.ndim === 0) return [grad];
      const [x, y] = [input(0), output()];
      const part = (signed: Tensor) =>
        flip(logcumsumexp(flip(signed.log().sub(y), dim), dim), dim)
          .add(x)
          .exp();
      return [part(grad.clamp(0)).sub(part(grad.neg().clamp(0)))];
    },
  },
  lower(graph, { inputs: [input], attributes: { dim }, shape, dtype }) {
    if (input === undefined) throw new Error('logcumsumexp takes an input');
    let value = graph.value(input);
    const size = shape[dim] ?? 1;
    for (let step = 1; step < size; step *= 2) {
      const before = lowerBefore(graph, value, { shape, dim, step, dtype }, Number.NEGATIVE_INFINITY);
      const [large, small] = ['Max', 'Min'].map(name => graph.node(name, [value, before]));
      if (large === undefined || small === undefined) throw new Error('there are two');
      const ratio = graph.node('Exp', [graph.node('Sub', [small, large])]);
      const sum = graph.node('Add', [large, lowerLog1p(graph, ratio, dtype)]);
      // ∞ − ∞ is no number.
      value = graph.node('Where', [graph.node('IsInf', [large]), large, sum]);
    }
    return value;
  },
  kernel([input], { dim }) {
    const result = Float64Array.from(input?.data ?? []);
    if (input === undefined) return result;
    eachIndex(input.shape, (index, position) => {
      if ((index[dim] ?? 0) === 0) return;
      const before =
        result[
          positionOf(
            input.shape,
            index.map((i, d) => (d === dim ? i - 1 : i)),
          )
        ] ?? 0;
      const x = result[position] ?? 0;
      const large = Math.max(x, before);
      const isInfinite = Math.abs(large) === Number.POSITIVE_INFINITY;
      result[position] = isInfinite ? large : large + Math.log1p(Math.exp(Math.min(x, before) - large));
    });
    return result;
  },
});

/** The logarithm of the sum of the exponentials up to and with each place along `dim`. */
export function logcumsumexp(self: Tensor, dim: number): Tensor {
  return apply(logcumsumexpOp, [self], { dim: wrapDim(dim, self.ndim) });
}

defineMethods({ cummax, cummin, logcumsumexp });
defineSignatures(`
  cummax(self, dim)
  cummin(self, dim)
  logcumsumexp(self, dim)
`);

declare module '../../tensor' {
  interface Tensor {
    /** The largest element up to and with each place along `dim`, and where it is. */
    cummax(dim: number): ValuesAndIndices;
    /** The smallest element up to and with each place along `dim`, and where it is. */
    cummin(dim: number): ValuesAndIndices;
    /** The logarithm of the sum of the exponentials up to and with each place along `dim`. */
    logcumsumexp(dim: number): Tensor;
  }
}
