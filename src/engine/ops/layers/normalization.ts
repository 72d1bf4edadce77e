/** Batch and layer normalisation. */

import { isGradEnabled, noGrad } from '../../autograd/grad-mode';
import { EngineError } from '../../errors';
import { formatShape, type Shape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { ones, zeros } from '../creation/creation';
import { at, build } from '../kernels';
import { defineOp } from '../op';

type BatchNorm = { training: boolean; eps: number };

/** The sizes of a per-channel tensor stretched over a batch: `[1, C, 1, …]`. */
function channelShape(shape: Shape): number[] {
  return shape.map((size, i) => (i === 1 ? size : 1));
}

/** All dimensions but the channels. */
function otherDims(shape: Shape): number[] {
  return shape.map((_, i) => i).filter(i => i !== 1);
}

/**
 * (x − mean) · invstd · weight + bias, per channel. In training, mean and invstd are those of x and the
 * gradient passes through them; the caller computes them, since they also go into the running statistics.
 */
const batchNormOp = defineOp<BatchNorm>({
  name: 'native_batch_norm',
  formula: 'γ · (x − mean) / √(var + ε) + β over the batch',
  infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: 'NativeBatchNormBackward0',
    edges: [0, 1, 2],
    saves: () => ({ inputs: [0, 1, 3, 4] }),
    backward: (grad, { attributes: { training, eps }, needs, input }) => {
      const x = input(0);
      const [dims, shape] = [otherDims(x.shape), channelShape(x.shape)];
      const weight = input(1).reshape(shape);
      // A gradient that will be differentiated must know that these depend on x.
      const again = training && isGradEnabled();
      const mean = again ? x.mean(dims, true) : input(3).reshape(shape);
      const invstd = again ? x.var(dims, 0, true).add(eps).rsqrt() : input(4).reshape(shape);
      const normalized = x.sub(mean).mul(invstd);
      const scale = weight.mul(invstd);
      const centred = training
        ? grad.sub(grad.mean(dims, true)).sub(normalized.mul(grad.mul(normalized).mean(dims, true)))
        : grad;
      return [
        needs[0] ? centred.mul(scale) : undefined,
        needs[1] ? grad.mul(normalized).sum(dims) : undefined,
        needs[2] ? grad.sum(dims) : undefined,
      ];
    },
  },
  lower(graph, { inputs, shape }) {
    const [x = '', weight = '', bias = '', mean = '', invstd = ''] = inputs.map((input, i) => {
      const value = graph.value(input);
      return i === 0 ? value : graph.node('Reshape', [value, graph.ints(channelShape(shape))]);
    });
    const scaled = graph.node('Mul', [graph.node('Sub', [x, mean]), graph.node('Mul', [invstd, weight])]);
    return graph.node('Add', [scaled, bias]);
  },
  kernel: ([input, weight, bias, mean, invstd], _, output) =>
    build(output, index => {
      const of = (values: typeof input) => values?.data[index[1] ?? 0] ?? 0;
      return input === undefined ? 0 : (at(input, index) - of(mean)) * of(invstd) * of(weight) + of(bias);
    }),
});

/** What `batch_norm` keeps between calls. */
export interface RunningStatistics {
  readonly mean: Tensor;
  readonly var: Tensor;
}

/** Options of {@link batchNorm}. */
export interface BatchNormOptions {
  readonly weight?: Tensor | undefined;
  readonly bias?: Tensor | undefined;
  /** Updated in training, used in evaluation. */
  readonly running?: RunningStatistics | undefined;
  /** Use the statistics of this batch. */
  readonly training?: boolean;
  /** The share of the new batch in the running statistics. */
  readonly momentum?: number | Tensor;
  readonly eps?: number;
}

/** Moves a running statistic towards that of a batch, times a correction, by a share of the way. */
function follow(running: Tensor, batch: Tensor, momentum: number | Tensor, correction = 1): void {
  if (typeof momentum === 'number') running.mul_(1 - momentum).add_(batch, momentum * correction);
  else running.mul_(momentum.rsub(1)).add_(batch.mul(momentum.mul(correction)));
}

/** Complains about a tensor that has not one number for each channel. */
function checkChannels(channels: number, tensors: Readonly<Record<string, Tensor | undefined>>): void {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor !== undefined && tensor.numel() !== channels)
      throw new EngineError(`${name} should contain ${channels} elements not ${tensor.numel()}`);
  }
}

/** No samples have no statistics: the running ones stay. The nodes are those that PyTorch makes here. */
function withoutSamples(input: Tensor, { weight, bias }: BatchNormOptions): Tensor {
  const copy = input.clone();
  const scaled = weight === undefined ? copy : copy.mul(weight.select(0, 0));
  return bias === undefined ? scaled : scaled.add(bias.select(0, 0));
}

