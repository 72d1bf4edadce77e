/** Pools: the largest or the mean of each window. */
import { isFloating } from '../../dtype';
import { EngineError } from '../../errors';
import { formatShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { type Sizes, sizesFor } from '../convolution/convolution';
import { defineSignatures } from '../signatures';
import { maxPoolOp, maxPoolPlacesOp, type Pool } from './max-pool-op';
import type { AxisMap } from './resample-maps';
import { resampleOp } from './resample-op';

/** What the pools have in common. */
interface PoolSettings {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly ceilMode: boolean;
}

/** How many windows there are along a dimension; rounded up, but none begins beyond the input and its first padding. */
function windowCount(size: number, i: number, settings: PoolSettings): number {
  const { kernel, stride, padding, dilation, ceilMode } = settings;
  const [step, pad] = [stride[i] ?? 1, padding[i] ?? 0];
  const span = (dilation[i] ?? 1) * ((kernel[i] ?? 1) - 1) + 1;
  const count = Math.floor((size + 2 * pad - span + (ceilMode ? step - 1 : 0)) / step) + 1;
  return ceilMode && (count - 1) * step >= size + pad ? count - 1 : count;
}

function countWindows(name: string, input: Tensor, settings: PoolSettings): number[] {
  const { kernel, stride, padding, dilation } = settings;
  const rank = kernel.length;
  if (input.ndim !== rank + 1 && input.ndim !== rank + 2) {
    throw new EngineError(
      `${name}(): Expected ${rank + 1}D or ${rank + 2}D input, but got ${formatShape(input.shape)}`,
    );
  }
  if (input.shape.slice(1 - rank - 2 + 1).includes(0) && input.shape.slice(-rank).includes(0)) {
    throw new EngineError(
      `${name}(): Expected input with non-zero size, but got ${formatShape(input.shape)}`,
    );
  }
  if (stride.some(step => step < 1)) throw new EngineError('stride should not be zero');
  if (kernel.some(size => size < 1)) throw new EngineError('kernel size should be greater than zero');
  if (dilation.some(step => step < 1)) throw new EngineError('dilation should be greater than zero');
  if (padding.some((size, i) => size < 0 || size > (kernel[i] ?? 0) / 2)) {
    throw new EngineError(
      `pad should be at most half of kernel size, but got pad=${Math.max(...padding)} and kernel_size=${Math.max(...kernel)}`,
    );
  }
  const sizes = input.shape.slice(-rank).map((size, i) => windowCount(size, i, settings));
  if (sizes.some(size => size < 1)) {
    throw new EngineError(
      `Given input size: (${input.shape.slice(-rank - 1).join('x')}). Calculated output size: ` +
        `(${[input.size(-rank - 1), ...sizes].join('x')}). Output size is too small`,
    );
  }
  return sizes;
}

/** Without a stride (PyTorch also says so by an empty list) the windows lie side by side. */
function strideOr(stride: Sizes | null | undefined, kernelSize: Sizes): Sizes {
  return stride == null || (typeof stride !== 'number' && stride.length === 0) ? kernelSize : stride;
}

/** The largest elements of the windows, and where these are in the flattened spatial dimensions. */
export interface PooledAndIndices {
  readonly values: Tensor;
  readonly indices: Tensor;
}

/** Options of the max pools. */
export interface MaxPoolOptions {
  readonly dilation?: Sizes;
  /** Let a last window that is not full count, too. */
  readonly ceilMode?: boolean;
  readonly returnIndices?: boolean;
}

function maxPool(
  name: string,
  input: Tensor,
  [kernelSize, strides, paddings]: readonly [Sizes, Sizes | null | undefined, Sizes],
  { dilation: dilations = 1, ceilMode = false }: MaxPoolOptions,
): PooledAndIndices {
  const rank = 2;
  const kernel = sizesFor(rank, kernelSize, 'kernel_size');
  const settings = {
    kernel,
    stride: sizesFor(rank, strideOr(strides, kernelSize), 'stride'),
    padding: sizesFor(rank, paddings, 'padding'),
    dilation: sizesFor(rank, dilations, 'dilation'),
    ceilMode,
  };
  const { stride, padding, dilation } = settings;
  const sizes = countWindows(name, input, settings);
  const pool: Pool = { kernel, stride, padding, dilation, groups: 1, sizes };
  return { values: apply(maxPoolOp, [input], pool), indices: apply(maxPoolPlacesOp, [input], pool) };
}

/** The largest element of each window of [N, C, H, W] or [C, H, W]; beyond the edge lies nothing. */
export function maxPool2d(
  input: Tensor,
  kernelSize: Sizes,
  stride: Sizes | null | undefined,
  padding: Sizes | undefined,
  options: MaxPoolOptions & { readonly returnIndices: true },
): PooledAndIndices;
export function maxPool2d(
  input: Tensor,
  kernelSize: Sizes,
  stride?: Sizes | null,
  padding?: Sizes,
  options?: MaxPoolOptions,
): Tensor;
export function maxPool2d(
  input: Tensor,
  kernelSize: Sizes,
  stride?: Sizes | null,
  padding: Sizes = 0,
  options: MaxPoolOptions = {},
): Tensor | PooledAndIndices {
  const pooled = maxPool('max_pool2d', input, [kernelSize, stride, padding], options);
  return options.returnIndices ? pooled : pooled.values;
}

/** One number of a size for one dimension, with a dimension of one before it. */
function behind(one: number, value: Sizes): number[] {
  return [one, typeof value === 'number' ? value : (value[0] ?? one)];
}

/** The largest element of each window of [N, C, L] or [C, L]. */
export function maxPool1d(
  input: Tensor,
  kernelSize: Sizes,
  stride: Sizes | null | undefined,
  padding: Sizes | undefined,
  options: MaxPoolOptions & { readonly returnIndices: true },
): PooledAndIndices;
export function maxPool1d(
  input: Tensor,
  kernelSize: Sizes,
  stride?: Sizes | null,
  padding?: Sizes,
  options?: MaxPoolOptions,
): Tensor;
export function maxPool1d(
  input: Tensor,
  kernelSize: Sizes,
  stride?: Sizes | null,
  padding: Sizes = 0,
  options: MaxPoolOptions = {},
): Tensor | PooledAndIndices {
  checkOneDimensional('max_pool1d', input);
  const { values, indices } = maxPool(
    'max_pool1d',
    input.unsqueeze(-2),
    [behind(1, kernelSize), behind(1, strideOr(stride, kernelSize)), behind(0, padding)],
    { ...options, dilation: behind(1, options.dilation ?? 1) },
  );
  const pooled = { values: values.squeeze(-2), indices: indices.squeeze(-2) };
  return options.returnIndices ? pooled : pooled.values;
}

function checkOneDimensional(name: string, input: Tensor): void {
  if (input.ndim === 2 || input.ndim === 3) return;
  throw new EngineError(`${name}() Expected 2D or 3D input tensor, but got ${formatShape(input.shape)}`);
}

/** Options of the average pools. */
export interface AvgPoolOptions {
  readonly ceilMode?: boolean;
  /** Padding counts as zeros. */
  readonly countIncludePad?: boolean;
  /** Divide by this instead of by the number of elements. */
  readonly divisorOverride?: number | null;
}

function checkFloating(name: string, { dtype }: Tensor): void {
  if (!isFloating(dtype)) throw new EngineError(`"${name}" not implemented for '${dtype}'`);
}

/** The mean of each window of [N, C, H, W] or [C, H, W]. */
export function avgPool2d(
  input: Tensor,
  kernelSize: Sizes,
  strides?: Sizes | null,
  paddings: Sizes = 0,
  { ceilMode = false, countIncludePad = true, divisorOverride }: AvgPoolOptions = {},
): Tensor {
  const kernel = sizesFor(2, kernelSize, 'kernel_size');
  const stride = sizesFor(2, strideOr(strides, kernelSize), 'stride');
  const padding = sizesFor(2, paddings, 'padding');
  if (divisorOverride === 0) throw new EngineError('divisor must be not zero');
  const sizes = countWindows('avg_pool2d', input, { kernel, stride, padding, dilation: [1, 1], ceilMode });
  const maps = kernel.map(
    (size, i): AxisMap => ({
      kind: 'windows',
      input: input.size(i - 2),
      output: sizes[i] ?? 1,
      kernel: size,
      stride: stride[i] ?? 1,
      padding: padding[i] ?? 0,
      include: countIncludePad,
      divisor: divisorOverride == null ? 0 : i === 0 ? divisorOverride : 1,
    }),
  );
  const settings = { maps, transposed: false, node: 'AvgPool2DBackward0' };
  if (isFloating(input.dtype)) return apply(resampleOp, [input], settings);
  // Integers are divided towards zero: what rounding takes from a whole quotient is put back before.
  const means = apply(resampleOp, [input.to('float64')], settings);
  return means.add(means.sign().mul(1e-9)).trunc().to(input.dtype);
}

/** The mean of each window of [N, C, L] or [C, L]. */
export function avgPool1d(
  input: Tensor,
  kernelSize: Sizes,
  stride?: Sizes | null,
  padding: Sizes = 0,
  options: Omit<AvgPoolOptions, 'divisorOverride'> = {},
): Tensor {
  checkOneDimensional('avg_pool1d', input);
  const steps = behind(1, strideOr(stride, kernelSize));
  return avgPool2d(input.unsqueeze(-2), behind(1, kernelSize), steps, behind(0, padding), options).squeeze(
    -2,
  );
}

/** The means of `outputSize` equal shares of [N, C, H, W] or [C, H, W]; null keeps a size. */
export function adaptiveAvgPool2d(input: Tensor, outputSize: number | readonly (number | null)[]): Tensor {
  if (input.ndim !== 3 && input.ndim !== 4) {
    throw new EngineError(
      `adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got ${formatShape(input.shape)}`,
    );
  }
  checkFloating('adaptive_avg_pool2d', input);
  const wanted = typeof outputSize === 'number' ? [outputSize, outputSize] : outputSize;
  if (wanted.length !== 2) throw new EngineError('adaptive_avg_pool2d: output_size must be 2');
  if (wanted.some(size => size !== null && size < 0)) {
    throw new EngineError('adaptive_avg_pool2d: elements of output_size must be greater than or equal to 0');
  }
  const sizes = wanted.map((size, i) => size ?? input.size(i - 2));
  if (input.shape.slice(-3).includes(0)) {
    throw new EngineError(
      `adaptive_avg_pool2d(): Expected input to have non-zero size for non-batch dimensions, but input has sizes ` +
        formatShape(input.shape),
    );
  }
  if (sizes.every(size => size === 1)) return input.mean([-1, -2], true);
  return shares(input, sizes, 'AdaptiveAvgPool2DBackward0');
}

/** The means of equal shares of the last dimensions. */
export function shares(input: Tensor, sizes: readonly number[], node: string): Tensor {
  const maps = sizes.map(
    (output, i): AxisMap => ({ kind: 'shares', input: input.size(i - sizes.length), output }),
  );
  return apply(resampleOp, [input], { maps, transposed: false, node });
}

/** The means of `outputSize` equal shares of [N, C, L] or [C, L]. */
export function adaptiveAvgPool1d(input: Tensor, outputSize: number | readonly number[]): Tensor {
  checkOneDimensional('adaptive_avg_pool1d', input);
  const size = typeof outputSize === 'number' ? outputSize : (outputSize[0] ?? 1);
  return adaptiveAvgPool2d(input.unsqueeze(-2), [1, size]).squeeze(-2);
}

defineSignatures(`
  max_pool1d(self, kernel_size, stride, padding | dilation, ceil_mode, return_indices)
  max_pool2d(self, kernel_size, stride, padding | dilation, ceil_mode, return_indices)
  avg_pool1d(self, kernel_size, stride, padding | ceil_mode, count_include_pad)
  avg_pool2d(self, kernel_size, stride, padding | ceil_mode, count_include_pad, divisor_override)
  adaptive_avg_pool1d(self, output_size)
  adaptive_avg_pool2d(self, output_size)
`);
