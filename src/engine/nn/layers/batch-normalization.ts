/** Layers that normalise each channel, over a batch or over each sample, and may keep statistics as they run. */
import { noGrad } from '../../autograd/grad-mode';
import { EngineError } from '../../errors';
import { ones, zeros } from '../../ops/creation/creation';
import { instanceNorm } from '../../ops/layers/group-norm';
import { batchNorm, type RunningStatistics } from '../../ops/layers/normalization';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { pythonBool, pythonNumber } from '../module/python-text';

/** Options of these layers. */
export interface BatchNormSettings {
  readonly eps?: number;
  /** The share of the new batch in the running statistics; null for the plain mean of all batches so far. */
  readonly momentum?: number | null;
  readonly affine?: boolean;
  readonly trackRunningStats?: boolean;
}

/** Parameters and running statistics of C channels. */
abstract class ChannelNorm extends Module {
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  readonly eps: number;
  readonly momentum: number | null;
  protected readonly running: RunningStatistics | undefined;
  protected readonly batches: Tensor | undefined;

  constructor(
    readonly numFeatures: number,
    settings: BatchNormSettings,
    usual: { readonly affine: boolean; readonly track: boolean },
  ) {
    super();
    const { affine = usual.affine, trackRunningStats = usual.track } = settings;
    this.eps = settings.eps ?? 1e-5;
    this.momentum = settings.momentum === undefined ? 0.1 : settings.momentum;
    this.weight = affine ? new Parameter(ones([numFeatures])) : undefined;
    this.bias = affine ? new Parameter(zeros([numFeatures])) : undefined;
    if (!trackRunningStats) return;
    this.running = {
      mean: this.registerBuffer('running_mean', zeros([numFeatures])),
      var: this.registerBuffer('running_var', ones([numFeatures])),
    };
    this.batches = this.registerBuffer('num_batches_tracked', zeros([], { dtype: 'int64' }));
  }

  override describe(): string {
    const { numFeatures, eps, momentum, weight, running } = this;
    return [
      String(numFeatures),
      `eps=${pythonNumber(eps)}`,
      `momentum=${momentum === null ? 'None' : pythonNumber(momentum)}`,
      `affine=${pythonBool(weight !== undefined)}`,
      `track_running_stats=${pythonBool(running !== undefined)}`,
    ].join(', ');
  }

  /** Whether the statistics are those of the input; counts the batches of training. */
  protected get ownStatistics(): boolean {
    return this.training || this.running === undefined;
  }

  protected countBatch(): void {
    if (this.training) noGrad(() => this.batches?.add_(1));
  }

  /** The share of this batch, which was counted before. */
  protected get share(): number | Tensor {
    return this.momentum ?? this.batches?.to('float32').reciprocal() ?? 0;
  }
}

/** Over a batch (Ioffe and Szegedy, 2015), of inputs of some numbers of dimensions. */
abstract class BatchNorm extends ChannelNorm {
  protected abstract readonly ranks: readonly number[];

  constructor(numFeatures: number, settings: BatchNormSettings = {}) {
    super(numFeatures, settings, { affine: true, track: true });
  }

  override forward(input: Tensor): Tensor {
    const { ranks, weight, bias, running, eps } = this;
    if (!ranks.includes(input.ndim)) {
      const expected = ranks.map(rank => `${rank}D`).join(' or ');
      throw new EngineError(`expected ${expected} input (got ${input.ndim}D input)`);
    }
    this.countBatch();
    const [training, momentum] = [this.ownStatistics, this.share];
    return batchNorm(input, { weight, bias, running, training, momentum, eps });
  }
}

/** Normalises each of C features over a batch [N, C] or [N, C, L]. */
export class BatchNorm1d extends BatchNorm {
  protected override readonly ranks = [2, 3];
}

/** Normalises each of C channels over a batch [N, C, H, W]. */
export class BatchNorm2d extends BatchNorm {
  protected override readonly ranks = [4];
}

/** Normalises each of C channels over a batch [N, C, D, H, W]. */
export class BatchNorm3d extends BatchNorm {
  protected override readonly ranks = [5];
}

/** Over each sample by itself (Ulyanov, Vedaldi and Lempitsky, 2016); a sample may come without a batch. */
abstract class InstanceNorm extends ChannelNorm {
  /** The dimensions of one sample. */
  protected abstract readonly rank: number;

  constructor(numFeatures: number, settings: BatchNormSettings = {}) {
    super(numFeatures, settings, { affine: false, track: false });
    if (this.momentum === null) {
      throw new EngineError(`${this.kind}: argument 'momentum' must be float, not NoneType`);
    }
  }

  override forward(input: Tensor): Tensor {
    const { rank, weight, bias, running, momentum, eps } = this;
    if (input.ndim !== rank && input.ndim !== rank + 1) {
      throw new EngineError(`expected ${rank}D or ${rank + 1}D input (got ${input.ndim}D input)`);
    }
    const options = {
      weight,
      bias,
      running,
      useInputStats: this.ownStatistics,
      momentum: momentum ?? 0,
      eps,
    };
    if (input.ndim === rank + 1) return instanceNorm(input, options);
    return instanceNorm(input.unsqueeze(0), options).squeeze(0);
  }
}

/** Normalises each channel of each sample [N, C, L] or [C, L]. */
export class InstanceNorm1d extends InstanceNorm {
  protected override readonly rank = 2;
}

/** Normalises each channel of each sample [N, C, H, W] or [C, H, W]. */
export class InstanceNorm2d extends InstanceNorm {
  protected override readonly rank = 3;
}

/** Normalises each channel of each sample [N, C, D, H, W] or [C, D, H, W]. */
export class InstanceNorm3d extends InstanceNorm {
  protected override readonly rank = 4;
}
