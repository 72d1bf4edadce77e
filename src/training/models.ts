/** The model presets: a network for the shape of the data and the number of classes. */
import { nn } from '../engine';
import type { RunConfig } from './config';
import { TrainingError } from './errors';

/** Half of what one array holds at most; a gradient and the state of an optimizer come on top of it. */
const maxParameters = 2 ** 28;

/** A network and how to name it to a person. */
export interface Model {
  readonly network: nn.Module;
  /** Such as `mnist-mlp 784-256-10`. */
  readonly description: string;
  readonly parameters: number;
}

/** Flatten, then Linear `fc1` and ReLU for each hidden layer, then Linear to one score for each class. */
function multilayerPerceptron(sizes: readonly number[]): nn.Module {
  const layers: Record<string, nn.Module> = { flatten: new nn.Flatten() };
  sizes.slice(1).forEach((size, i) => {
    if (i > 0) layers[`relu${i}`] = new nn.ReLU();
    layers[`fc${i + 1}`] = new nn.Linear(sizes[i] ?? 0, size);
  });
  return new nn.Sequential(layers);
}

/** Builds the model of a run with fresh weights from the default generator. */
export function buildModel(config: RunConfig, sampleShape: readonly number[], classes: number): Model {
  const features = sampleShape.reduce((product, size) => product * size, 1);
  const sizes = [features, ...config.hidden, classes];
  const description = `${config.model} ${sizes.join('-')}`;
  const parameters = sizes.slice(1).reduce((sum, size, i) => sum + size * ((sizes[i] ?? 0) + 1), 0);
  if (parameters > maxParameters) {
    throw new TrainingError(
      `the model ${description} is too large: it has ${parameters.toLocaleString('en-US')} parameters, ` +
        `at most ${maxParameters.toLocaleString('en-US')} are possible; use smaller hidden layers`,
    );
  }
  return { network: multilayerPerceptron(sizes), description, parameters };
}
