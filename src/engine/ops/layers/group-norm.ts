/** Normalisation over parts of each sample: groups of channels, or single channels. */
import { EngineError } from '../../errors';
import type { Expr } from '../../expr';
import type { GraphBuilder } from '../../runtime/onnx/graph-builder';
import { formatShape, numel, type Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { reshaped } from '../convolution/windows';
import { ones, zeros } from '../creation/creation';
import { defineOp, type Op, type Values } from '../op';
import { batchNorm, type RunningStatistics } from './normalization';

type GroupNorm = { groups: number; eps: number };

/** [N, groups, everything in a group]. */
const grouped = (shape: Shape, groups: number): number[] => {
  const batch = shape[0] ?? 0;
  return [batch, groups, numel(shape.slice(1)) / groups];
};

/** The sizes of a per-channel tensor beside [N, C, …]. */
const perChannel = (shape: Shape): number[] => shape.slice(1).map((size, i) => (i === 0 ? size : 1));

const withoutChannels = (shape: Shape) => shape.map((_, i) => i).filter(i => i !== 1);

function lowerGroupNorm(graph: GraphBuilder, { inputs, shape, attributes, dtype }: Expr<GroupNorm>): string {
  const [x = '', weight = '', bias = ''] = inputs.map(input => graph.value(input));
  if (numel(shape) === 0) return graph.ones(shape, dtype);
  const groups = grouped(shape, attributes.groups);
  const normalized = graph.node(
    'LayerNormalization',
    [reshaped(graph, x, groups), graph.ones([groups[2] ?? 1], dtype)],
    { axis: -1, epsilon: { float: attributes.eps } },
  );
  const scale = reshaped(graph, weight, perChannel(shape));
  const scaled = graph.node('Mul', [reshaped(graph, normalized, shape), scale]);
  return graph.node('Add', [scaled, reshaped(graph, bias, perChannel(shape))]);
}

function groupNormKernel(
  [x, weight, bias]: readonly Values[],
  { groups, eps }: GroupNorm,
): ArrayLike<number> {
  if (x === undefined || weight === undefined || bias === undefined) return [];
  const [, , size = 1] = grouped(x.shape, groups);
  const [channels, plane] = [x.shape[1] ?? 1, numel(x.shape.slice(2))];
  return Float64Array.from(x.data, (value, i) => {
    const start = i - (i % size);
    const group = x.data.subarray(start, start + size);
    const mean = group.reduce((a, b) => a + b, 0) / size;
    const variance = group.reduce((a, b) => a + (b - mean) ** 2, 0) / size;
    const channel = Math.floor(i / plane) % channels;
    const normalized = (value - mean) / Math.sqrt(variance + eps);
    return normalized * (weight.data[channel] ?? 1) + (bias.data[channel] ?? 0);
  });
}

const groupNormOp: Op<GroupNorm> = defineOp<GroupNorm>({
  name: 'native_group_norm',
  formula: 'γ · (x − mean) / √(var + ε) + β over each group of channels',
  infer: ([x]) => ({ shape: x?.shape ?? [], dtype: x?.dtype ?? 'float32' }),
  gradient: {
    name: 'NativeGroupNormBackward0',
    saves: () => ({ inputs: [0, 1] }),
    backward: (grad, { attributes: { groups, eps }, needs, input }) => {
      const { shape } = grad;
      const x = input(0).reshape(grouped(shape, groups));
      const invstd = x.var(2, 0, true).add(eps).rsqrt();
      const normalized = x.sub(x.mean(2, true)).mul(invstd);
      const scaled = grad.mul(input(1).reshape(perChannel(shape))).reshape(x.shape);
      const centred = scaled
        .sub(scaled.mean(2, true))
        .sub(normalized.mul(scaled.mul(normalized).mean(2, true)));
      const dims = withoutChannels(shape);
      return [
        needs[0] ? centred.mul(invstd).reshape(shape) : undefined,
        needs[1] ? grad.mul(normalized.reshape(shape)).sum(dims) : undefined,
        needs[2] ? grad.sum(dims) : undefined,
      ];
    },
  },
  lower: lowerGroupNorm,
  kernel: groupNormKernel,
});

/** What the result is multiplied by, and what is added: one number for each channel. */
export interface ChannelOptions {
  readonly weight?: Tensor | null | undefined;
  readonly bias?: Tensor | null | undefined;
  readonly eps?: number;
}

/** Normalises each of `groups` groups of channels of each sample of [N, C, …]. */
export function groupNorm(input: Tensor, groups: number, options: ChannelOptions = {}): Tensor {
  const { eps = 1e-5 } = options;
  if (input.ndim < 2) {
    throw new EngineError(`Expected at least 2 dimensions for input tensor but received ${input.ndim}`);
  }
  const channels = input.size(1);
  if (channels % groups !== 0) {
    throw new EngineError(
      `Expected number of channels in input to be divisible by num_groups, but got input of shape ` +
        `${formatShape(input.shape)} and num_groups=${groups}`,
    );
  }
  const kind = { dtype: input.dtype, device: input.device };
  const [weight, bias] = [options.weight ?? ones([channels], kind), options.bias ?? zeros([channels], kind)];
  for (const [name, tensor] of [['weight', weight] as const, ['bias', bias] as const]) {
    if (tensor.ndim !== 1 || tensor.numel() !== channels) {
      throw new EngineError(
        `Expected ${name} to be a vector of size equal to the number of channels in input, but got ${name} of shape ` +
          `${formatShape(tensor.shape)} and input of shape ${formatShape(input.shape)}`,
      );
    }
  }
  return apply(groupNormOp, [input, weight, bias], { groups, eps });
}

/** Options of {@link instanceNorm}. */
export interface InstanceNormOptions extends ChannelOptions {
  /** Used in the place of the input's own statistics where `useInputStats` is false; else updated. */
  readonly running?: RunningStatistics | undefined;
  readonly useInputStats?: boolean;
  readonly momentum?: number;
}

/** Normalises each channel of each sample of [N, C, …]: a batch norm in which every sample has channels of its own. */
export function instanceNorm(input: Tensor, options: InstanceNormOptions = {}): Tensor {
  const { weight, bias, running, useInputStats = true, momentum = 0.1, eps = 1e-5 } = options;
  const { shape } = input;
  const [batch = 0, channels = 0, ...rest] = shape;
  if (useInputStats && numel(rest) <= 1) {
    throw new EngineError(
      `Expected more than 1 spatial element when training, got input size torch.Size(${formatShape(shape)})`,
    );
  }
  const repeated = running && { mean: running.mean.repeat(batch), var: running.var.repeat(batch) };
  const output = batchNorm(input.contiguous().view([1, batch * channels, ...rest]), {
    weight: weight?.repeat(batch),
    bias: bias?.repeat(batch),
    running: repeated,
    training: useInputStats,
    momentum,
    eps,
  });
  if (running !== undefined && repeated !== undefined && useInputStats) {
    running.mean.copy_(repeated.mean.view(batch, channels).mean(0));
    running.var.copy_(repeated.var.view(batch, channels).mean(0));
  }
  return output.view(shape);
}
