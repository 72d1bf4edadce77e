/** Attention: each query takes a mean of the values, weighed by how well it fits their keys. */
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { ones, zerosLike } from '../creation/creation';
import { timesNumber } from '../pointwise/with-number';
import { dropout } from './dropout';

/** Options of {@link scaledDotProductAttention}. */
export interface DotProductAttentionOptions {
  /** [N, …, L, S]: true where a key takes part. */
  readonly attnMask?: Tensor | null;
  /** The share of weights that is dropped. */
  readonly dropoutP?: number;
  /** Queries look at no key behind their own place. */
  readonly isCausal?: boolean;
}

/** Zeros where a mask is true, and −∞ elsewhere. */
function additive(mask: Tensor, query: Tensor): Tensor {
  if (mask.dtype !== 'bool') return mask;
  const none = zerosLike(mask, { dtype: query.dtype });
  return none.maskedFill(mask.logicalNot(), Number.NEGATIVE_INFINITY);
}

/**
 * softmax(q kᵀ / √E) v of queries [N, …, L, E], keys [N, …, S, E] and values [N, …, S, E], and the weights
 * (PyTorch 1.13's `_scaled_dot_product_attention`).
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { attnMask, dropoutP = 0, isCausal = false }: DotProductAttentionOptions = {},
): readonly [output: Tensor, weights: Tensor] {
  if (attnMask != null && isCausal) {
    throw new EngineError(
      '_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True',
    );
  }
  const { device } = query;
  const mask = isCausal
    ? ones([query.size(-2), key.size(-2)], { dtype: 'bool', device }).tril()
    : (attnMask ?? undefined);
  const scores = timesNumber(query, 1 / Math.sqrt(query.size(-1))).matmul(key.transpose(-2, -1));
  const weights = (mask === undefined ? scores : scores.add(additive(mask, query))).softmax(-1);
  const kept = dropoutP > 0 ? dropout(weights, dropoutP) : weights;
  return [kept.matmul(value), kept];
}
