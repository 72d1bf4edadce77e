/**
 * Lowering convolutions to ONNX. ONNX Runtime convolves float32; other types are unrolled into columns, one for each
 * output, and multiplied.
 */
import type { DType } from '../../dtype';
import { isFloating } from '../../dtype';
import type { Expr } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { numel, type Shape } from '../../shape';
import { type Geometry, spanOf } from './geometry';
import type { Convolution } from './op';
import { padded, reshaped, type Spatial, windowParts } from './windows';

/** Lowers a convolution, transposed or not. */
export function lowerConvolution(graph: GraphBuilder, expr: Expr<Convolution>): string {
  const { inputs, shape, dtype, attributes } = expr;
  const [x, weight, bias] = inputs;
  if (x === undefined || weight === undefined) throw new Error('a convolution takes an input and a weight');
  if (numel(shape) === 0) return graph.ones(shape, dtype);
  // ONNX Runtime's ConvTranspose on WebGPU mixes up the channels of groups, and knows no volumes.
  const wrong =
    graph.device !== 'cpu' && attributes.transposed && (attributes.groups > 1 || shape.length > 4);
  // It refuses an output padding of more than a stride, too.
  const refused = attributes.outputPadding.some((extra, i) => extra >= (attributes.stride[i] ?? 1));
  if (dtype === 'float32' && !wrong && !refused) return convolve(graph, expr);
  const type: DType = isFloating(dtype) ? dtype : 'int64';
  const [input, kernel] = [x, weight].map(
    (expr): Spatial => ({ value: graph.as(expr, type), shape: expr.shape, dtype: type }),
  );
  if (input === undefined || kernel === undefined) throw new Error('a convolution has two operands');
  const unrolled = attributes.transposed
    ? spread(graph, input, kernel, attributes, shape)
    : byColumns(graph, input, kernel, attributes, shape);
  if (bias === undefined) return graph.cast(unrolled, type, dtype);
  const column = reshaped(graph, graph.as(bias, type), [shape[1] ?? 1, ...shape.slice(2).map(() => 1)]);
  return graph.cast(graph.node('Add', [unrolled, column]), type, dtype);
}

function convolve(graph: GraphBuilder, { inputs, attributes }: Expr<Convolution>): string {
  const { stride, padding, dilation, groups, transposed, outputPadding } = attributes;
  return graph.node(
    transposed ? 'ConvTranspose' : 'Conv',
    inputs.map(input => graph.value(input)),
    {
      kernel_shape: inputs[1]?.shape.slice(2) ?? [],
      strides: stride,
      pads: [...padding, ...padding],
      dilations: dilation,
      group: groups,
      ...(transposed && { output_padding: outputPadding }),
    },
  );
}

/** weight [G, O/G, C/G·k] @ columns [N, G, C/G·k, places]. */
function byColumns(
  graph: GraphBuilder,
  x: Spatial,
  weight: Spatial,
  geometry: Geometry,
  shape: Shape,
): string {
  const { groups } = geometry;
  const [outputs = 0, inputs = 0, ...kernel] = weight.shape;
  const [batch = 0, , ...sizes] = shape;
  const places = numel(sizes);
  const parts = windowParts(graph, x, kernel, sizes, geometry).map(part =>
    reshaped(graph, part, [batch, groups, inputs, 1, places]),
  );
  const columns = graph.node('Concat', parts, { axis: 3 });
  const product = graph.node('MatMul', [
    reshaped(graph, weight.value, [groups, outputs / groups, inputs * numel(kernel)]),
    reshaped(graph, columns, [batch, groups, inputs * numel(kernel), places]),
  ]);
  return reshaped(graph, product, shape);
}

/** A transposed convolution: zeros between the elements of the input, then a convolution by the mirrored weight. */
function spread(
  graph: GraphBuilder,
  x: Spatial,
  weight: Spatial,
  geometry: Convolution,
  shape: Shape,
): string {
  const { stride, padding, groups } = geometry;
  const [inputs = 0, outputs = 0, ...kernel] = weight.shape;
  const [batch = 0, channels = 0, ...sizes] = x.shape;
  const zeros = sizes.map((_, i) => (stride[i] ?? 1) - 1);
  const split: Spatial = {
    ...x,
    value: reshaped(graph, x.value, [batch, channels, ...sizes.flatMap(size => [size, 1])]),
    shape: [batch, channels, ...sizes.flatMap(size => [size, 1])],
  };
  const wide = padded(
    graph,
    split,
    sizes.flatMap(() => [0, 0]),
    zeros.flatMap(count => [0, count]),
  );
  const spreadSizes = sizes.map((size, i) => size * (stride[i] ?? 1));
  const spaced = {
    value: reshaped(graph, wide, [batch, channels, ...spreadSizes]),
    shape: [batch, channels, ...spreadSizes],
    dtype: x.dtype,
  };
  const spans = kernel.map((size, i) => spanOf(geometry, i, size));
  const before = spans.map((span, i) => span - (padding[i] ?? 0));
  const after = spans.map((span, i) => (shape[i + 2] ?? 0) + span - (before[i] ?? 0) - (spreadSizes[i] ?? 0));
  const whole = sizes.map((_, i) => (shape[i + 2] ?? 0) + (spans[i] ?? 0));
  const input = {
    ...spaced,
    value: padded(graph, spaced, before, after),
    shape: [batch, channels, ...whole],
  };
  const grouped = reshaped(graph, weight.value, [groups, inputs / groups, outputs, ...kernel]);
  const turned = graph.node('Transpose', [grouped], { perm: [0, 2, 1, ...kernel.map((_, i) => i + 3)] });
  const mirrored = graph.node('Slice', [
    reshaped(graph, turned, [groups * outputs, inputs / groups, ...kernel]),
    graph.ints(kernel.map(() => -1)),
    graph.ints(kernel.map(() => Number.MIN_SAFE_INTEGER)),
    graph.ints(kernel.map((_, i) => i + 2)),
    graph.ints(kernel.map(() => -1)),
  ]);
  const flipped = { ...weight, value: mirrored, shape: [groups * outputs, inputs / groups, ...kernel] };
  const plain = { ...geometry, stride: kernel.map(() => 1), padding: kernel.map(() => 0) };
  return byColumns(graph, input, flipped, plain, shape);
}
