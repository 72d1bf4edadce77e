/** `lenet`: LeNet-5 (LeCun, Bottou, Bengio and Haffner, 1998), with ReLU and max pools as it is taught today. */
import { nn } from '../../engine';
import { channelsOf, pooledSizes } from './cnn';
import type { NetworkShape, Preset } from './preset';

/** Two pools, with a convolution between them that takes 4 rows and columns. */
function featuresOf(shape: NetworkShape): number {
  pooledSizes(shape, 'lenet', 4);
  const [height = 0, width = 0] = shape.sample
    .slice(-2)
    .map(size => Math.floor((Math.floor(size / 2) - 4) / 2));
  return 16 * height * width;
}

/** Conv2d 5×5, MaxPool2d and ReLU, twice, with 6 and 16 channels; then three Linear layers, of 120, 84 and one for each class. */
export const lenet: Preset = {
  hidden: [120, 84],
  hiddenLayers: 2,
  takesDropout: false,
  defaults: { optimizer: 'adam', lr: 0.003, scheduler: 'onecycle' },
  sizes: shape => [featuresOf(shape), ...shape.hidden, shape.classes],
  build(shape) {
    const [first = 120, second = 84] = shape.hidden;
    return new nn.Sequential({
      conv1: new nn.Conv2d(channelsOf(shape), 6, 5, { padding: 2 }),
      pool1: new nn.MaxPool2d(2),
      relu1: new nn.ReLU(),
      conv2: new nn.Conv2d(6, 16, 5),
      pool2: new nn.MaxPool2d(2),
      relu2: new nn.ReLU(),
      flatten: new nn.Flatten(),
      fc1: new nn.Linear(featuresOf(shape), first),
      relu3: new nn.ReLU(),
      fc2: new nn.Linear(first, second),
      relu4: new nn.ReLU(),
      fc3: new nn.Linear(second, shape.classes),
    });
  },
};
