/** The operation behind average pools and interpolation: a linear map along each of the last dimensions. */
import type { DType } from '../../dtype';
import type { Expr, Meta } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { numel, type Shape } from '../../shape';
import { apply } from '../apply';
import { reshaped } from '../convolution/windows';
import { defineOp, type Op, type Values } from '../op';
import { type AxisMap, matrixOf, pickedBy } from './resample-maps';

/** The maps of the last dimensions; with `transposed` their transposes, which is what the gradient needs. */
export type Resample = { maps: readonly AxisMap[]; transposed: boolean; node: string };

const target = ({ input, output }: AxisMap, transposed: boolean) => (transposed ? input : output);

function infer([x]: readonly Meta[], { maps, transposed }: Resample): Meta {
  const shape = x?.shape ?? [];
  const leading = shape.slice(0, shape.length - maps.length);
  return { shape: [...leading, ...maps.map(map => target(map, transposed))], dtype: x?.dtype ?? 'float32' };
}

const isIdentity = ({ kind, input, output }: AxisMap) => kind === 'nearest' && input === output;

function constantMatrix(
  graph: GraphBuilder,
  map: AxisMap,
  transposed: boolean,
  shape: Shape,
  dtype: DType,
): string {
  return reshaped(graph, graph.list([...matrixOf(map, transposed)], dtype), shape);
}

/** One map along dimension `dim`. */
function lowerMap(
  graph: GraphBuilder,
  { value, shape, dtype }: { value: string; shape: Shape; dtype: DType },
  [map, dim, transposed]: readonly [AxisMap, number, boolean],
): string {
  const picked = transposed ? undefined : pickedBy(map);
  if (picked !== undefined) return graph.node('Gather', [value, graph.ints(picked)], { axis: dim });
  const [from, to] = [shape[dim] ?? 1, target(map, transposed)];
  if (dim === shape.length - 1) {
    return graph.node('MatMul', [value, constantMatrix(graph, map, !transposed, [from, to], dtype)]);
  }
  const [outer, inner] = [numel(shape.slice(0, dim)), numel(shape.slice(dim + 1))];
  const matrix = constantMatrix(graph, map, transposed, [to, from], dtype);
  const product = graph.node('MatMul', [matrix, reshaped(graph, value, [outer, from, inner])]);
  return reshaped(graph, product, [...shape.slice(0, dim), to, ...shape.slice(dim + 1)]);
}

/** ONNX's own operator, where these are averages over windows that all lie inside or count their padding. */
function averagePool(graph: GraphBuilder, expr: Expr<Resample>, value: string): string | undefined {
  const { maps, transposed } = expr.attributes;
  const windows = maps.flatMap(map => (map.kind === 'windows' ? [map] : []));
  const plain = windows.every(
    ({ kernel, stride, padding, include, divisor, input, output }) =>
      divisor === 0 &&
      (include || padding === 0) &&
      output === Math.floor((input + 2 * padding - kernel) / stride) + 1,
  );
  if (transposed || !plain || windows.length < maps.length || expr.dtype !== 'float32') return undefined;
  if (expr.shape.length !== maps.length + 2) return undefined;
  const pads = windows.map(({ padding }) => padding);
  return graph.node('AveragePool', [value], {
    kernel_shape: windows.map(({ kernel }) => kernel),
    strides: windows.map(({ stride }) => stride),
    pads: [...pads, ...pads],
    count_include_pad: 1,
  });
}

function along(x: Values, map: AxisMap, dim: number, transposed: boolean): Values {
  const to = target(map, transposed);
  const matrix = matrixOf(map, transposed);
  const from = x.shape[dim] ?? 1;
  const inner = numel(x.shape.slice(dim + 1));
  const shape = x.shape.map((size, i) => (i === dim ? to : size));
  const data = new Float64Array(numel(shape));
  for (let at = 0; at < data.length; at++) {
    const [outer, y, rest] = [Math.floor(at / (to * inner)), Math.floor(at / inner) % to, at % inner];
    let sum = 0;
    for (let i = 0; i < from; i++) {
      const weight = matrix[y * from + i] ?? 0;
      if (weight !== 0) sum += weight * (x.data[(outer * from + i) * inner + rest] ?? 0);
    }
    data[at] = sum;
  }
  return { shape, dtype: x.dtype, data };
}

export const resampleOp: Op<Resample> = defineOp<Resample>({
  name: 'resample',
  formula: 'Σ weight · input along each dimension',
  infer,
  gradient: {
    name: ({ node, transposed }) => (transposed ? node.replace(/\d$/, 'Backward0') : node),
    backward: (grad, { attributes }) => [
      apply(resampleOp, [grad], { ...attributes, transposed: !attributes.transposed }),
    ],
  },
  lower(graph, expr) {
    const [x] = expr.inputs;
    if (x === undefined) throw new Error('resampling takes an input');
    const { maps, transposed } = expr.attributes;
    if (numel(expr.shape) === 0) return graph.ones(expr.shape, expr.dtype);
    const whole = averagePool(graph, expr, graph.value(x));
    if (whole !== undefined) return whole;
    let current = { value: graph.value(x), shape: x.shape, dtype: x.dtype };
    for (const [i, map] of maps.entries()) {
      if (isIdentity(map)) continue;
      const dim = x.shape.length - maps.length + i;
      const value = lowerMap(graph, current, [map, dim, transposed]);
      const shape = current.shape.map((size, d) => (d === dim ? target(map, transposed) : size));
      current = { value, shape, dtype: x.dtype };
    }
    return current.value;
  },
  kernel([x], { maps, transposed }) {
    if (x === undefined) return [];
    const first = x.shape.length - maps.length;
    return maps.reduce((values, map, i) => along(values, map, first + i, transposed), x).data;
  },
});