/** Normalises each channel of `input` [N, C, …] over the batch, or by running statistics. */
export function batchNorm(input: Tensor, options: BatchNormOptions = {}): Tensor {
  const { running, training = false, momentum = 0.1, eps = 1e-5 } = options;
  if (input.ndim < 1) throw new EngineError('expected at least 1D input (got 0D input)');
  const channels = input.ndim === 1 ? input.size(0) : input.size(1);
  const kind = { dtype: input.dtype, device: input.device };
  const weight = options.weight ?? ones([channels], kind);
  const bias = options.bias ?? zeros([channels], kind);
  if (!training && running === undefined)
    throw new EngineError('Expected running_mean and running_var to be defined when training=False');
  const count = input.numel() / channels;
  if (training && count === 1) {
    throw new EngineError(
      `Expected more than 1 value per channel when training, got input size torch.Size(${formatShape(input.shape)})`,
    );
  }
  checkChannels(channels, { running_mean: running?.mean, running_var: running?.var, weight, bias });
  if (!training && running !== undefined) {
    const invstd = noGrad(() => running.var.add(eps).rsqrt());
    return apply(batchNormOp, [input, weight, bias, running.mean, invstd], { training, eps });
  }
  if (input.numel() === 0) return withoutSamples(input, options);
  const { mean, invstd } = noGrad(() => {
    const dims = otherDims(input.shape);
    const [batchMean, batchVar] = [input.mean(dims), input.var(dims, 0)];
    if (running !== undefined) {
      follow(running.mean, batchMean, momentum);
      follow(running.var, batchVar, momentum, count / (count - 1));
    }
    return { mean: batchMean, invstd: batchVar.add(eps).rsqrt() };
  });
  return apply(batchNormOp, [input, weight, bias, mean, invstd], { training, eps });
}

type LayerNorm = { dims: number; eps: number };

const layerNormOp = defineOp<LayerNorm>({
  name: 'native_layer_norm',
  formula: 'γ · (x − mean) / √(var + ε) + β over each sample',
  infer: ([input]) => ({ shape: input?.shape ?? [], dtype: input?.dtype ?? 'float32' }),
  gradient: {
    name: 'NativeLayerNormBackward0',
    saves: () => ({ inputs: [0, 1] }),
    backward: (grad, { attributes: { dims: count, eps }, needs, input }) => {
      const x = input(0);
      const inner = Array.from({ length: count }, (_, i) => x.ndim - count + i);
      const outer = Array.from({ length: x.ndim - count }, (_, i) => i);
      const invstd = x.var(inner, 0, true).add(eps).rsqrt();
      const normalized = x.sub(x.mean(inner, true)).mul(invstd);
      const scaled = grad.mul(input(1));
      const centred = scaled
        .sub(scaled.mean(inner, true))
        .sub(normalized.mul(scaled.mul(normalized).mean(inner, true)));
      const overBatch = (tensor: Tensor) => (outer.length === 0 ? tensor : tensor.sum(outer));
      return [
        needs[0] ? centred.mul(invstd) : undefined,
        needs[1] ? overBatch(grad.mul(normalized)) : undefined,
        needs[2] ? overBatch(grad) : undefined,
      ];
    },
  },
  lower: (graph, { inputs, attributes: { dims, eps } }) =>
    graph.node(
      'LayerNormalization',
      inputs.map(input => graph.value(input)),
      { axis: -dims, epsilon: { float: eps } },
    ),
  kernel: ([input, weight, bias], { dims, eps }, output) => {
    if (input === undefined || weight === undefined || bias === undefined) return [];
    const size = output.shape.slice(-dims).reduce((a, b) => a * b, 1);
    return Float64Array.from(input.data, (x, i) => {
      const start = i - (i % size);
      const row = input.data.subarray(start, start + size);
      const mean = row.reduce((a, b) => a + b, 0) / size;
      const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / size;
      const place = i - start;
      return ((x - mean) / Math.sqrt(variance + eps)) * (weight.data[place] ?? 1) + (bias.data[place] ?? 0);
    });
  },
});

/** Normalises over the last dimensions, those of `shape`. */
export function layerNorm(
  input: Tensor,
  shape: Shape,
  { weight, bias, eps = 1e-5 }: { weight?: Tensor | undefined; bias?: Tensor | undefined; eps?: number } = {},
): Tensor {
  if (shape.length === 0 || input.shape.slice(-shape.length).join() !== shape.join()) {
    throw new EngineError(
      `Given normalized_shape=${formatShape(shape)}, expected input with shape [*, ${shape.join(', ')}], but got ` +
        `input of size${formatShape(input.shape)}`,
    );
  }
  for (const [name, tensor] of Object.entries({ weight, bias })) {
    if (tensor !== undefined && !sameShape(tensor.shape, shape)) {
      throw new EngineError(
        `Expected ${name} to be of same shape as normalized_shape, but got ${name} of shape ` +
          `${formatShape(tensor.shape)} and normalized_shape = ${formatShape(shape)}`,
      );
    }
  }
  const kind = { dtype: input.dtype, device: input.device };
  return apply(layerNormOp, [input, weight ?? ones(shape, kind), bias ?? zeros(shape, kind)], {
    dims: shape.length,
    eps,
  });
}
