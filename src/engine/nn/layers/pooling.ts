/** Pools as layers. */
import type { Sizes } from '../../ops/convolution/convolution';
import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  avgPool1d,
  avgPool2d,
  maxPool1d,
  maxPool2d,
  type PooledAndIndices,
} from '../../ops/pooling/pooling';
import { maxUnpool1d, maxUnpool2d } from '../../ops/pooling/unpooling';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { pythonBool, pythonSizes, pythonTuple } from '../module/python-text';

/** Options of the pools; the windows stand side by side where no stride is given. */
export interface PoolSettings {
  readonly stride?: Sizes;
  readonly padding?: Sizes;
  readonly ceilMode?: boolean;
}

/** Options of the max pools. */
export interface MaxPoolSettings<Indices extends boolean = boolean> extends PoolSettings {
  readonly dilation?: Sizes;
  /** Give the places of the maxima, too, as a max unpool takes them. */
  readonly returnIndices?: Indices;
}

/** What a max pool gives: the maxima, or with `returnIndices` their places beside them. */
type Pooled<Indices extends boolean> = Indices extends true ? PooledAndIndices : Tensor;

abstract class MaxPool<Indices extends boolean> extends Module<[Tensor], Pooled<Indices>> {
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly dilation: Sizes;
  readonly ceilMode: boolean;
  readonly returnIndices: boolean;

  constructor(
    readonly kernelSize: Sizes,
    settings: MaxPoolSettings<Indices> = {},
  ) {
    super();
    const { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false } = settings;
    this.returnIndices = settings.returnIndices ?? false;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
    this.ceilMode = ceilMode;
  }

  override describe(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    const sizes = Object.entries({ kernel_size: kernelSize, stride, padding, dilation });
    return [
      ...sizes.map(([name, value]) => `${name}=${pythonSizes(value)}`),
      `ceil_mode=${pythonBool(ceilMode)}`,
    ].join(', ');
  }
}

/** The largest element of each window of [N, C, L] or [C, L]. */
export class MaxPool1d<Indices extends boolean = false> extends MaxPool<Indices> {
  override forward(input: Tensor): Pooled<Indices>;
  override forward(input: Tensor): Tensor | PooledAndIndices {
    const { kernelSize, stride, padding, dilation, ceilMode, returnIndices } = this;
    return maxPool1d(input, kernelSize, stride, padding, { dilation, ceilMode, returnIndices });
  }
}

/** The largest element of each window of [N, C, H, W] or [C, H, W]. */
export class MaxPool2d<Indices extends boolean = false> extends MaxPool<Indices> {
  override forward(input: Tensor): Pooled<Indices>;
  override forward(input: Tensor): Tensor | PooledAndIndices {
    const { kernelSize, stride, padding, dilation, ceilMode, returnIndices } = this;
    return maxPool2d(input, kernelSize, stride, padding, { dilation, ceilMode, returnIndices });
  }
}

/** Options of the max unpools. */
export interface MaxUnpoolSettings {
  readonly stride?: Sizes;
  readonly padding?: Sizes;
}

abstract class MaxUnpool extends Module<[input: Tensor, indices: Tensor, outputSize?: readonly number[]]> {
  readonly stride: Sizes;
  readonly padding: Sizes;

  constructor(
    readonly kernelSize: Sizes,
    { stride = kernelSize, padding = 0 }: MaxUnpoolSettings = {},
  ) {
    super();
    this.stride = stride;
    this.padding = padding;
  }

  override describe(): string {
    const { kernelSize, stride, padding } = this;
    const sizes = Object.entries({ kernel_size: kernelSize, stride, padding });
    return sizes.map(([name, value]) => `${name}=${pythonSizes(value)}`).join(', ');
  }
}

/** Puts the elements that a {@link MaxPool1d} has taken back to where they were, with zeros between. */
export class MaxUnpool1d extends MaxUnpool {
  override forward(input: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    const { kernelSize, stride, padding } = this;
    return maxUnpool1d(input, indices, kernelSize, stride, padding, outputSize);
  }
}

/** Puts the elements that a {@link MaxPool2d} has taken back to where they were, with zeros between. */
export class MaxUnpool2d extends MaxUnpool {
  override forward(input: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    const { kernelSize, stride, padding } = this;
    return maxUnpool2d(input, indices, kernelSize, stride, padding, outputSize);
  }
}

/** Options of the average pools. */
export interface AvgPoolSettings extends PoolSettings {
  readonly countIncludePad?: boolean;
  readonly divisorOverride?: number;
}

abstract class AvgPool extends Module {
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  constructor(
    readonly kernelSize: Sizes,
    { stride = kernelSize, padding = 0, ceilMode = false, countIncludePad = true }: AvgPoolSettings = {},
  ) {
    super();
    this.stride = stride;
    this.padding = padding;
    this.ceilMode = ceilMode;
    this.countIncludePad = countIncludePad;
  }
}

/** The mean of each window of [N, C, L] or [C, L]. */
export class AvgPool1d extends AvgPool {
  override describe(): string {
    const one = (value: Sizes) => pythonTuple(typeof value === 'number' ? [value] : value);
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${one(kernelSize)}, stride=${one(stride)}, padding=${one(padding)}`;
  }

  override forward(input: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad } = this;
    return avgPool1d(input, kernelSize, stride, padding, { ceilMode, countIncludePad });
  }
}

/** The mean of each window of [N, C, H, W] or [C, H, W]. */
export class AvgPool2d extends AvgPool {
  readonly divisorOverride: number | undefined;

  constructor(kernelSize: Sizes, settings: AvgPoolSettings = {}) {
    super(kernelSize, settings);
    this.divisorOverride = settings.divisorOverride;
  }

  override describe(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${pythonSizes(kernelSize)}, stride=${pythonSizes(stride)}, padding=${pythonSizes(padding)}`;
  }

  override forward(input: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride = null } = this;
    return avgPool2d(input, kernelSize, stride, padding, { ceilMode, countIncludePad, divisorOverride });
  }
}

/** The means of `outputSize` equal shares of [N, C, L] or [C, L]. */
export class AdaptiveAvgPool1d extends Module {
  constructor(readonly outputSize: number) {
    super();
  }

  override describe(): string {
    return `output_size=${this.outputSize}`;
  }

  override forward(input: Tensor): Tensor {
    return adaptiveAvgPool1d(input, this.outputSize);
  }
}

/** The means of `outputSize` equal shares of [N, C, H, W] or [C, H, W]; null keeps a size. */
export class AdaptiveAvgPool2d extends Module {
  constructor(readonly outputSize: number | readonly (number | null)[]) {
    super();
  }

  override describe(): string {
    const { outputSize } = this;
    if (typeof outputSize === 'number') return `output_size=${outputSize}`;
    return `output_size=(${outputSize.map(size => size ?? 'None').join(', ')})`;
  }

  override forward(input: Tensor): Tensor {
    return adaptiveAvgPool2d(input, this.outputSize);
  }
}
