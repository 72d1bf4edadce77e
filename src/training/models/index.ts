/** The model presets by name, and the model of a run. */
import path from 'node:path';
import { openDataset } from '../../data/find';
import type { ImageData } from '../../data/image-data';
import type { DataOptions } from '../../data/options';
import { selectClasses } from '../../data/select-classes';
import type { nn } from '../../engine';
import { type ModelName, pythonModel } from '../../protocol/choices';
import type { RunConfig } from '../config';
import { TrainingError } from '../errors';
import { classification, type Task } from '../tasks';
import { cnn } from './cnn';
import { lenet } from './lenet';
import { linear } from './linear';
import { mnistMlp } from './mnist-mlp';
import { notesMlp } from './notes-mlp';
import type { NetworkShape, Preset } from './preset';
import { pythonPreset } from './python/preset';
import { threeSeven } from './three-seven';

/** The model presets. */
export const presets: Readonly<Record<ModelName, Preset>> = {
  'mnist-mlp': mnistMlp,
  'notes-mlp': notesMlp,
  linear,
  'three-seven': threeSeven,
  cnn,
  lenet,
};

/** What says which model a run has; optimizer and schedule where a person has chosen them. */
type ModelChoice = Pick<RunConfig, 'model'> & Partial<Pick<RunConfig, 'python' | 'optimizer' | 'scheduler'>>;

/** What the model of a run is made by: a preset, or a module of a Python file. */
export function presetOf({ model, python, optimizer, scheduler }: ModelChoice): Preset {
  if (model !== pythonModel) return presets[model];
  if (python == null) throw new TrainingError('expected the Python file of the model, found none');
  return pythonPreset(python, { optimizer, scheduler });
}

/** What a person calls the model of a run: the name of its preset, or its class and file. */
export function nameOf({ model, python }: Pick<RunConfig, 'model' | 'python'>): string {
  return python === null ? model : `${python.name} (${path.basename(python.file)})`;
}

/** Half of what one array holds at most; a gradient and the state of an optimizer come on top of it. */
const maxParameters = 2 ** 28;

/** A network and how to name it to a person. */
export interface Model {
  readonly network: nn.Module;
  /** Such as `mnist-mlp 784-256-10`. */
  readonly description: string;
  readonly parameters: number;
  readonly task: Task;
}

/**
 * Checks that the preset takes what is asked of it.
 * @throws TrainingError that says what it takes
 */
export function checkModel(config: RunConfig): void {
  const { hidden, dropout, labelSmoothing } = config;
  const { hiddenLayers, takesDropout, task = classification } = presetOf(config);
  const model = nameOf(config);
  if (hiddenLayers !== 'any' && hidden.length !== hiddenLayers) {
    const takes = hiddenLayers === 0 ? 'no sizes' : `${hiddenLayers} sizes`;
    const found = hidden.length === 0 ? 'none' : hidden.join();
    throw new TrainingError(`the model ${model} takes ${takes} of hidden layers, found ${found}`);
  }
  if (dropout > 0 && (!takesDropout || (hiddenLayers === 'any' && hidden.length === 0))) {
    throw new TrainingError(
      `the model ${[model, ...(takesDropout ? ['without hidden layers'] : [])].join(' ')} has no layer for dropout; set it to 0`,
    );
  }
  if (labelSmoothing > 0 && !task.smooths) {
    throw new TrainingError(`the loss of the model ${model} knows no label smoothing; set it to 0`);
  }
}

/** The dimension of a model's weights that counts the units they lead into. */
export const unitDimOf = (config: RunConfig): number => presetOf(config).unitDim ?? 0;

/** Builds the model of a run with fresh weights from the default generator. */
export function buildModel(config: RunConfig, sample: readonly number[], classes: number): Model {
  checkModel(config);
  const { sizes, build, task = classification, taskOf, remark } = presetOf(config);
  const shape: NetworkShape = { sample, classes, hidden: config.hidden, dropout: config.dropout };
  const layers = sizes(shape);
  const description = [nameOf(config), layers.join('-')].join(' ').trimEnd();
  const weights = layers.slice(1).reduce((sum, size, i) => sum + size * (layers[i] ?? 0), 0);
  if (weights > maxParameters) {
    throw new TrainingError(
      `the model ${description} is too large: it has ${weights.toLocaleString('en-US')} weights, ` +
        `at most ${maxParameters.toLocaleString('en-US')} are possible; use smaller hidden layers`,
    );
  }
  const network = build(shape);
  const parameters = network.parameters().reduce((sum, parameter) => sum + parameter.numel(), 0);
  const own = taskOf?.(network, classes) ?? task;
  if (config.labelSmoothing > 0 && !own.smooths) {
    throw new TrainingError(`the loss of the model ${description} knows no label smoothing; set it to 0`);
  }
  const described = [description, ...(remark ? [remark(network)] : [])].join(' ').trimEnd();
  return { network, description: described, parameters, task: own };
}

/** Opens the data that a model is trained on: of some models only the classes that they tell apart. */
export async function openData(
  model: ModelChoice,
  folder: string | undefined,
  options: DataOptions = {},
): Promise<ImageData> {
  const data = await openDataset(folder, options);
  const { classes } = presetOf(model);
  return classes === undefined ? data : selectClasses(data, classes);
}
