/** From what a person chose to all settings of a run: what they left open is what suits the model and the optimizer. */
import {
  defaultConfig,
  defaultLearningRate,
  defaultMomentum,
  defaultWeightDecay,
  type RunConfig,
} from './config';
import { TrainingError } from './errors';
import { checkModel, presets } from './models';

/** What a person chose for a run. */
export type RunChoices = { readonly [Name in keyof RunConfig]?: RunConfig[Name] | undefined };

/** The choices that were made, without those that are explicitly undefined. */
function made(choices: RunChoices): Partial<RunConfig> {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
}

/**
 * Fills in the defaults.
 * @throws TrainingError where the model does not take what was chosen
 */
export function completeConfig(choices: RunChoices): RunConfig {
  const { hidden, defaults } = presets[choices.model ?? defaultConfig.model];
  const optimizer = choices.optimizer ?? defaults.optimizer ?? defaultConfig.optimizer;
  const momentum = choices.momentum ?? defaultMomentum(optimizer);
  // What suits a model suits it with its own optimizer.
  const own = optimizer === (defaults.optimizer ?? defaultConfig.optimizer) ? defaults : {};
  if (momentum > 0 && optimizer !== 'sgd') {
    throw new TrainingError(`a momentum is for sgd, found one for ${optimizer}, which has its own`);
  }
  const config = {
    ...defaultConfig,
    ...defaults,
    hidden: [...hidden],
    momentum,
    lr: own.lr ?? defaultLearningRate(optimizer, momentum),
    weightDecay: own.weightDecay ?? defaultWeightDecay(optimizer),
    ...made(choices),
  };
  checkModel(config);
  return config;
}
