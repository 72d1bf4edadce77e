/**
 * Layers of transformers (Vaswani et al., 2017), and stacks of them. Each layer is attention, then two linear layers, each
 * with its shortcut.
 */
import { gelu } from '../../ops/activations/smooth';
import type { Tensor } from '../../tensor';
import { Dropout } from '../layers/dropout';
import { Linear } from '../layers/linear';
import { LayerNorm } from '../layers/normalization';
import { Module } from '../module/module';
import { MultiheadAttention } from './attention';

/** Settings of the layers of a transformer. */
export interface TransformerOptions {
  readonly dimFeedforward?: number;
  readonly dropout?: number;
  readonly activation?: 'relu' | 'gelu';
  readonly layerNormEps?: number;
  /** Input and output are [N, L, E] instead of [L, N, E]. */
  readonly batchFirst?: boolean;
  /** Whether what goes into attention and layers is normalised, instead of what comes out. */
  readonly normFirst?: boolean;
}

/** What a call of {@link TransformerEncoderLayer} may look at; see `AttentionCall`. */
export interface EncoderCall {
  readonly srcMask?: Tensor | undefined;
  readonly srcKeyPaddingMask?: Tensor | undefined;
}

/** The two linear layers that follow attention. */
interface FeedForward {
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
}

function feedForward(input: Tensor, layers: FeedForward, activation: 'relu' | 'gelu'): Tensor {
  const wide = layers.linear1.call(input);
  const active = activation === 'relu' ? wide.relu() : gelu(wide);
  return layers.linear2.call(layers.dropout.call(active));
}

/** A layer of a transformer's encoder. */
export class TransformerEncoderLayer extends Module<[source: Tensor, options?: EncoderCall]> {
  readonly self_attn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly #activation: 'relu' | 'gelu';
  readonly #normFirst: boolean;

  constructor(dModel: number, nhead: number, options: TransformerOptions = {}) {
    super();
    const { dimFeedforward = 2048, dropout = 0.1, layerNormEps: eps = 1e-5, batchFirst = false } = options;
    this.self_attn = new MultiheadAttention(dModel, nhead, { dropout, batchFirst });
    this.linear1 = new Linear(dModel, dimFeedforward);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel);
    this.norm1 = new LayerNorm(dModel, { eps });
    this.norm2 = new LayerNorm(dModel, { eps });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.#activation = options.activation ?? 'relu';
    this.#normFirst = options.normFirst ?? false;
  }

  override forward(source: Tensor, options: EncoderCall = {}): Tensor {
    if (this.#normFirst) {
      const attended = source.add(this.#attention(this.norm1.call(source), options));
      return attended.add(this.#layers(this.norm2.call(attended)));
    }
    const attended = this.norm1.call(source.add(this.#attention(source, options)));
    return this.norm2.call(attended.add(this.#layers(attended)));
  }

  #attention(input: Tensor, { srcMask, srcKeyPaddingMask }: EncoderCall): Tensor {
    const call = { attnMask: srcMask, keyPaddingMask: srcKeyPaddingMask, needWeights: false };
    return this.dropout1.call(this.self_attn.call(input, input, input, call)[0]);
  }

  #layers(input: Tensor): Tensor {
    return this.dropout2.call(feedForward(input, this, this.#activation));
  }
}

/** What a call of {@link TransformerDecoderLayer} may look at; see `AttentionCall`. */
export interface DecoderCall {
  readonly tgtMask?: Tensor | undefined;
  readonly memoryMask?: Tensor | undefined;
  readonly tgtKeyPaddingMask?: Tensor | undefined;
  readonly memoryKeyPaddingMask?: Tensor | undefined;
}

/** A layer of a transformer's decoder, which also looks at what the encoder made (`memory`). */
export class TransformerDecoderLayer extends Module<[target: Tensor, memory: Tensor, options?: DecoderCall]> {
  readonly self_attn: MultiheadAttention;
  readonly multihead_attn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;
  readonly #activation: 'relu' | 'gelu';
  readonly #normFirst: boolean;

  constructor(dModel: number, nhead: number, options: TransformerOptions = {}) {
    super();
    const { dimFeedforward = 2048, dropout = 0.1, layerNormEps: eps = 1e-5, batchFirst = false } = options;
    this.self_attn = new MultiheadAttention(dModel, nhead, { dropout, batchFirst });
    this.multihead_attn = new MultiheadAttention(dModel, nhead, { dropout, batchFirst });
    this.linear1 = new Linear(dModel, dimFeedforward);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel);
    this.norm1 = new LayerNorm(dModel, { eps });
    this.norm2 = new LayerNorm(dModel, { eps });
    this.norm3 = new LayerNorm(dModel, { eps });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.#activation = options.activation ?? 'relu';
    this.#normFirst = options.normFirst ?? false;
  }

  override forward(target: Tensor, memory: Tensor, options: DecoderCall = {}): Tensor {
    if (this.#normFirst) {
      const attended = target.add(this.#toItself(this.norm1.call(target), options));
      const informed = attended.add(this.#toMemory(this.norm2.call(attended), memory, options));
      return informed.add(this.#layers(this.norm3.call(informed)));
    }
    const attended = this.norm1.call(target.add(this.#toItself(target, options)));
    const informed = this.norm2.call(attended.add(this.#toMemory(attended, memory, options)));
    return this.norm3.call(informed.add(this.#layers(informed)));
  }

  #toItself(input: Tensor, { tgtMask, tgtKeyPaddingMask }: DecoderCall): Tensor {
    const call = { attnMask: tgtMask, keyPaddingMask: tgtKeyPaddingMask, needWeights: false };
    return this.dropout1.call(this.self_attn.call(input, input, input, call)[0]);
  }

  #toMemory(input: Tensor, memory: Tensor, { memoryMask, memoryKeyPaddingMask }: DecoderCall): Tensor {
    const call = { attnMask: memoryMask, keyPaddingMask: memoryKeyPaddingMask, needWeights: false };
    return this.dropout2.call(this.multihead_attn.call(input, memory, memory, call)[0]);
  }

  #layers(input: Tensor): Tensor {
    return this.dropout3.call(feedForward(input, this, this.#activation));
  }
}
