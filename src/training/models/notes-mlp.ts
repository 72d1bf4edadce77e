/** `notes-mlp`: the five layers `fc0` to `fc4` of lecture notes, normalised over the batch, with dropout. */
import { nn } from '../../engine';
import { usualTraining } from '../../protocol/choices';
import { featuresOf, type NetworkShape, type Preset } from './preset';

const sizes = (shape: NetworkShape) => [featuresOf(shape), ...shape.hidden, shape.classes];

/** Flatten, then four times Linear, BatchNorm, ReLU and Dropout, then Linear to one score for each class. */
export const notesMlp: Preset = {
  hidden: [512, 256, 128, 64],
  hiddenLayers: 4,
  takesDropout: true,
  defaults: {
    ...usualTraining['notes-mlp'],
    dropout: 0.3,
    optimizer: 'adam',
    lr: 0.005,
    scheduler: 'onecycle',
  },
  sizes,
  build(shape) {
    const layers: Record<string, nn.Module> = { flatten: new nn.Flatten() };
    const all = sizes(shape);
    shape.hidden.forEach((size, i) => {
      layers[`fc${i}`] = new nn.Linear(all[i] ?? 0, size);
      layers[`bn${i}`] = new nn.BatchNorm1d(size);
      layers[`relu${i}`] = new nn.ReLU();
      if (shape.dropout > 0) layers[`dropout${i}`] = new nn.Dropout(shape.dropout);
    });
    layers[`fc${shape.hidden.length}`] = new nn.Linear(all.at(-2) ?? 0, shape.classes);
    return new nn.Sequential(layers);
  },
};
