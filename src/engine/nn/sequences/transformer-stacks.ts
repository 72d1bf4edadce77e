/** Stacks of a transformer's layers, and the whole transformer (Vaswani et al., 2017). */
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { ModuleList } from '../containers/containers';
import { xavierUniform_ } from '../init';
import { LayerNorm } from '../layers/normalization';
import type { AnyModule } from '../module/any-module';
import { Module } from '../module/module';
import {
  type DecoderCall,
  type EncoderCall,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerOptions,
} from './transformer';

/** Layers of one kind, one after the other, and a norm behind them. */
abstract class Stack<Layer extends AnyModule, Inputs extends readonly unknown[]> extends Module<Inputs> {
  readonly layers: ModuleList;
  readonly norm: LayerNorm | undefined;
  readonly #inOrder: readonly Layer[];

  /**
   * @param makeLayer makes a layer. PyTorch takes one layer and copies it; here each is made by itself, so the layers do
   *   not begin with the same weights.
   */
  constructor(makeLayer: () => Layer, numLayers: number, norm?: LayerNorm) {
    super();
    this.#inOrder = Array.from({ length: numLayers }, makeLayer);
    this.layers = new ModuleList(this.#inOrder);
    this.norm = norm;
  }

  /** What `step` makes of `input` layer after layer. */
  protected through(input: Tensor, step: (layer: Layer, input: Tensor) => Tensor): Tensor {
    const output = this.#inOrder.reduce((current, layer) => step(layer, current), input);
    return this.norm?.call(output) ?? output;
  }
}

/** A stack of encoder layers. */
export class TransformerEncoder extends Stack<
  TransformerEncoderLayer,
  [source: Tensor, options?: EncoderCall]
> {
  override forward(source: Tensor, options: EncoderCall = {}): Tensor {
    return this.through(source, (layer, input) => layer.call(input, options));
  }
}

/** A stack of decoder layers. */
export class TransformerDecoder extends Stack<
  TransformerDecoderLayer,
  [target: Tensor, memory: Tensor, options?: DecoderCall]
> {
  override forward(target: Tensor, memory: Tensor, options: DecoderCall = {}): Tensor {
    return this.through(target, (layer, input) => layer.call(input, memory, options));
  }
}

/** Settings of {@link Transformer}. */
export interface WholeTransformerOptions extends TransformerOptions {
  /** The number of features of each place; 512 by default. */
  readonly dModel?: number;
  /** The number of heads; 8 by default. */
  readonly nhead?: number;
  readonly numEncoderLayers?: number;
  readonly numDecoderLayers?: number;
}

/** A transformer: an encoder of the source, and a decoder of the target that looks at what the encoder made. */
export class Transformer extends Module<
  [source: Tensor, target: Tensor, options?: EncoderCall & DecoderCall]
> {
  readonly encoder: TransformerEncoder;
  readonly decoder: TransformerDecoder;
  readonly #features: number;
  readonly #batch: number;

  constructor({
    dModel = 512,
    nhead = 8,
    numEncoderLayers = 6,
    numDecoderLayers = 6,
    ...options
  }: WholeTransformerOptions = {}) {
    super();
    const norm = () => new LayerNorm(dModel, { eps: options.layerNormEps ?? 1e-5 });
    const encoderLayer = () => new TransformerEncoderLayer(dModel, nhead, options);
    const decoderLayer = () => new TransformerDecoderLayer(dModel, nhead, options);
    this.encoder = new TransformerEncoder(encoderLayer, numEncoderLayers, norm());
    this.decoder = new TransformerDecoder(decoderLayer, numDecoderLayers, norm());
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
    this.#features = dModel;
    this.#batch = options.batchFirst ? 0 : 1;
  }

  /**
   * @param source [S, N, E], or [N, S, E] with `batchFirst`, or [S, E]
   * @param target [T, N, E], or [N, T, E] with `batchFirst`, or [T, E]; the output has this shape
   */
  override forward(source: Tensor, target: Tensor, options: EncoderCall & DecoderCall = {}): Tensor {
    if (source.ndim === 3 && source.size(this.#batch) !== target.size(this.#batch))
      throw new EngineError('the batch number of src and tgt must be equal');
    if (source.size(-1) !== this.#features || target.size(-1) !== this.#features)
      throw new EngineError('the feature number of src and tgt must be equal to d_model');
    const { srcMask, srcKeyPaddingMask, ...decoding } = options;
    const memory = this.encoder.call(source, { srcMask, srcKeyPaddingMask });
    return this.decoder.call(target, memory, decoding);
  }
}
