/** Steps of a recurrent network that reads an image row by row: `npm run bench -- lstm`. */
import { nn, type Tensor } from '../../src/engine';
import { raceSteps } from './support/steps';

/** What the LSTM knows after the last row decides. */
class RowReader extends nn.Module<[images: Tensor]> {
  readonly lstm = new nn.LSTM(28, 128, { batchFirst: true });
  readonly head = new nn.Linear(128, 10);

  override forward(images: Tensor): Tensor {
    const [states] = this.lstm.call(images.squeeze(1));
    return this.head.call(states.select(1, -1));
  }
}

await raceSteps({ lstm: () => new RowReader() });
