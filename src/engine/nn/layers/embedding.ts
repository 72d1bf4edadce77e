/** The layer that looks vectors up. */
import { noGrad } from '../../autograd/grad-mode';
import { EngineError } from '../../errors';
import { randn } from '../../ops/creation/creation';
import { embedding } from '../../ops/layers/embedding';
import type { Tensor } from '../../tensor';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { pythonFloat } from '../module/python-text';

/** Options of {@link Embedding}. */
export interface EmbeddingSettings {
  /** The row that begins as zeros and gets no gradient; negative ones count from the end. */
  readonly paddingIdx?: number;
  /** Rows that are looked up are shortened to this norm. */
  readonly maxNorm?: number;
  /** The order of that norm. */
  readonly normType?: number;
  readonly scaleGradByFreq?: boolean;
}

/** A vector for each of a number of things: whole numbers [*] → [*, embedding_dim]. */
export class Embedding extends Module {
  /** [num_embeddings, embedding_dim] */
  readonly weight: Parameter;
  readonly paddingIdx: number | undefined;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    readonly settings: EmbeddingSettings = {},
  ) {
    super();
    const { paddingIdx } = settings;
    if (paddingIdx !== undefined && (paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings)) {
      throw new EngineError('Padding_idx must be within num_embeddings');
    }
    this.paddingIdx = paddingIdx !== undefined && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    const numbers = randn([numEmbeddings, embeddingDim]);
    noGrad(() => this.paddingIdx !== undefined && numbers.select(0, this.paddingIdx).zero_());
    this.weight = new Parameter(numbers);
  }

  override describe(): string {
    const { numEmbeddings, embeddingDim, paddingIdx, settings } = this;
    const { maxNorm, normType = 2, scaleGradByFreq = false } = settings;
    return [
      `${numEmbeddings}, ${embeddingDim}`,
      ...(paddingIdx === undefined ? [] : [`padding_idx=${paddingIdx}`]),
      ...(maxNorm === undefined ? [] : [`max_norm=${pythonFloat(maxNorm)}`]),
      ...(normType === 2 ? [] : [`norm_type=${pythonFloat(normType)}`]),
      ...(scaleGradByFreq ? ['scale_grad_by_freq=True'] : []),
    ].join(', ');
  }

  override forward(input: Tensor): Tensor {
    const { paddingIdx = null, settings } = this;
    return embedding(input, this.weight, { ...settings, paddingIdx });
  }
}
