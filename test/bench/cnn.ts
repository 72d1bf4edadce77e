/** Steps of convolutional networks: `npm run bench -- cnn [preset|plain]`. */
import { nn } from '../../src/engine';
import { cnn } from '../../src/training/models/cnn';
import { raceSteps } from './support/steps';

await raceSteps({
  /** The model preset `cnn`: a pool behind each of two convolutions. */
  preset: () => cnn.build({ sample: [28, 28], classes: 10, hidden: [128], dropout: 0 }),
  /** Two convolutions and a pool behind them, as in PyTorch's own example. */
  plain: () =>
    new nn.Sequential(
      ...[new nn.Conv2d(1, 32, 3), new nn.ReLU(), new nn.Conv2d(32, 64, 3), new nn.ReLU()],
      ...[new nn.MaxPool2d(2), new nn.Flatten(), new nn.Linear(9216, 128), new nn.ReLU()],
      new nn.Linear(128, 10),
    ),
});
