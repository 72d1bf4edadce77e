/** Convolutional layers. */

import { EngineError } from '../../errors';
import {
  type ConvolutionPadding,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  type Sizes,
  sizesFor,
} from '../../ops/convolution/convolution';
import { type PadMode, pad } from '../../ops/shapes/pad';
import { numel } from '../../shape';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { pythonTuple } from '../module/python-text';
import { uniform } from '../uniform';

/** Options of the convolutional layers. */
export interface ConvolutionSettings {
  readonly stride?: Sizes;
  readonly padding?: ConvolutionPadding;
  readonly dilation?: Sizes;
  readonly groups?: number;
  readonly bias?: boolean;
  /** What the border is made of. */
  readonly paddingMode?: 'zeros' | Exclude<PadMode, 'constant'>;
}

/** Options of the transposed layers. */
export interface ConvTransposeSettings extends Omit<ConvolutionSettings, 'paddingMode'> {
  readonly padding?: Sizes;
  readonly outputPadding?: Sizes;
}

function checkGroups(inChannels: number, outChannels: number, groups: number): void {
  if (inChannels % groups !== 0) throw new EngineError('in_channels must be divisible by groups');
  if (outChannels % groups !== 0) throw new EngineError('out_channels must be divisible by groups');
}

/** What the layers have in common: sizes, parameters, what is printed. */
abstract class Convolution extends Module {
  /** [out, in / groups, …], or [in, out / groups, …] of a transposed layer. */
  readonly weight: Parameter;
  /** [out] */
  readonly bias: Parameter | undefined;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | 'same' | 'valid';
  readonly dilation: readonly number[];
  readonly outputPadding: readonly number[];
  readonly groups: number;
  readonly paddingMode: 'zeros' | Exclude<PadMode, 'constant'>;

  constructor(
    rank: number,
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Sizes,
    settings: ConvolutionSettings & { readonly outputPadding?: Sizes; readonly transposed?: boolean },
  ) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = settings;
    checkGroups(inChannels, outChannels, groups);
    this.kernelSize = sizesFor(rank, kernelSize, 'kernel_size');
    this.stride = sizesFor(rank, stride, 'stride');
    this.padding = typeof padding === 'string' ? padding : sizesFor(rank, padding, 'padding');
    if (padding === 'same' && this.stride.some(step => step !== 1)) {
      throw new EngineError("padding='same' is not supported for strided convolutions");
    }
    this.dilation = sizesFor(rank, dilation, 'dilation');
    this.outputPadding = sizesFor(rank, settings.outputPadding ?? 0, 'output_padding');
    this.groups = groups;
    this.paddingMode = settings.paddingMode ?? 'zeros';
    const [first, second] = settings.transposed ? [inChannels, outChannels] : [outChannels, inChannels];
    const shape = [first, second / groups, ...this.kernelSize];
    // PyTorch's kaiming_uniform_ with a = √5 comes down to this bound.
    const bound = 1 / Math.sqrt(numel(shape.slice(1)));
    this.weight = new Parameter(uniform(shape, bound));
    this.bias = bias ? new Parameter(uniform([outChannels], bound)) : undefined;
  }

  override describe(): string {
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, outputPadding, groups, bias } =
      this;
    const some = (values: readonly number[], usual: number) => values.some(value => value !== usual);
    const parts = [inChannels, outChannels, `kernel_size=${pythonTuple(kernelSize)}`];
    parts.push(`stride=${pythonTuple(stride)}`);
    if (typeof padding === 'string') parts.push(`padding=${padding}`);
    else if (some(padding, 0)) parts.push(`padding=${pythonTuple(padding)}`);
    if (some(dilation, 1)) parts.push(`dilation=${pythonTuple(dilation)}`);
    if (some(outputPadding, 0)) parts.push(`output_padding=${pythonTuple(outputPadding)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (bias === undefined) parts.push('bias=False');
    if (this.paddingMode !== 'zeros') parts.push(`padding_mode=${this.paddingMode}`);
    return parts.join(', ');
  }

  /** The input with a border, where that is not of zeros, and the padding that is left to do. */
  protected bordered(input: Tensor): readonly [input: Tensor, padding: readonly number[] | 'same' | 'valid'] {
    const { padding, paddingMode, kernelSize, dilation } = this;
    if (paddingMode === 'zeros') return [input, padding];
    const sides = kernelSize.map((size, i) => {
      const total = (dilation[i] ?? 1) * (size - 1);
      if (padding === 'same') return [Math.floor(total / 2), total - Math.floor(total / 2)];
      const each = padding === 'valid' ? 0 : (padding[i] ?? 0);
      return [each, each];
    });
    return [pad(input, sides.reverse().flat(), paddingMode), kernelSize.map(() => 0)];
  }

  /** The padding of a layer that takes numbers only. */
  protected get paddingSizes(): readonly number[] {
    return typeof this.padding === 'string' ? this.kernelSize.map(() => 0) : this.padding;
  }
}

/** A convolution [N, in, L] → [N, out, L′], or without the batch. */
export class Conv1d extends Convolution {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    settings: ConvolutionSettings = {},
  ) {
    super(1, inChannels, outChannels, kernelSize, settings);
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, dilation, groups } = this;
    const [bordered, padding] = this.bordered(input);
    return conv1d(bordered, weight, bias, stride, padding, dilation, groups);
  }
}

/** A convolution [N, in, H, W] → [N, out, H′, W′], or without the batch. */
export class Conv2d extends Convolution {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    settings: ConvolutionSettings = {},
  ) {
    super(2, inChannels, outChannels, kernelSize, settings);
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, dilation, groups } = this;
    const [bordered, padding] = this.bordered(input);
    return conv2d(bordered, weight, bias, stride, padding, dilation, groups);
  }
}

/** A convolution [N, in, D, H, W] → [N, out, D′, H′, W′], or without the batch. */
export class Conv3d extends Convolution {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    settings: ConvolutionSettings = {},
  ) {
    super(3, inChannels, outChannels, kernelSize, settings);
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, dilation, groups } = this;
    const [bordered, padding] = this.bordered(input);
    return conv3d(bordered, weight, bias, stride, padding, dilation, groups);
  }
}

/** The gradient of a {@link Conv1d} as a layer: [N, in, L] → [N, out, L′]. */
export class ConvTranspose1d extends Convolution {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    settings: ConvTransposeSettings = {},
  ) {
    super(1, inChannels, outChannels, kernelSize, { ...settings, transposed: true });
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, paddingSizes, outputPadding, groups, dilation } = this;
    return convTranspose1d(input, weight, bias, stride, paddingSizes, outputPadding, groups, dilation);
  }
}

/** The gradient of a {@link Conv2d} as a layer: [N, in, H, W] → [N, out, H′, W′]. */
export class ConvTranspose2d extends Convolution {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    settings: ConvTransposeSettings = {},
  ) {
    super(2, inChannels, outChannels, kernelSize, { ...settings, transposed: true });
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, paddingSizes, outputPadding, groups, dilation } = this;
    return convTranspose2d(input, weight, bias, stride, paddingSizes, outputPadding, groups, dilation);
  }
}

/** The gradient of a {@link Conv3d} as a layer: [N, in, D, H, W] → [N, out, D′, H′, W′]. */
export class ConvTranspose3d extends Convolution {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    settings: ConvTransposeSettings = {},
  ) {
    super(3, inChannels, outChannels, kernelSize, { ...settings, transposed: true });
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, stride, paddingSizes, outputPadding, groups, dilation } = this;
    return convTranspose3d(input, weight, bias, stride, paddingSizes, outputPadding, groups, dilation);
  }
}
