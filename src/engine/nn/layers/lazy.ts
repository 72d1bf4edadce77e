/** Layers that learn from their first input how many features or channels it has. */
import { EngineError } from '../../errors';
import type { Sizes } from '../../ops/convolution/convolution';
import type { Tensor } from '../../tensor';
import { LazyModule, UninitializedParameter } from '../module/lazy';
import type { Module } from '../module/module';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormSettings } from './batch-normalization';
import {
  Conv1d,
  Conv2d,
  Conv3d,
  type ConvolutionSettings,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeSettings,
} from './convolution';
import { Linear } from './linear';

/** A {@link Linear} map of as many features as its first input has. */
export class LazyLinear extends LazyModule {
  readonly weight = new UninitializedParameter();
  readonly bias: UninitializedParameter | undefined;

  constructor(
    readonly outFeatures: number,
    private readonly settings: { readonly bias?: boolean } = {},
  ) {
    super();
    this.bias = settings.bias === false ? undefined : new UninitializedParameter();
  }

  override describe(): string {
    return `in_features=0, out_features=${this.outFeatures}, bias=${this.bias === undefined ? 'False' : 'True'}`;
  }

  protected override make(inFeatures: number): Linear {
    return new Linear(inFeatures, this.outFeatures, this.settings);
  }

  protected override sizeOf(input: Tensor): number {
    return input.size(-1);
  }

  protected override savedSize(saved: ReadonlyMap<string, Tensor>): number | undefined {
    return saved.get('weight')?.shape[1];
  }
}

/** What lazy convolutions have in common; the first input says how many channels it has. */
abstract class LazyConvolution<Settings extends ConvolutionSettings> extends LazyModule {
  readonly weight = new UninitializedParameter();
  readonly bias: UninitializedParameter | undefined;
  protected abstract readonly rank: number;

  constructor(
    readonly outChannels: number,
    readonly kernelSize: Sizes,
    protected readonly settings?: Settings,
  ) {
    super();
    this.bias = settings?.bias === false ? undefined : new UninitializedParameter();
  }

  protected override sizeOf(input: Tensor): number {
    const { rank } = this;
    if (input.ndim !== rank + 1 && input.ndim !== rank + 2) {
      throw new EngineError(
        `Expected ${rank + 1}D (unbatched) or ${rank + 2}D (batched) input to ${this.kind}, but got input of size: ` +
          `[${input.shape.join(', ')}]`,
      );
    }
    return input.size(-rank - 1);
  }

  protected override savedSize(saved: ReadonlyMap<string, Tensor>): number | undefined {
    const channels = saved.get('weight')?.shape[1];
    return channels === undefined ? undefined : channels * (this.settings?.groups ?? 1);
  }
}

/** What transposed ones have in common: their weight begins with the channels of the input. */
abstract class LazyConvTranspose extends LazyConvolution<ConvTransposeSettings> {
  protected override savedSize(saved: ReadonlyMap<string, Tensor>): number | undefined {
    return saved.get('weight')?.shape[0];
  }
}

/** A {@link Conv1d} of as many channels as its first input has. */
export class LazyConv1d extends LazyConvolution<ConvolutionSettings> {
  protected override readonly rank = 1;

  protected override make(inChannels: number): Module {
    return new Conv1d(inChannels, this.outChannels, this.kernelSize, this.settings);
  }
}

/** A {@link ConvTranspose1d} of as many channels as its first input has. */
export class LazyConvTranspose1d extends LazyConvTranspose {
  protected override readonly rank = 1;

  protected override make(inChannels: number): Module {
    return new ConvTranspose1d(inChannels, this.outChannels, this.kernelSize, this.settings);
  }
}

/** A {@link Conv2d} of as many channels as its first input has. */
export class LazyConv2d extends LazyConvolution<ConvolutionSettings> {
  protected override readonly rank = 2;

  protected override make(inChannels: number): Module {
    return new Conv2d(inChannels, this.outChannels, this.kernelSize, this.settings);
  }
}

/** A {@link ConvTranspose2d} of as many channels as its first input has. */
export class LazyConvTranspose2d extends LazyConvTranspose {
  protected override readonly rank = 2;

  protected override make(inChannels: number): Module {
    return new ConvTranspose2d(inChannels, this.outChannels, this.kernelSize, this.settings);
  }
}

/** A {@link Conv3d} of as many channels as its first input has. */
export class LazyConv3d extends LazyConvolution<ConvolutionSettings> {
  protected override readonly rank = 3;

  protected override make(inChannels: number): Module {
    return new Conv3d(inChannels, this.outChannels, this.kernelSize, this.settings);
  }
}

/** A {@link ConvTranspose3d} of as many channels as its first input has. */
export class LazyConvTranspose3d extends LazyConvTranspose {
  protected override readonly rank = 3;

  protected override make(inChannels: number): Module {
    return new ConvTranspose3d(inChannels, this.outChannels, this.kernelSize, this.settings);
  }
}

/** What lazy batch normalizations have in common; the first input says how many features it has. */
abstract class LazyBatchNorm extends LazyModule {
  readonly weight: UninitializedParameter | undefined;
  readonly bias: UninitializedParameter | undefined;

  constructor(protected readonly settings: BatchNormSettings = {}) {
    super();
    if (settings.affine === false) return;
    this.weight = new UninitializedParameter();
    this.bias = new UninitializedParameter();
  }

  protected override sizeOf(input: Tensor): number {
    return input.size(1);
  }

  protected override savedSize(saved: ReadonlyMap<string, Tensor>): number | undefined {
    return (saved.get('weight') ?? saved.get('running_mean'))?.shape[0];
  }
}

/** A {@link BatchNorm1d} of as many features as its first input has. */
export class LazyBatchNorm1d extends LazyBatchNorm {
  protected override make(features: number): Module {
    return new BatchNorm1d(features, this.settings);
  }
}

/** A {@link BatchNorm2d} of as many features as its first input has. */
export class LazyBatchNorm2d extends LazyBatchNorm {
  protected override make(features: number): Module {
    return new BatchNorm2d(features, this.settings);
  }
}

/** A {@link BatchNorm3d} of as many features as its first input has. */
export class LazyBatchNorm3d extends LazyBatchNorm {
  protected override make(features: number): Module {
    return new BatchNorm3d(features, this.settings);
  }
}
