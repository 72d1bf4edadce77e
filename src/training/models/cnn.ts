/** `cnn`: two convolutions, each with a pool behind it, and two fully connected layers. */
import { nn } from '../../engine';
import { TrainingError } from '../errors';
import type { NetworkShape, Preset } from './preset';

const [first, second] = [32, 64];

/** The sizes of an image after so many pools of 2×2. */
export function pooledSizes(
  { sample }: NetworkShape,
  model: string,
  pools: number,
): readonly [number, number] {
  const sides = sample.slice(-2).map(size => Math.floor(size / 2 ** pools));
  const [height = 0, width = 0] = sides;
  if (sample.length < 2 || sample.length > 3 || height < 1 || width < 1) {
    throw new TrainingError(
      `the model ${model} takes images of at least ${2 ** pools}×${2 ** pools} pixels, found samples of ${sample.join('×')}`,
    );
  }
  return [height, width];
}

/** How many channels an image has. */
export function channelsOf({ sample }: NetworkShape): number {
  return sample.length > 2 ? (sample[0] ?? 1) : 1;
}

function featuresOf(shape: NetworkShape): number {
  const [height, width] = pooledSizes(shape, 'cnn', 2);
  return second * height * width;
}

/**
 * Conv2d 3×3, MaxPool2d and ReLU, twice, with 32 and 64 channels; then Linear `fc1` and ReLU (and Dropout), then Linear
 * to one score for each class. The ReLU of a pool is the pool of a ReLU, and a quarter of the work.
 */
export const cnn: Preset = {
  hidden: [128],
  hiddenLayers: 1,
  takesDropout: true,
  defaults: { optimizer: 'adam', lr: 0.003, scheduler: 'onecycle', dropout: 0.25 },
  sizes: shape => [featuresOf(shape), ...shape.hidden, shape.classes],
  build(shape) {
    const [hidden = 128] = shape.hidden;
    const layers: Record<string, nn.Module> = {
      conv1: new nn.Conv2d(channelsOf(shape), first, 3, { padding: 1 }),
      pool1: new nn.MaxPool2d(2),
      relu1: new nn.ReLU(),
      conv2: new nn.Conv2d(first, second, 3, { padding: 1 }),
      pool2: new nn.MaxPool2d(2),
      relu2: new nn.ReLU(),
      flatten: new nn.Flatten(),
      fc1: new nn.Linear(featuresOf(shape), hidden),
      relu3: new nn.ReLU(),
    };
    if (shape.dropout > 0) layers['dropout'] = new nn.Dropout(shape.dropout);
    layers['fc2'] = new nn.Linear(hidden, shape.classes);
    return new nn.Sequential(layers);
  },
};
