/** Layers as ONNX operators (opset 17): what each computes in evaluation mode. */
import { EngineError } from '../errors';
import {
  AdaptiveAvgPool2d,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  Conv1d,
  Conv2d,
  Dropout,
  ELU,
  Flatten,
  GELU,
  Identity,
  LayerNorm,
  LeakyReLU,
  Linear,
  LogSoftmax,
  MaxPool2d,
  ReLU,
  Sigmoid,
  SiLU,
  Softmax,
  Tanh,
} from '../nn';
import type { AnyModule } from '../nn/module/any-module';
import type { Sizes } from '../ops/convolution/convolution';
import type { OnnxWriter, Value } from './onnx-writer';

/** Where a layer is: its input, its path in the network, and the shape of what it gives. */
export interface LayerPlace {
  readonly input: Value;
  readonly path: string;
  readonly outputShape: readonly number[];
}

/** Writes a layer down and gives the name of its output. */
type Write<M> = (module: M, graph: OnnxWriter, place: LayerPlace) => string;

type Rule = (module: AnyModule) => ((graph: OnnxWriter, place: LayerPlace) => string) | undefined;

function rule<M extends AnyModule>(type: abstract new (...args: never[]) => M, write: Write<M>): Rule {
  return module => (module instanceof type ? (graph, place) => write(module, graph, place) : undefined);
}

const pair = (sizes: Sizes): number[] => (typeof sizes === 'number' ? [sizes, sizes] : [...sizes]);

/** A layer of one operator without weights. */
const simple =
  <M>(
    operator: string,
    attributes: (module: M) => Parameters<OnnxWriter['node']>[3] = () => ({}),
  ): Write<M> =>
  (module, graph, { input, path }) =>
    graph.node(operator, [input.name], path, attributes(module));

/** A layer that does nothing in evaluation mode. */
const nothing: Write<unknown> = (_module, _graph, { input }) => input.name;

const writeLinear: Write<Linear> = (module, graph, { input, path }) => {
  const weight = graph.weight(`${path}.weight`);
  const bias = module.bias === undefined ? [] : [graph.weight(`${path}.bias`)];
  if (input.shape.length === 2) {
    return graph.node('Gemm', [input.name, weight, ...bias], path, { transB: 1 });
  }
  const turned = graph.node('Transpose', [weight], `${path}.weight.T`, { perm: [1, 0] });
  if (bias.length === 0) return graph.node('MatMul', [input.name, turned], path);
  const product = graph.node('MatMul', [input.name, turned], `${path}.product`);
  return graph.node('Add', [product, ...bias], path);
};

const writeConvolution: Write<Conv1d | Conv2d> = (module, graph, { input, path }) => {
  const { kernelSize, stride, padding, dilation, groups, paddingMode, bias } = module;
  if (paddingMode !== 'zeros') {
    throw new EngineError(
      `${path}: a convolution with padding_mode='${paddingMode}' cannot be written as ONNX`,
    );
  }
  const totals = kernelSize.map((size, i) => (dilation[i] ?? 1) * (size - 1));
  const before = totals.map((total, i) => {
    if (padding === 'valid') return 0;
    return padding === 'same' ? Math.floor(total / 2) : (padding[i] ?? 0);
  });
  const after = totals.map((total, i) =>
    padding === 'same' ? total - Math.floor(total / 2) : (before[i] ?? 0),
  );
  const weights = [
    graph.weight(`${path}.weight`),
    ...(bias === undefined ? [] : [graph.weight(`${path}.bias`)]),
  ];
  return graph.node('Conv', [input.name, ...weights], path, {
    kernel_shape: kernelSize,
    strides: stride,
    pads: [...before, ...after],
    dilations: dilation,
    group: groups,
  });
};

const writeBatchNorm: Write<BatchNorm1d | BatchNorm2d> = (module, graph, { input, path }) => {
  const { numFeatures, eps, weight } = module;
  if (module.namedBuffers().length === 0) {
    throw new EngineError(`${path}: a BatchNorm without running statistics cannot be written as ONNX`);
  }
  const filled = (name: string, value: number) =>
    weight === undefined
      ? graph.constant(`${path}.${name}`, 'float32', [numFeatures], new Float32Array(numFeatures).fill(value))
      : graph.weight(`${path}.${name}`);
  const statistics = ['running_mean', 'running_var'].map(name => graph.weight(`${path}.${name}`));
  const inputs = [input.name, filled('weight', 1), filled('bias', 0), ...statistics];
  return graph.node('BatchNormalization', inputs, path, { epsilon: { float: eps } });
};

const writeLayerNorm: Write<LayerNorm> = (module, graph, { input, path }) => {
  const { normalizedShape, eps, weight } = module;
  const size = normalizedShape.reduce((product, side) => product * side, 1);
  const scale =
    weight === undefined
      ? [graph.constant(`${path}.weight`, 'float32', normalizedShape, new Float32Array(size).fill(1))]
      : [graph.weight(`${path}.weight`), graph.weight(`${path}.bias`)];
  const axis = -normalizedShape.length;
  return graph.node('LayerNormalization', [input.name, ...scale], path, { axis, epsilon: { float: eps } });
};

