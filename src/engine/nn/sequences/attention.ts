/** `MultiheadAttention`: queries look at keys, and take from values. */
import { noGrad } from '../../autograd/grad-mode';
import { EngineError } from '../../errors';
import { zeros } from '../../ops/creation/creation';
import { dropout } from '../../ops/layers/dropout';
import { cat } from '../../ops/shapes/join';
import { pad } from '../../ops/shapes/pad';
import { formatShape, sameShape } from '../../shape';
import type { Tensor } from '../../tensor';
import { xavierNormal_ } from '../init';
import { Linear, linear } from '../layers/linear';
import { Module } from '../module/module';
import { Parameter } from '../module/parameter';
import { uniform } from '../uniform';

/** Settings of {@link MultiheadAttention}. */
export interface AttentionOptions {
  /** The share of attention weights that is dropped while training. */
  readonly dropout?: number;
  readonly bias?: boolean;
  /** One more key and value, which are learned. */
  readonly addBiasKv?: boolean;
  /** One more key and value, which are zero. */
  readonly addZeroAttn?: boolean;
  /** Input and output are [N, L, E] instead of [L, N, E]. */
  readonly batchFirst?: boolean;
  /** The size of keys, where it is not E. */
  readonly kdim?: number;
  /** The size of values, where it is not E. */
  readonly vdim?: number;
}

/** What a call of {@link MultiheadAttention} may look at. */
export interface AttentionCall {
  /** [N, S]: true where a key is padding, and is not looked at. */
  readonly keyPaddingMask?: Tensor | undefined;
  /** [L, S] or [N · heads, L, S]: true where looking is not allowed, or numbers that are added to the scores. */
  readonly attnMask?: Tensor | undefined;
  /** Whether the weights are given back; true by default. */
  readonly needWeights?: boolean;
  /** Whether these are averaged over the heads; true by default. */
  readonly averageAttnWeights?: boolean;
}

/** Scores with −∞ where a mask of truth values holds, or with the mask's numbers added. */
function masked(scores: Tensor, mask: Tensor): Tensor {
  return mask.dtype === 'bool' ? scores.maskedFill(mask, Number.NEGATIVE_INFINITY) : scores.add(mask);
}

/** Complains about masks of another size than the scores. */
function checkMasks(
  { batch, heads, length, keys }: Readonly<Record<'batch' | 'heads' | 'length' | 'keys', number>>,
  attnMask: Tensor | undefined,
  keyPaddingMask: Tensor | undefined,
): void {
  if (attnMask !== undefined) {
    const expected = attnMask.ndim === 3 ? [batch * heads, length, keys] : [length, keys];
    if (!sameShape(attnMask.shape, expected)) {
      throw new EngineError(
        `The shape of the ${attnMask.ndim}D attn_mask is ${formatShape(attnMask.shape)}, but should be ${formatShape(expected)}.`,
      );
    }
  }
  if (keyPaddingMask !== undefined && keyPaddingMask.numel() !== batch * keys) {
    throw new EngineError(
      `expecting key_padding_mask shape of ${formatShape([batch, keys])}, but got ${formatShape(keyPaddingMask.shape)}`,
    );
  }
}

/** The bound of Xavier's uniform distribution for a matrix [out, in]. */
const xavierBound = (outputs: number, inputs: number) => Math.sqrt(6 / (inputs + outputs));

/** PyTorch's name for the layer behind the heads. */
class NonDynamicallyQuantizableLinear extends Linear {}

/** Attention in several heads (Vaswani et al., 2017), with the parameters that PyTorch has. */
export class MultiheadAttention extends Module<
  [query: Tensor, key: Tensor, value: Tensor, options?: AttentionCall],
  readonly [output: Tensor, weights: Tensor | undefined]
