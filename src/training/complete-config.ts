/** From what a person chose to all settings of a run: what they left open is what suits the model and the optimizer. */
import { readOptions } from '../data/descent-json';
import { type OptimizerName, pythonModel, type SchedulerName, usualLearningRates } from '../protocol/choices';
import { defaultConfig, type RunConfig } from './config';
import { TrainingError } from './errors';
import { checkModel, presetOf } from './models';
import type { Preset } from './models/preset';
import { type PythonChoice, takePython } from './models/python/source';

/** What a person chose for a run. */
export type RunChoices = {
  readonly [Name in Exclude<keyof RunConfig, 'python'>]?: RunConfig[Name] | undefined;
} & { readonly python?: PythonChoice | null | undefined };

/** The choices that were made, without those that are explicitly undefined. */
function made({ python: _, ...choices }: RunChoices): Partial<RunConfig> {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
}

/** How data is read: what a person chose, now or beside the data, comes before what a Python file says. */
function dataOf({ data = {}, dataset, python }: RunChoices, preset: Preset): RunConfig['data'] {
  if (python == null || data.transforms !== undefined) return data;
  if (dataset != null && readOptions(dataset).transforms !== undefined) return data;
  const { transforms } = preset;
  return transforms === undefined ? data : { ...data, transforms: [...transforms] };
}

/** The optimizers that have a momentum to choose. */
const withMomentum: ReadonlySet<OptimizerName> = new Set(['sgd', 'rmsprop']);

/**
 * A learning rate that suits the optimizer. With momentum each gradient of sgd acts 1 / (1 − momentum) times in all, so
 * that much smaller a rate goes equally far.
 */
function suitableRate(optimizer: OptimizerName, momentum: number): number {
  return optimizer === 'sgd' ? Number((0.5 * (1 - momentum)).toPrecision(6)) : usualLearningRates[optimizer];
}

/** What the learning rate is multiplied by where nobody says. */
const usualGammas: Partial<Record<SchedulerName, number>> = {
  step: 0.1,
  multistep: 0.1,
  exponential: 0.9,
  plateau: 0.1,
};

/** The settings of a schedule, and the schedules that have them. */
const scheduleSettings = [
  ['gamma', 'a factor of the learning rate', ['step', 'multistep', 'exponential', 'plateau']],
  ['stepSize', 'a step size', ['step']],
  ['schedulerPatience', 'a patience of the schedule', ['plateau']],
] as const satisfies readonly (readonly [keyof RunConfig, string, readonly SchedulerName[]])[];

/**
 * Checks that the choices go together.
 * @throws TrainingError that says what does not
 */
function checkChoices(
  choices: RunChoices,
  { optimizer, momentum, scheduler, gamma, patience }: RunConfig,
): void {
  if (momentum > 0 && !withMomentum.has(optimizer)) {
    throw new TrainingError(`a momentum is for sgd and rmsprop, found one for ${optimizer}`);
  }
  for (const [name, what, schedulers] of scheduleSettings) {
    if ((choices[name] ?? null) === null || schedulers.some(known => known === scheduler)) continue;
    const found = scheduler === 'none' ? 'no schedule' : `the schedule ${scheduler}`;
    throw new TrainingError(`${what} is for the schedule ${schedulers.join(', ')}, found ${found}`);
  }
  if (scheduler === 'plateau' && gamma !== null && gamma >= 1) {
    throw new TrainingError(`on a plateau the learning rate is multiplied by less than 1, found ${gamma}`);
  }
  if ((choices.minDelta ?? 0) > 0 && patience === null) {
    throw new TrainingError('a smallest improvement is for early stopping; give a patience too');
  }
}

/**
 * Fills in the defaults.
 * @throws TrainingError where the choices do not go together, or the model does not take them
 */
export function completeConfig(choices: RunChoices): RunConfig {
  const python = choices.python == null ? null : takePython(choices.python);
  const model = python === null ? (choices.model ?? defaultConfig.model) : pythonModel;
  const preset = presetOf({
    model,
    python,
    ...(choices.optimizer && { optimizer: choices.optimizer }),
    ...(choices.scheduler && { scheduler: choices.scheduler }),
  });
  const { hidden, defaults } = preset;
  const optimizer = choices.optimizer ?? defaults.optimizer ?? defaultConfig.optimizer;
  const epochs = choices.epochs ?? defaults.epochs ?? defaultConfig.epochs;
  // What suits a model suits it with its own optimizer.
  const own = optimizer === (defaults.optimizer ?? defaultConfig.optimizer) ? defaults : {};
  const momentum = choices.momentum ?? own.momentum ?? (optimizer === 'sgd' ? defaultConfig.momentum : 0);
  const scheduler = choices.scheduler ?? own.scheduler ?? defaultConfig.scheduler;
  const suited = scheduler === own.scheduler ? own : {};
  const config: RunConfig = {
    ...defaultConfig,
    ...defaults,
    optimizerOptions: own.optimizerOptions ?? {},
    hidden: [...hidden],
    momentum,
    scheduler,
    lr: own.lr ?? suitableRate(optimizer, momentum),
    weightDecay: own.weightDecay ?? (optimizer === 'adamw' ? 0.01 : 0),
    gamma: suited.gamma ?? usualGammas[scheduler] ?? null,
    stepSize: suited.stepSize ?? (scheduler === 'step' ? Math.ceil(epochs / 3) : null),
    schedulerPatience: scheduler === 'plateau' ? (suited.schedulerPatience ?? 2) : null,
    schedulerOptions: suited.schedulerOptions ?? {},
    ...made(choices),
    data: dataOf(choices, preset),
    model,
    python,
  };
  checkChoices(choices, config);
  checkModel(config);
  return config;
}
