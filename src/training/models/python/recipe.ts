/** From how a Python file trains to the settings of a run. */
import path from 'node:path';
import { planTransforms } from '../../../data/transforms/plan';
import { TransformError } from '../../../data/transforms/transform-error';
import { type OptimizerName, optimizerNames, type SchedulerName } from '../../../protocol/choices';
import type { Made, Recipe, Setting } from '../../../python';
import { TrainingError } from '../../errors';
import type { PresetDefaults } from '../preset';
import { failure } from './failure';
import { nameOfSchedule, scheduleOf } from './schedule';

/** PyTorch's learning rates where a file names none. */
const usualRates: Readonly<Record<string, number>> = {
  adam: 0.001,
  adamw: 0.001,
  adamax: 0.002,
  nadam: 0.002,
  radam: 0.001,
  rmsprop: 0.01,
  adagrad: 0.01,
  adadelta: 1,
};

/** Settings of optimizers that a run has under a name of its own. */
const named = new Set(['lr', 'momentum', 'weight_decay']);

/** What else each optimizer takes. */
const options: Readonly<Record<OptimizerName, readonly string[]>> = {
  sgd: ['dampening', 'nesterov', 'maximize'],
  adam: ['betas', 'eps', 'amsgrad', 'maximize'],
  adamw: ['betas', 'eps', 'amsgrad', 'maximize'],
  adamax: ['betas', 'eps', 'maximize'],
  nadam: ['betas', 'eps', 'momentum_decay'],
  radam: ['betas', 'eps'],
  rmsprop: ['alpha', 'eps', 'centered', 'maximize'],
  adagrad: ['lr_decay', 'initial_accumulator_value', 'eps', 'maximize'],
  adadelta: ['rho', 'eps', 'maximize'],
};

const kinds: Readonly<Record<string, 'boolean' | 'object'>> = {
  nesterov: 'boolean',
  amsgrad: 'boolean',
  centered: 'boolean',
  maximize: 'boolean',
  betas: 'object',
};

function numberOf(made: Made, key: string): number | undefined {
  const value = made.settings[key];
  if (value === undefined) return undefined;
  if (typeof value === 'number') return value;
  throw failure(made, `\`${key}\` of % is not a number`);
}

/** What the file's optimizer comes to. */
function ofOptimizer(made: Made): PresetDefaults {
  const optimizer: OptimizerName | undefined = optimizerNames.find(name => name === made.name.toLowerCase());
  if (optimizer === undefined)
    throw failure(made, `the optimizer % is not one of those that train here: choose one with --optimizer`);
  const [notKnown] = made.notKnown;
  if (notKnown !== undefined)
    throw failure(
      made,
      `\`${notKnown}\` of % is only known while the file runs: choose with --optimizer and --lr`,
    );
  const lr = numberOf(made, 'lr') ?? usualRates[optimizer];
  if (lr === undefined) throw failure(made, 'expected a learning rate for %, found none');
  const others = Object.entries(made.settings).filter(([key]) => !named.has(key));
  const foreign = others.find(([key]) => !options[optimizer].includes(key));
  if (foreign !== undefined)
    throw failure(made, `\`${foreign[0]}\` of % is not taken into account: choose with --optimizer`);
  return {
    optimizer,
    lr,
    momentum: numberOf(made, 'momentum') ?? 0,
    weightDecay: numberOf(made, 'weight_decay') ?? (optimizer === 'adamw' ? 0.01 : 0),
    optimizerOptions: Object.fromEntries(others.flatMap(([key, value]) => optionOf(made, key, value))),
  };
}

function optionOf(made: Made, key: string, value: Setting): [string, number | boolean | number[]][] {
  const expected = kinds[key] ?? 'number';
  if (typeof value === 'string' || typeof value !== expected)
    throw failure(made, `expected another kind of value for \`${key}\` of %`);
  return [[key, typeof value === 'object' ? [...value] : value]];
}

/** What a person has chosen instead of what a file says. */
export interface Chosen {
  readonly optimizer?: OptimizerName | undefined;
  readonly scheduler?: SchedulerName | undefined;
}

/** The settings of a run that a file gives. */
export function settingsOf(
  { optimizer: inFile, scheduler, batchSize, epochs, loss }: Recipe,
  chosen: Chosen = {},
): PresetDefaults {
  const same = chosen.optimizer === undefined || chosen.optimizer === inFile?.name.toLowerCase();
  const optimizer = same ? inFile : undefined;
  const follows = chosen.scheduler === undefined || chosen.scheduler === nameOfSchedule(scheduler?.name);
  const smoothing = loss?.settings['label_smoothing'];
  return {
    ...(optimizer && ofOptimizer(optimizer)),
    ...(optimizer && scheduler && follows && scheduleOf(scheduler, epochs)),
    ...(batchSize !== undefined && batchSize > 0 && { batchSize }),
    ...(epochs !== undefined && { epochs }),
    ...(typeof smoothing === 'number' && { labelSmoothing: smoothing }),
  };
}

/** `Normalize` with the same numbers for each channel, with one for all: so that it is for grey images, too. */
function forAnyChannels(text: string): string {
  if (!text.startsWith('Normalize(')) return text;
  return text.replace(/\[([^,\]]+)(?:, \1)+\]/g, '[$1]');
}

/**
 * What the file has its training images go through, so that a checkpoint is of images as the file sees them.
 * @throws TrainingError for a transform that is not known here
 */
export function transformsOf({ transforms }: Recipe): string[] | undefined {
  if (transforms === undefined) return undefined;
  const { place, notKnown } = transforms;
  const refused = (what: string) =>
    new TrainingError(
      `${path.basename(place.uri)}:${place.line}: ${what}; choose transforms with --transform`,
    );
  if (notKnown !== undefined) throw refused(`the transform ${notKnown} is not one that can be followed`);
  const texts = transforms.texts.filter(text => text !== 'ToTensor()').map(forAnyChannels);
  try {
    planTransforms(texts);
  } catch (error) {
    if (error instanceof TransformError) throw refused(error.message);
    throw error;
  }
  return texts.length === 0 ? undefined : texts;
}
