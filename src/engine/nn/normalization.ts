/** Normalising layers. */
import { noGrad } from '../autograd/grad-mode';
import { EngineError } from '../errors';
import { ones, zeros } from '../ops/creation';
import { batchNorm, layerNorm } from '../ops/normalization';
import type { Shape } from '../shape';
import type { Tensor } from '../tensor';
import { Module } from './module';
import { Parameter } from './parameter';
import { pythonNumber, pythonTuple } from './python-text';

/** Options of {@link BatchNorm1d}. */
export interface BatchNormSettings {
  readonly eps?: number;
  readonly momentum?: number;
  readonly affine?: boolean;
}

/** Normalises each of C features over a batch [N, C] or [N, C, L] (Ioffe and Szegedy, 2015). */
export class BatchNorm1d extends Module {
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  readonly eps: number;
  readonly momentum: number;
  readonly #mean: Tensor;
  readonly #var: Tensor;
  readonly #batches: Tensor;

  constructor(
    readonly numFeatures: number,
    { eps = 1e-5, momentum = 0.1, affine = true }: BatchNormSettings = {},
  ) {
    super();
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(ones([numFeatures])) : undefined;
    this.bias = affine ? new Parameter(zeros([numFeatures])) : undefined;
    this.#mean = this.registerBuffer('running_mean', zeros([numFeatures]));
    this.#var = this.registerBuffer('running_var', ones([numFeatures]));
    this.#batches = this.registerBuffer('num_batches_tracked', zeros([], { dtype: 'int64' }));
  }

  override describe(): string {
    const { numFeatures, eps, momentum, weight } = this;
    const affine = weight === undefined ? 'False' : 'True';
    return [
      String(numFeatures),
      `eps=${pythonNumber(eps)}`,
      `momentum=${pythonNumber(momentum)}`,
      `affine=${affine}`,
      'track_running_stats=True',
    ].join(', ');
  }

  override forward(input: Tensor): Tensor {
    if (input.ndim !== 2 && input.ndim !== 3) {
      throw new EngineError(`expected 2D or 3D input (got ${input.ndim}D input)`);
    }
    if (this.training) noGrad(() => this.#batches.add_(1));
    const { weight, bias, training, momentum, eps } = this;
    const running = { mean: this.#mean, var: this.#var };
    return batchNorm(input, { weight, bias, running, training, momentum, eps });
  }
}

/** Normalises each sample over its last dimensions (Ba, Kiros and Hinton, 2016). */
export class LayerNorm extends Module {
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  readonly normalizedShape: Shape;
  readonly eps: number;

  constructor(
    normalizedShape: number | Shape,
    { eps = 1e-5, elementwiseAffine = true }: { eps?: number; elementwiseAffine?: boolean } = {},
  ) {
    super();
    this.normalizedShape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : undefined;
    this.bias = elementwiseAffine ? new Parameter(zeros(this.normalizedShape)) : undefined;
  }

  override describe(): string {
    const affine = this.weight === undefined ? 'False' : 'True';
    return `${pythonTuple(this.normalizedShape)}, eps=${pythonNumber(this.eps)}, elementwise_affine=${affine}`;
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return layerNorm(input, this.normalizedShape, { weight, bias, eps });
  }
}
