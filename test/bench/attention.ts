/** Steps of networks that attend to the rows of an image: `npm run bench -- attention [multihead|encoder]`. */
import { nn, type Tensor } from '../../src/engine';
import { raceSteps } from './support/steps';

const [width, heads, wide] = [64, 4, 256];

/** The rows attend to each other; the mean of what they found decides. */
class Attentive extends nn.Module<[images: Tensor]> {
  readonly embed = new nn.Linear(28, width);
  readonly head = new nn.Linear(width, 10);

  constructor(
    readonly layer: nn.AnyModule,
    private readonly attend: (rows: Tensor) => Tensor,
  ) {
    super();
  }

  override forward(images: Tensor): Tensor {
    return this.head.call(this.attend(this.embed.call(images.squeeze(1))).mean(1));
  }
}

await raceSteps({
  /** Attention alone. */
  multihead: () => {
    const layer = new nn.MultiheadAttention(width, heads, { batchFirst: true });
    return new Attentive(layer, rows => layer.call(rows, rows, rows, { needWeights: false })[0]);
  },
  /** A layer of a transformer's encoder, with dropout. */
  encoder: () => {
    const layer = new nn.TransformerEncoderLayer(width, heads, { dimFeedforward: wide, batchFirst: true });
    return new Attentive(layer, rows => layer.call(rows));
  },
});
