/** `mnist-mlp`: fully connected layers with ReLU between them, as many and as large as one likes. */
import { nn } from '../../engine';
import { featuresOf, type NetworkShape, type Preset } from './preset';

const sizes = (shape: NetworkShape) => [featuresOf(shape), ...shape.hidden, shape.classes];

/** Flatten, then Linear `fc1` and ReLU (and Dropout) for each hidden layer, then Linear to one score for each class. */
export const mnistMlp: Preset = {
  hidden: [256],
  hiddenLayers: 'any',
  takesDropout: true,
  defaults: {},
  sizes,
  build(shape) {
    const layers: Record<string, nn.Module> = { flatten: new nn.Flatten() };
    const all = sizes(shape);
    all.slice(1).forEach((size, i) => {
      if (i > 0) layers[`relu${i}`] = new nn.ReLU();
      if (i > 0 && shape.dropout > 0) layers[`dropout${i}`] = new nn.Dropout(shape.dropout);
      layers[`fc${i + 1}`] = new nn.Linear(all[i] ?? 0, size);
    });
    return new nn.Sequential(layers);
  },
};