> {
  /** [E, E], [E, kdim] and [E, vdim], where keys or values have a size of their own. */
  readonly q_proj_weight: Parameter | undefined;
  readonly k_proj_weight: Parameter | undefined;
  readonly v_proj_weight: Parameter | undefined;
  /** [3E, E] for queries, keys and values, where all have the same size. */
  readonly in_proj_weight: Parameter | undefined;
  readonly in_proj_bias: Parameter | undefined;
  readonly bias_k: Parameter | undefined;
  readonly bias_v: Parameter | undefined;
  readonly out_proj: Linear;
  readonly #addZeroAttn: boolean;
  readonly #dropout: number;
  readonly #batchFirst: boolean;
  /** The sizes of queries, keys and values. */
  readonly #sizes: readonly [number, number, number];

  /** @param embedDim E, which `numHeads` divides */
  constructor(
    readonly embedDim: number,
    readonly numHeads: number,
    options: AttentionOptions = {},
  ) {
    super();
    const {
      dropout: p = 0,
      bias = true,
      batchFirst = false,
      addBiasKv = false,
      addZeroAttn = false,
      kdim = embedDim,
      vdim = embedDim,
    } = options;
    if (embedDim % numHeads !== 0) throw new EngineError('embed_dim must be divisible by num_heads');
    this.#sizes = [embedDim, kdim, vdim];
    const projection = (rows: number, size: number) =>
      new Parameter(uniform([rows, size], xavierBound(rows, size)));
    if (kdim === embedDim && vdim === embedDim) this.in_proj_weight = projection(3 * embedDim, embedDim);
    else {
      this.q_proj_weight = projection(embedDim, embedDim);
      this.k_proj_weight = projection(embedDim, kdim);
      this.v_proj_weight = projection(embedDim, vdim);
    }
    this.in_proj_bias = bias ? new Parameter(zeros([3 * embedDim])) : undefined;
    const more = () => xavierNormal_(new Parameter(zeros([1, 1, embedDim])));
    this.bias_k = addBiasKv ? more() : undefined;
    this.bias_v = addBiasKv ? more() : undefined;
    this.#addZeroAttn = addZeroAttn;
    this.out_proj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias });
    const own = this.out_proj.bias;
    if (own !== undefined) noGrad(() => own.mul_(0));
    this.#dropout = p;
    this.#batchFirst = batchFirst;
  }

  /**
   * @param query [L, N, E], or [N, L, E] with `batchFirst`, or [L, E]; key and value likewise with S in the place of L
   * @returns the output in the shape of `query`, and the weights [N, L, S] or, not averaged, [N, heads, L, S]
   */
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttentionCall = {},
  ): readonly [Tensor, Tensor | undefined] {
    const batched = query.ndim === 3;
    const inOrder = (tensor: Tensor) => {
      if (!batched) return tensor.unsqueeze(0);
      return this.#batchFirst ? tensor : tensor.transpose(0, 1);
    };
    this.#checkInputs([query, key, value]);
    const [output, weights] = this.#attend(inOrder(query), inOrder(key), inOrder(value), options);
    const { needWeights = true, averageAttnWeights = true } = options;
    const shown = needWeights ? (averageAttnWeights ? weights.mean(1) : weights) : undefined;
    if (!batched) return [output.squeeze(0), shown?.squeeze(0)];
    return [this.#batchFirst ? output : output.transpose(0, 1), shown];
  }

  #checkInputs(inputs: readonly Tensor[]): void {
    for (const [i, input] of inputs.entries()) {
      const [expected, got] = [this.#sizes[i], input.size(-1)];
      if (got === expected) continue;
      const name = ['', 'key ', 'value '][i];
      throw new EngineError(`was expecting ${name}embedding dimension of ${expected}, but got ${got}`);
    }
  }

  /** The weights of queries, keys and values. */
  #projections(): readonly (Tensor | undefined)[] {
    return this.in_proj_weight?.chunk(3, 0) ?? [this.q_proj_weight, this.k_proj_weight, this.v_proj_weight];
  }

  /** All of it with the batch first: [N, L, E] and the weights [N, heads, L, S]. */
  #attend(query: Tensor, key: Tensor, value: Tensor, options: AttentionCall): readonly [Tensor, Tensor] {
    const weights = this.#projections();
    const biases = this.in_proj_bias?.chunk(3, 0) ?? [];
    const [q, k, v] = [query, key, value].map((input, i) => {
      const weight = weights[i];
      if (weight === undefined) throw new Error('there are three projections');
      return this.#extended(
        linear(input, weight, biases[i]),
        [undefined, this.bias_k, this.bias_v][i],
        i > 0,
      );
    });
    if (q === undefined || k === undefined || v === undefined) throw new Error('there are three projections');
    const scale = 1 / Math.sqrt(this.embedDim / this.numHeads);
    const scores = this.#masked(q.mul(scale).matmul(k.transpose(-2, -1)), options);
    const attention = dropout(scores.softmax(-1), this.#dropout, this.training);
    const [batch = 0, length = 0] = query.shape;
    const joined = attention.matmul(v).transpose(1, 2).reshape([batch, length, this.embedDim]);
    return [this.out_proj.call(joined), attention];
  }

  /** In heads, with the key or value that is learned, and the one that is zero. */
  #extended(input: Tensor, learned: Tensor | undefined, canHaveZero: boolean): Tensor {
    const [batch = 0, , size = 0] = input.shape;
    const heads = this.#inHeads(
      learned === undefined ? input : cat([input, learned.expand([batch, 1, size])], 1),
    );
    if (!canHaveZero || !this.#addZeroAttn) return heads;
    const { dtype, device } = heads;
    return cat([heads, zeros([batch, this.numHeads, 1, size / this.numHeads], { dtype, device })], 2);
  }

  /** A mask of keys, in which those that were added are looked at. */
  #widened(mask: Tensor): Tensor {
    const added = Number(this.bias_k !== undefined) + Number(this.#addZeroAttn);
    return added === 0 ? mask : pad(mask, [0, added]);
  }

  /** [N, L, E] as [N, heads, L, E / heads]. */
  #inHeads(tensor: Tensor): Tensor {
    const [batch = 0, length = 0] = tensor.shape;
    const size = this.embedDim / this.numHeads;
    return tensor.reshape([batch, length, this.numHeads, size]).transpose(1, 2);
  }

  #masked(scores: Tensor, call: AttentionCall): Tensor {
    const attnMask = call.attnMask && this.#widened(call.attnMask);
    const keyPaddingMask = call.keyPaddingMask && this.#widened(call.keyPaddingMask);
    const [batch = 0, , length = 0, keys = 0] = scores.shape;
    checkMasks({ batch, heads: this.numHeads, length, keys }, attnMask, keyPaddingMask);
    let result = scores;
    if (attnMask !== undefined) {
      const perHead = attnMask.ndim === 3;
      result = masked(result, perHead ? attnMask.reshape([batch, this.numHeads, length, keys]) : attnMask);
    }
    return keyPaddingMask === undefined
      ? result
      : masked(result, keyPaddingMask.reshape([batch, 1, 1, keys]));
  }
}
