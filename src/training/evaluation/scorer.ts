/** What gives scores to images: a network of the engine, or a model that ONNX Runtime runs as it is. */
import type { SampleTransforms } from '../../data/transforms/sample-transforms';
import { type Device, type nn, noGrad, type Tensor } from '../../engine';
import { samplesAsTensor } from '../samples';

/** Some images as they are stored, one after the other; features are samples too. */
export interface Images {
  /** Pixels from 0 to 255, or features. */
  readonly numbers: Uint8Array | Float32Array;
  readonly count: number;
  /** The shape of one: `[28, 28]`. */
  readonly shape: readonly number[];
}

/** Numbers that a model gives, sample after sample. */
export type Scores = Float32Array | Float64Array;

/** Gives scores to images. */
export interface Scorer {
  /** The scores of some images, row after row. */
  score(images: Images): Promise<Scores>;
  /** Lets go of what it holds. */
  release?(): Promise<void>;
}

/** A network of the engine, in evaluation mode; `prepare` makes tensors of images. */
export class NetworkScorer implements Scorer {
  constructor(
    private readonly network: nn.Module,
    private readonly prepare: (images: Images) => Tensor,
  ) {}

  async score(images: Images): Promise<Scores> {
    const { training } = this.network;
    this.network.eval();
    try {
      const scores = await noGrad(() => this.network.call(this.prepare(images))).data();
      if (scores instanceof Float32Array || scores instanceof Float64Array) return scores;
      throw new Error('a model gives scores as floating point numbers');
    } finally {
      this.network.train(training);
    }
  }
}

/** A network that takes samples as it was trained on them here. */
export function networkScorer(network: nn.Module, device: Device, transforms?: SampleTransforms): Scorer {
  return new NetworkScorer(network, ({ numbers, count, shape }) =>
    samplesAsTensor(numbers, count, shape, device, transforms),
  );
}
