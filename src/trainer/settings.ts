/** From what a person chose to the whole configuration of a run. */
import type { RunSettings } from '../protocol/trainer';
import {
  defaultConfig,
  defaultLearningRate,
  defaultWeightDecay,
  type RunConfig,
  runConfigSchema,
  TrainingError,
} from '../training';

/**
 * Fills in the defaults, those that depend on the optimizer too.
 * @throws TrainingError that names the setting which makes no sense
 */
export function completeSettings(settings: RunSettings): RunConfig {
  const config = { ...defaultConfig, ...settings };
  const optimizer = runConfigSchema.shape.optimizer.safeParse(config.optimizer);
  if (optimizer.success) {
    config.lr =
      settings.lr ?? defaultLearningRate(optimizer.data, settings.momentum ?? defaultConfig.momentum);
    config.weightDecay = settings.weightDecay ?? defaultWeightDecay(optimizer.data);
  }
  const { success, data, error } = runConfigSchema.safeParse(config);
  if (success) return data;
  const [issue] = error.issues;
  throw new TrainingError(
    `${issue?.path.join('.') ?? 'the settings'}: ${issue?.message ?? 'cannot be used'}`,
  );
}
