/** `linear`: one fully connected layer and nothing else, softmax regression. */
import { nn } from '../../engine';
import { featuresOf, type NetworkShape, type Preset } from './preset';

/** Flatten, then Linear `fc` to one score for each class. */
export const linear: Preset = {
  hidden: [],
  hiddenLayers: 0,
  takesDropout: false,
  defaults: {},
  sizes: (shape: NetworkShape) => [featuresOf(shape), shape.classes],
  build: shape =>
    new nn.Sequential({ flatten: new nn.Flatten(), fc: new nn.Linear(featuresOf(shape), shape.classes) }),
};
