/** Layers that normalise each sample. */
import { EngineError } from '../../errors';
import { ones, zeros } from '../../ops/creation/creation';
import { groupNorm } from '../../ops/layers/group-norm';
import { layerNorm } from '../../ops/layers/normalization';
import type { Shape } from '../../shape';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { pythonBool, pythonNumber, pythonTuple } from '../module/python-text';

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

/** Normalises groups of the C channels of each sample [N, C, …] (Wu and He, 2018). */
export class GroupNorm extends Module {
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  readonly eps: number;

  constructor(
    readonly numGroups: number,
    readonly numChannels: number,
    { eps = 1e-5, affine = true }: { eps?: number; affine?: boolean } = {},
  ) {
    super();
    if (numChannels % numGroups !== 0) throw new EngineError('num_channels must be divisible by num_groups');
    this.eps = eps;
    this.weight = affine ? new Parameter(ones([numChannels])) : undefined;
    this.bias = affine ? new Parameter(zeros([numChannels])) : undefined;
  }

  override describe(): string {
    const { numGroups, numChannels, eps, weight } = this;
    return `${numGroups}, ${numChannels}, eps=${pythonNumber(eps)}, affine=${pythonBool(weight !== undefined)}`;
  }

  override forward(input: Tensor): Tensor {
    const { numGroups, weight, bias, eps } = this;
    return groupNorm(input, numGroups, { weight, bias, eps });
  }
}