const writeMaxPool: Write<MaxPool2d> = ({ kernelSize, stride, padding, dilation, ceilMode }, graph, place) =>
  graph.node('MaxPool', [place.input.name], place.path, {
    kernel_shape: pair(kernelSize),
    strides: pair(stride),
    pads: [...pair(padding), ...pair(padding)],
    dilations: pair(dilation),
    ceil_mode: Number(ceilMode),
  });

const writeAvgPool: Write<AvgPool2d> = (module, graph, { input, path }) => {
  if (module.divisorOverride !== undefined || module.ceilMode) {
    throw new EngineError(
      `${path}: an average pool with ceil_mode or divisor_override cannot be written as ONNX`,
    );
  }
  return graph.node('AveragePool', [input.name], path, {
    kernel_shape: pair(module.kernelSize),
    strides: pair(module.stride),
    pads: [...pair(module.padding), ...pair(module.padding)],
    count_include_pad: Number(module.countIncludePad),
  });
};

const writeAdaptivePool: Write<AdaptiveAvgPool2d> = (_module, graph, { input, path, outputShape }) => {
  const [from, to] = [input.shape.slice(2), outputShape.slice(2)];
  if (to.every(size => size === 1)) return graph.node('GlobalAveragePool', [input.name], path);
  const steps = from.map((size, i) => size / (to[i] ?? 1));
  if (!steps.every(Number.isInteger)) {
    throw new EngineError(
      `${path}: shares of ${from.join('×')} for ${to.join('×')} cannot be written as ONNX`,
    );
  }
  return graph.node('AveragePool', [input.name], path, { kernel_shape: steps, strides: steps });
};

const writeFlatten: Write<Flatten> = ({ startDim, endDim }, graph, { input, path, outputShape }) => {
  if (startDim === 1 && (endDim === -1 || endDim === input.shape.length - 1)) {
    return graph.node('Flatten', [input.name], path, { axis: 1 });
  }
  if (startDim < 1) throw new EngineError(`${path}: a Flatten of the batch cannot be written as ONNX`);
  const sizes = BigInt64Array.from(outputShape, (size, axis) => (axis === 0 ? 0n : BigInt(size)));
  const shape = graph.constant(`${path}.shape`, 'int64', [sizes.length], sizes);
  return graph.node('Reshape', [input.name, shape], path);
};

/** x · Φ(x), by the error function or by tanh, of operators that every opset has. */
const writeGelu: Write<GELU> = (module, graph, { input: { name: x }, path }) => {
  const half = graph.scalar('half', 0.5);
  const one = graph.scalar('one', 1);
  let inner: string;
  if (module.approximate === 'tanh') {
    const cube = graph.node('Pow', [x, graph.scalar('three', 3)], `${path}.cube`);
    const part = graph.node('Mul', [cube, graph.scalar('gelu.cubic', 0.044715)], `${path}.part`);
    const sum = graph.node('Add', [x, part], `${path}.sum`);
    const scaled = graph.node(
      'Mul',
      [sum, graph.scalar('gelu.scale', Math.sqrt(2 / Math.PI))],
      `${path}.scaled`,
    );
    inner = graph.node('Tanh', [scaled], `${path}.tanh`);
  } else {
    const scaled = graph.node('Mul', [x, graph.scalar('gelu.root', Math.SQRT1_2)], `${path}.scaled`);
    inner = graph.node('Erf', [scaled], `${path}.erf`);
  }
  const share = graph.node('Add', [inner, one], `${path}.share`);
  const doubled = graph.node('Mul', [x, share], `${path}.doubled`);
  return graph.node('Mul', [doubled, half], path);
};

const writeSilu: Write<SiLU> = (_module, graph, { input: { name: x }, path }) =>
  graph.node('Mul', [x, graph.node('Sigmoid', [x], `${path}.sigmoid`)], path);

const rules: readonly Rule[] = [
  rule(Linear, writeLinear),
  rule(Conv2d, writeConvolution),
  rule(Conv1d, writeConvolution),
  rule(BatchNorm1d, writeBatchNorm),
  rule(BatchNorm2d, writeBatchNorm),
  rule(LayerNorm, writeLayerNorm),
  rule(MaxPool2d, writeMaxPool),
  rule(AvgPool2d, writeAvgPool),
  rule(AdaptiveAvgPool2d, writeAdaptivePool),
  rule(Flatten, writeFlatten),
  rule(Dropout, nothing),
  rule(Identity, nothing),
  rule(ReLU, simple('Relu')),
  rule(Sigmoid, simple('Sigmoid')),
  rule(Tanh, simple('Tanh')),
  rule(
    LeakyReLU,
    simple('LeakyRelu', ({ negativeSlope }) => ({ alpha: { float: negativeSlope } })),
  ),
  rule(
    ELU,
    simple('Elu', ({ alpha }) => ({ alpha: { float: alpha } })),
  ),
  rule(GELU, writeGelu),
  rule(SiLU, writeSilu),
  rule(
    Softmax,
    simple('Softmax', ({ dim }) => ({ axis: dim })),
  ),
  rule(
    LogSoftmax,
    simple('LogSoftmax', ({ dim }) => ({ axis: dim })),
  ),
];

/** Writes a layer down; gives the name of its output. */
export function writeLayer(module: AnyModule, graph: OnnxWriter, place: LayerPlace): string {
  for (const match of rules) {
    const write = match(module);
    if (write !== undefined) return write(graph, place);
  }
  throw new EngineError(`${place.path}: a layer ${module.kind} cannot be written as ONNX`);
}
